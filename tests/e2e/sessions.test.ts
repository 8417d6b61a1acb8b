import { connectAsync, type MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatherFaults, hasBrowser, launchBrowser, openPage, signInLink, whyNoBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { createTestStation, type TestStation } from '../support/station.ts';

/** An operator sees in a browser who is signed in, and ends a wall and an integration: both are out, also after a crash. */

const releases: (() => Promise<unknown> | unknown)[] = [];
const faults: string[] = [];
let station: TestStation;
let browser: Browser;
let operator: Page;
let wall: Page;
let integration: MqttClient;
let token: string;

const rows = (page: Page): Promise<string[]> => page.locator('.access-row').allInnerTexts();

const connectIntegration = (): Promise<MqttClient> =>
  connectAsync(station.addresses().mqtt, { username: 'token', password: token, reconnectPeriod: 0 }, false);

const end = async (name: string): Promise<void> => {
  await operator
    .getByRole('button', { name: `End: ${name}` })
    .last()
    .click();
  await operator.locator('dialog').getByRole('button', { name: 'End', exact: true }).click();
  await operator.getByText('Ended: 1').waitFor();
};

describe.skipIf(!hasBrowser)(`who is signed in${whyNoBrowser}`, () => {
  beforeAll(async () => {
    const database = await createTestDatabase();
    releases.push(database.drop);
    station = await createTestStation({ databaseUrl: database.url });
    releases.push(station.dispose);
    await station.start();
    browser = await launchBrowser();
    releases.push(() => browser.close());
    wall = await openPage({ browser, station, role: 'viewer' }, []);
    token = await station.token('integration');
    integration = await connectIntegration();
    releases.push(() => integration.end(true));
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'en' });
    operator = await context.newPage();
    gatherFaults(operator, faults);
    await operator.goto(await signInLink(station, 'operator'));
    await operator.goto(`${station.addresses().http}/sessions`);
  });

  afterAll(async () => {
    for (const release of releases.splice(0).reverse()) await release();
  });

  test('is listed, with the way in, the address and what is open', async () => {
    await operator.locator('.access-row').nth(2).waitFor();
    const listed = await rows(operator);
    expect(listed).toHaveLength(3);
    expect(listed.filter((row) => row.includes('this browser'))).toHaveLength(1);
    expect(listed.join()).toMatch(/Program, by MQTT, from .*127\.0\.0\.1/);
    expect(listed.join()).toContain('open now: 1');
    // A phone shows all of it without a scroll to the side.
    expect(await operator.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });

  test('a wall that is ended asks to be signed in, within seconds', async () => {
    await end('wall');
    await wall.locator('form.sign-in').waitFor({ timeout: 10_000 });
    await eventually(async () => expect(await rows(operator)).toHaveLength(2));
  });

  test('an integration that is ended is cut off', async () => {
    const closed = new Promise<void>((resolve) => integration.once('close', () => resolve()));
    await end('test');
    await closed;
    await expect(connectIntegration()).rejects.toThrow();
    expect(faults).toEqual([]);
  });

  test('after a crash of the station they are out all the same, and the operator is not', async () => {
    await station.kill();
    await station.start();
    await expect(connectIntegration()).rejects.toThrow();
    await wall.reload();
    await wall.locator('form.sign-in').waitFor();
    await operator.goto(`${station.addresses().http}/sessions`);
    await operator.locator('.access-row').first().waitFor();
  });

  test('who signs out is out, with the other tab of the browser', async () => {
    const other = await operator.context().newPage();
    await other.goto(`${station.addresses().http}/wall`);
    await operator.getByRole('button', { name: 'Sign out here' }).click();
    await operator.locator('dialog').getByRole('button', { name: 'Sign out here' }).click();
    await operator.locator('form.sign-in').waitFor();
    await other.locator('form.sign-in').waitFor();
  });
});
