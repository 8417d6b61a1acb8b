import { connectAsync, type MqttClient } from 'mqtt';
import { expect, test } from 'vitest';
import { verifySubject } from '../../review/verify.ts';
import { hasBrowser, launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { openScreen, type TestScreen } from '../support/screen.ts';
import { createTestStation, type TestStation } from '../support/station.ts';

/**
 * A monitor, a ventilator and an oximeter at one bed, through the broker to the database and the screens. Each fails in
 * turn; all that was acknowledged is stored, and what was decided can be recomputed.
 */

const releases = releaseAfterEach();

const MEASURES = {
  monitor: { 'heart-rate': 72, spo2: 97, 'respiratory-rate': 15 },
  ventilator: { 'respiratory-rate': 14 },
  oximeter: { spo2: 96, 'pulse-rate': 71 },
} as const;
type Role = keyof typeof MEASURES;
const ROLES = Object.keys(MEASURES) as Role[];

const EVERY_MS = 500;

const askOf =
  (station: TestStation, token: string) =>
  async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const url = `${station.addresses().http}/api/v1/${path}`;
    const response = await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
    return response.json();
  };

/** A device that sends until it is stopped. `acknowledged` counts its messages that the station has. */
const createSender = async (mqtt: string, role: Role, secret: string) => {
  let client: MqttClient | undefined;
  let acknowledged = 0;
  let timer: NodeJS.Timeout | undefined;
  const sender = {
    acknowledged: () => acknowledged,
    async start() {
      client = await connectAsync(mqtt, { username: role, password: secret, clientId: role, reconnectPeriod: 0 });
      timer = setInterval(() => {
        const message = JSON.stringify({ time: Date.now(), vitals: MEASURES[role] });
        client?.publish(`ward/v1/icu/${role}/vitals`, message, { qos: 1 }, (error) => {
          if (!error) acknowledged++;
        });
      }, EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
      await client?.endAsync();
      client = undefined;
    },
  };
  releases.push(sender.stop);
  return sender;
};

/** Which device each vital of the bed came from last, as a screen is told. */
const sourcesOn = (screen: TestScreen): Record<string, string | undefined> => {
  const sources: Record<string, string | undefined> = {};
  for (const frame of screen.frames) {
    const vitals = frame.type === 'vitals' ? frame.beds['icu-1'] : undefined;
    for (const [id, latest] of Object.entries(vitals ?? {})) sources[id] = latest.source;
  }
  return sources;
};

test.skipIf(!hasBrowser)(`each of three devices at a bed fails in turn${whyNoBrowser}`, async () => {
  const database = await createTestDatabase();
  releases.push(database.drop);
  const station = await createTestStation({ databaseUrl: database.url });
  releases.push(station.dispose);
  const { mqtt } = await station.start();
  const beganAt = Date.now();
  const ask = askOf(station, await station.token('operator'));
  await ask('PUT', 'units/icu', { name: 'Intensive care' });
  for (const bed of ['icu-1', 'icu-2']) await ask('PUT', `beds/${bed}`, { unit: 'icu', label: bed });
  const senders = new Map<Role, Awaited<ReturnType<typeof createSender>>>();
  for (const role of ROLES) {
    const { secret } = (await ask('POST', 'devices', { id: role, unit: 'icu', bed: 'icu-1', role })) as {
      secret: string;
    };
    senders.set(role, await createSender(mqtt, role, secret));
  }
  const { id: patient } = (await ask('POST', 'patients', { name: 'Ada' })) as { id: number };
  const stay = (await ask('POST', 'encounters', { patient, bed: 'icu-1' })) as { id: number };
  const screen = await openScreen(station, { units: ['icu'] });
  releases.push(async () => screen.close());
  for (const role of ROLES) await senders.get(role)?.start();

  const come = (expected: object): Promise<void> =>
    eventually(() => expect(sourcesOn(screen)).toMatchObject(expected), { withinMs: 20_000 });
  await come({ 'heart-rate': 'monitor', spo2: 'monitor', 'respiratory-rate': 'ventilator', 'pulse-rate': 'oximeter' });

  const browser = await launchBrowser();
  releases.push(() => browser.close());
  const faults: string[] = [];
  const page = await openPage({ browser, station }, faults);
  await page.goto(`${station.addresses().http}/beds/icu-1`);
  const respiration = page.locator('.bed-cell-respiratory-rate');
  await respiration.getByText('ventilator').waitFor();
  await page.locator('.bed-devices li', { hasText: 'monitor' }).getByText('RR 15').waitFor();

  await senders.get('monitor')?.stop();
  await come({ spo2: 'oximeter', 'respiratory-rate': 'ventilator' });
  await senders.get('ventilator')?.stop();
  await senders.get('monitor')?.start();
  await come({ spo2: 'monitor', 'respiratory-rate': 'monitor' });
  await respiration.getByText('monitor').waitFor();
  await senders.get('ventilator')?.start();
  await come({ 'respiratory-rate': 'ventilator' });

  const moved = (await ask('POST', `encounters/${stay.id}/transfer`, {
    bed: 'icu-2',
    devices: ['monitor', 'ventilator'],
  })) as { bed: string };
  expect(moved.bed).toBe('icu-2');
  await eventually(() =>
    expect(
      screen.frames.some(
        (frame) => frame.type === 'vitals' && frame.beds['icu-2']?.['respiratory-rate']?.source === 'ventilator',
      ),
    ).toBe(true),
  );
  for (const role of ROLES) await senders.get(role)?.stop();
  expect(faults).toEqual([]);

  // Of every message that was acknowledged each reading is stored, whichever device was the source.
  await eventually(async () => {
    const { rows } = await database.pool.query<{ device: string; messages: number }>(
      'select device, count(distinct time)::int as messages from readings group by device',
    );
    const stored = new Map(rows.map(({ device, messages }) => [device, messages]));
    for (const role of ROLES) expect(stored.get(role)).toBe(senders.get(role)?.acknowledged());
  });
  await eventually(
    async () => {
      const verdict = await verifySubject(database.pool, 'icu-1', { fromMs: beganAt, toMs: Date.now() });
      expect(verdict).toMatchObject({ differences: [] });
      expect(verdict.announced).toBeGreaterThan(0);
    },
    { withinMs: 20_000 },
  );
  const { rows: inputs } = await database.pool.query<{ vital: string; device: string }>(
    `select input ->> 'vital' as vital, input ->> 'device' as device from alarm_inputs where type = 'source' order by at`,
  );
  expect(inputs).toContainEqual({ vital: 'spo2', device: 'oximeter' });
  expect(inputs).toContainEqual({ vital: 'respiratory-rate', device: 'monitor' });
});
