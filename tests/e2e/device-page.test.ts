import { connectAsync, type MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { gatherFaults, hasBrowser, launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { createTestStation, type TestStation } from '../support/station.ts';

/** A device is added in the browser, connects with what is shown there, and its page tells what it sends and how often. */

const releases: (() => Promise<unknown> | unknown)[] = [];
const faults: string[] = [];
let station: TestStation;
let browser: Browser;
let page: Page;
let client: MqttClient;

const Secret = z.looseObject({ secret: z.string() });

const ask = async (method: 'PUT' | 'POST', path: string, body: object): Promise<unknown> => {
  const authorization = `Bearer ${await station.token('operator')}`;
  const response = await fetch(`${station.addresses().http}/api/v1/${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.ok).toBe(true);
  return response.json();
};

const send = (message: object | string, qos: 0 | 1 = 1): Promise<unknown> =>
  client.publishAsync('ward/v1/icu/m-1/vitals', typeof message === 'string' ? message : JSON.stringify(message), {
    qos,
  });

/** How many lines the plot of the rhythm has. */
const stems = async (): Promise<number> =>
  ((await page.locator('.admin-device-stems').getAttribute('d')) ?? '').split('M').length - 1;

const fates = (): Promise<string[]> => page.locator('.admin-device-what').allInnerTexts();

describe.skipIf(!hasBrowser)(`the page of a device${whyNoBrowser}`, () => {
  beforeAll(async () => {
    const database = await createTestDatabase();
    releases.push(database.drop);
    station = await createTestStation({ databaseUrl: database.url });
    releases.push(station.dispose);
    await station.start();
    await ask('PUT', 'units/icu', { name: 'Intensive care' });
    await ask('PUT', 'beds/icu-01', { unit: 'icu', label: 'ICU 1' });
    browser = await launchBrowser();
    releases.push(() => browser.close());
    page = await openPage({ browser, station, role: 'operator', width: 1_366, height: 768 }, faults);
    gatherFaults(page, faults);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  });

  afterAll(async () => {
    for (const release of releases.splice(0).reverse()) await release();
  });

  test('a device that is added is shown its connection, to be copied, as a QR code and in recipes', async () => {
    await page.goto(`${station.addresses().http}/admin?section=devices`);
    await page.getByRole('button', { name: 'Add a device' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Id', { exact: false }).first().fill('m-1');
    await dialog.getByLabel('Bed').first().selectOption('icu-01');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('button', { name: 'Copy: Secret' }).click();
    const secret = await page.evaluate(() => navigator.clipboard.readText());
    expect(secret.length).toBeGreaterThan(20);
    expect(await dialog.getByText('Copied: Secret').count()).toBe(1);
    for (const [name, value] of [
      ['URL', station.addresses().mqtt],
      ['User name', 'm-1'],
      ['Topic of its vitals', 'ward/v1/icu/m-1/vitals'],
    ]) {
      await dialog.getByRole('button', { name: `Copy: ${name}` }).click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(value);
    }
    expect(await dialog.locator('.admin-qr path').getAttribute('d')).toMatch(/^(M\d+ \d+h1v1h-1z){200,}$/);
    const port = new URL(station.addresses().mqtt).port;
    for (const recipe of ['Telegraf', 'ESP32 (ESP-IDF)', 'Python (paho-mqtt 2)']) {
      await dialog.getByLabel('Ready recipes').selectOption({ label: recipe });
      const text = await dialog.locator('pre').textContent();
      for (const part of [port, secret, 'ward/v1/icu/m-1/vitals']) expect(text, recipe).toContain(part);
    }
    // What is shown is enough to connect.
    client = await connectAsync(`mqtt://127.0.0.1:${port}`, { username: 'm-1', password: secret });
    releases.push(() => client.endAsync(true));
    await dialog.getByRole('button', { name: 'I have entered or printed it' }).click();
    await page.getByRole('link', { name: 'Look at device m-1' }).click();
    await page.getByRole('heading', { name: 'Device m-1' }).waitFor();
    expect(await page.locator('main').textContent()).not.toContain(secret);
  });

  test('each message is told with what was taken of it, and what was refused and why', async () => {
    await page.getByText('Nothing came yet.').waitFor();
    await send({
      time: Date.now(),
      boot: 'b1',
      seq: 1,
      vitals: { 'heart-rate': 72, temperature: { value: 98.6, unit: '[degF]' } },
    });
    await send({
      time: Date.now(),
      boot: 'b1',
      seq: 2,
      vitals: { spo2: 97, 'nibp-systolic': { value: 120, unit: 'mmhgs' } },
    });
    await send('{"vitals":', 0);
    await eventually(async () => expect(await fates()).toHaveLength(3));
    const [broken, partly, whole] = await fates();
    expect(whole).toContain('2 vitals taken');
    expect(whole).toContain('Heart rate 72 /min · Temperature 37 Cel');
    expect(partly).toContain('1 vital taken, 1 refused');
    expect(partly).toMatch(/unit not understood \(nibp-systolic: mmhgs/);
    expect(broken).toContain('neither JSON nor CBOR');
    expect(await page.locator('.admin-device-fates').textContent()).toContain('QoS 0');
  });

  test('its rhythm is drawn, with what is missing and where it began anew', async () => {
    for (const [boot, seq] of [
      ['b1', 3],
      ['b1', 7],
      ['b2', 0],
      ['b2', 1],
    ] as const) {
      await send({ time: Date.now(), boot, seq, vitals: { 'heart-rate': 70 + seq } });
    }
    await eventually(async () => expect(await stems()).toBeGreaterThanOrEqual(6));
    const text = await page.locator('.admin-device-rhythm').textContent();
    expect(text).toContain('messages missing: 3');
    expect(text).toContain('began anew: 1');
    await eventually(async () => {
      const main = await page.locator('main').textContent();
      expect(main).toContain('b2, message 1');
      expect(main).toContain('Missing messages');
    });
  });

  test('a message is told while the page is paused, by number alone, and to an operator alone', async () => {
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    const before = await fates();
    await send({ time: Date.now(), vitals: { 'heart-rate': 75 } });
    await page.getByText('Paused; 1 came since.').waitFor();
    expect(await fates()).toEqual(before);
    const viewer = await openPage({ browser, station, role: 'viewer' }, faults);
    await viewer.goto(`${station.addresses().http}/devices/m-1`);
    await viewer.getByText('sign in as an operator to see what the device sends').waitFor();
    expect(await viewer.getByRole('button', { name: 'New secret' }).count()).toBe(0);
    await viewer.context().close();
  });

  test('a device that was never heard says so, and one that tells that it sends seldom has that confirmed', async () => {
    const { secret } = Secret.parse(await ask('POST', 'devices', { id: 'm-2', unit: 'icu' }));
    await page.goto(`${station.addresses().http}/devices/m-2`);
    await page.getByText('It was not heard since the station started.').waitFor();
    await page.getByText('At no bed').waitFor();
    const seldom = await connectAsync(station.addresses().mqtt, { username: 'm-2', password: secret });
    releases.push(() => seldom.endAsync(true));
    const status = JSON.stringify({ state: 'online', battery: 80, interval: 60 });
    await seldom.publishAsync('ward/v1/icu/m-2/status', status, { qos: 1 });
    await page.getByRole('button', { name: 'Confirm 60 s' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm 60 s' }).click();
    await page.getByText('set: every 60 s').waitFor();
    await page.getByText('told by it: every 60 s').waitFor();
    expect(await page.getByRole('button', { name: 'Confirm 60 s' }).count()).toBe(0);
    expect(await page.locator('.admin-device-facts').first().textContent()).toContain('80%');
  });

  test('a device that nobody registered is not on record', async () => {
    await page.goto(`${station.addresses().http}/devices/nobody`);
    await page.getByText('There is no device nobody on record.').waitFor();
    expect(faults).toEqual([]);
  });

  test('with the station away what was known is marked as old, and is current again once it is back', async () => {
    await page.goto(`${station.addresses().http}/devices/m-1`);
    await eventually(async () => expect(await stems()).toBeGreaterThan(0));
    station.freeze();
    releases.push(station.thaw);
    await page.getByText('LINK LOST').first().waitFor({ timeout: 30_000 });
    expect(await page.locator('.admin-heard').first().textContent()).toBe('State not known');
    await station.kill();
    await page.locator('.admin-device-old').waitFor({ timeout: 60_000 });
    expect(await page.locator('main').textContent()).toContain('This is as it was at');
    await page.getByText('What comes meanwhile is not told here').waitFor();
    await station.start();
    await eventually(async () => expect(await page.locator('.admin-device-old').count()).toBe(0));
  });
});
