import { expect, test } from 'vitest';
import type { VitalId } from '#domain/vitals.ts';
import type { Deliver } from '../../simulators/device-client.ts';
import { createFaults } from '../../simulators/faults.ts';
import { createRandom, type Random } from '../../simulators/random.ts';
import {
  auditByVerify,
  auditChannel,
  auditConditions,
  auditEpisodes,
  notYetStored,
  readStoredEvents,
} from '../support/alarm-audit.ts';
import { watchLive, watchMqtt } from '../support/alarm-channels.ts';
import { createAlarmOperator, PAUSE_MS } from '../support/alarm-operator.ts';
import { createTestBeds } from '../support/beds.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { createFaultyLink } from '../support/faulty-link.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { createTestStation } from '../support/station.ts';

/**
 * Alarms begin, get worse, are acknowledged, paused, latched and end, while the station is killed again and again: none
 * is lost and none is announced twice, and what is stored is what was announced.
 */

const releases = releaseAfterEach();

type Values = Partial<Record<VitalId, number | null>>;

/** What each bed has at a time in seconds. Delays are made short by the settings below. */
const SCRIPTS: readonly ((time: number) => Values)[] = [
  // A crisis that comes and goes: latched, and back.
  (time) => ({ 'heart-rate': time % 2.4 < 1.2 ? 30 : 80 }),
  // Low for a while.
  (time) => ({ 'heart-rate': time % 4 < 2.2 ? 45 : 80, 'respiratory-rate': 15 }),
  // Low, worse, and well again.
  (time) => ({ 'heart-rate': time % 5 < 1.5 ? 45 : time % 5 < 3 ? 30 : 80 }),
  (time) => ({ spo2: time % 3 < 1.5 ? 75 : 97, 'heart-rate': 80 }),
  // The sensor falls off.
  (time) => ({ spo2: time % 6 < 3 ? null : 97, 'heart-rate': 80 }),
  // These two never end.
  () => ({ 'heart-rate': 45 }),
  () => ({ 'heart-rate': 30 }),
  () => ({ 'heart-rate': 80, spo2: 97 }),
];

const LOW_DELAY_MS = 500;
const SETTINGS = {
  vitals: {
    'heart-rate': { delayMs: LOW_DELAY_MS, extremeDelayMs: 0, extremeLowDelayMs: 0, extremeReadings: 1 },
    spo2: { delayMs: LOW_DELAY_MS, extremeDelayMs: LOW_DELAY_MS },
  },
  sensorOffDelayMs: 1_000,
  maxPauseMs: PAUSE_MS,
};
const EXPECTED = [
  { vital: 'heart-rate', below: 50, delayMs: LOW_DELAY_MS },
  { vital: 'spo2', below: 90, delayMs: LOW_DELAY_MS },
] as const;

const EVENT_TYPES = [
  'onset',
  'escalated',
  'latched',
  'recurred',
  'acknowledged',
  'ended',
  'inactivated',
  'reactivated',
] as const;

const PUBLISH_EVERY_MS = 100;
const BEDS = SCRIPTS.map((_, index) => `bed-${index + 1}`);

/** The newest few seconds are not judged by a verification. */
const UNJUDGED_MS = 6_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const openWard = async ({
  random,
  through,
}: {
  random: Random;
  through?: (bed: number) => (deliver: Deliver) => Deliver;
}) => {
  const database = await createTestDatabase();
  releases.push(database.drop);
  const databaseLink = await createFaultyLink(database.url);
  releases.push(databaseLink.stop);
  const station = await createTestStation({ databaseUrl: databaseLink.url });
  releases.push(station.dispose);
  await station.start();
  const startedAt = Date.now();
  const deviceLink = await createFaultyLink(station.addresses().mqtt);
  releases.push(deviceLink.stop);
  const beds = await createTestBeds({
    station,
    count: BEDS.length,
    mqttUrl: deviceLink.url,
    ...(through ? { through } : {}),
  });
  releases.push(beds.stop);
  const response = await fetch(`${station.addresses().http}/api/v1/units/icu/alarm-settings/adult`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await station.token('operator')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ overrides: SETTINGS, reason: 'alarms of a test are quick' }),
  });
  expect(response.ok).toBe(true);
  const publishing = setInterval(() => {
    const time = Date.now();
    for (const [index, script] of SCRIPTS.entries()) {
      beds.clients[index]?.publishVitals({ time, vitals: script(time / 1_000) });
    }
  }, PUBLISH_EVERY_MS);
  releases.push(() => clearInterval(publishing));
  const channels = [await watchLive(station, 'icu'), await watchMqtt(station, 'icu')];
  for (const { stop } of channels) releases.push(stop);
  const operator = await createAlarmOperator(station, random.fork('operator'));
  releases.push(operator.pause);
  operator.resume();

  const deaths: number[] = [];
  /** At once, right after an alarm was announced, or right after something was confirmed. */
  const momentToKill = async (): Promise<void> => {
    const sort = deaths.length % 3;
    if (sort === 0) await pause(random.between(0, 1_500));
    const announced = channels[0]?.events.length ?? 0;
    if (sort === 1)
      await eventually(() => expect(channels[0]?.events.length).toBeGreaterThan(announced), { everyMs: 1 });
    if (sort === 2) await new Promise<void>((resolve) => operator.onConfirmed(resolve));
    await pause(random.between(0, 30));
  };
  /** Killed and started again, it has what was confirmed. */
  const kill = async (): Promise<void> => {
    await eventually(() => expect(channels[0]?.watched.at(-1)?.to).toBe(Number.POSITIVE_INFINITY));
    await momentToKill();
    await station.kill();
    deaths.push(Date.now());
    await operator.pause();
    await station.start();
    expect(await operator.broken()).toEqual([]);
    operator.resume();
  };

  /** Everything that can happen to an alarm has happened to one; chance decides after how many kills. */
  const expectEverything = async (): Promise<void> => {
    const stored = await readStoredEvents(database.pool);
    const types = new Set(stored.map(({ event }) => event.type));
    for (const type of EVENT_TYPES) expect(types).toContain(type);
    for (const count of Object.values(operator.counts())) expect(count).toBeGreaterThan(0);
  };

  const settle = async (): Promise<void> => {
    await pause(UNJUDGED_MS);
    await operator.pause();
    clearInterval(publishing);
    await beds.drained();
    const acknowledged = new Set(beds.acknowledged().map(({ device, vital, time }) => `${device} ${vital} ${time}`))
      .size;
    await eventually(async () => {
      const { rows } = await database.pool.query('select count(value)::int as stored from vitals');
      expect(rows).toEqual([{ stored: acknowledged }]);
    });
    // What is due by time shortly after the last message.
    await pause(1_000);
  };

  const audit = async (): Promise<void> => {
    await eventually(expectEverything);
    await settle();
    // A busy machine takes its time; what is never stored fails here.
    const stored = await eventually(async () => {
      const now = await readStoredEvents(database.pool);
      for (const channel of channels) expect(notYetStored(now, channel)).toEqual([]);
      return now;
    });
    const { acknowledged } = operator;
    const faults = [...channels.flatMap((channel) => auditChannel(stored, channel)), ...auditEpisodes(stored)];
    for (const expected of EXPECTED) {
      const conditions = await auditConditions(database.pool, deaths, expected);
      expect(conditions.lasted).toBeGreaterThan(20);
      faults.push(...conditions.faults);
    }
    const isAcknowledged = new Set(
      stored.flatMap(({ event }) => (event.type === 'acknowledged' && 'alarm' in event ? [event.alarm.id] : [])),
    );
    for (const id of acknowledged.keys()) if (!isAcknowledged.has(id)) faults.push(`${id} is not acknowledged`);
    const verified = await auditByVerify(database.pool, BEDS, { fromMs: startedAt - 60_000, toMs: Date.now() });
    expect(verified.announced).toBeGreaterThan(stored.length / 4);
    expect([...faults, ...verified.faults]).toEqual([]);
  };

  return { station, databaseLink, deviceLink, kill, audit };
};

test('G2, G5: twenty kill -9: no alarm is lost, none is said twice, what was confirmed stays', async () => {
  const { kill, audit } = await openWard({ random: createRandom(30) });
  for (let kills = 0; kills < 20; kills++) await kill();
  await audit();
});

test('G4: the same with the database away for most of it', async () => {
  const { databaseLink, kill, audit } = await openWard({ random: createRandom(31) });
  await kill();
  databaseLink.down();
  for (let kills = 0; kills < 4; kills++) await kill();
  databaseLink.up();
  await kill();
  databaseLink.freeze();
  await pause(1_500);
  databaseLink.thaw();
  await audit();
});

test('G2: the same with messages twice and out of order, and links that are cut and frozen', async () => {
  const random = createRandom(32);
  const faults = BEDS.map((_, bed) =>
    createFaults({
      rates: { duplicate: 0.1, reorder: 0.1 },
      random: createRandom(bed),
      clock: { now: Date.now },
    }),
  );
  const { deviceLink, kill, audit } = await openWard({
    random,
    through: (bed) => (deliver) => faults[bed]?.through(deliver) ?? deliver,
  });
  for (let round = 0; round < 16; round++) {
    await pause(random.between(50, 600));
    if (random.chance(0.4)) {
      deviceLink.freeze();
      await pause(random.between(100, 1_500));
      if (round % 4 === 3) await kill();
      deviceLink.thaw();
    }
    deviceLink.cut();
    if (round % 4 === 3) await kill();
  }
  for (const fault of faults) fault.settle();
  await audit();
});
