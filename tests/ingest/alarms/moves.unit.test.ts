import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry as Metrics } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { vital } from '#domain/vitals.ts';
import { systemClock } from '#platform/clock.ts';
import type { AlarmRecord } from '../../../ingest/alarm-record.ts';
import { type Alarms, createAlarms } from '../../../ingest/alarms/alarms.ts';
import { createJournal, type StationJournal } from '../../../ingest/journal/journal.ts';
import { wholeWard } from '../../../ingest/ownership.ts';
import { indexRegistry, type RegistryData } from '../../../ingest/registry.ts';
import { eventually } from '../../support/eventually.ts';

/** D7 on its way through the station: patients who move with an alarm that nobody has answered. */

let folder: string;
let journal: StationJournal;
let alarms: Alarms;
let announced: string[];
let records: AlarmRecord[];
/** By how much the clock goes on each time that it is asked, beside what passes. */
let slowMs: number;
let lagMs: number;

type Stay = readonly [encounter: number, patient: number, bed: string];

const ward = (...stays: Stay[]): RegistryData => ({
  ...indexRegistry().data,
  units: [{ id: 'icu', name: 'Intensive care' }],
  beds: ['bed-1', 'bed-2'].map((id) => ({ id, unit: 'icu', label: id })),
  devices: ['monitor-1', 'monitor-2'].map((id) => ({ id, unit: 'icu', secretHash: '' })),
  patients: [11, 22].map((id) => ({ id, name: `patient ${id}`, ageGroup: 'adult' as const })),
  encounters: stays.map(([id, patient, bed]) => ({ id, patient, bed, start: 0, end: null })),
  assignments: [
    { device: 'monitor-1', bed: 'bed-1', start: 0, end: null },
    { device: 'monitor-2', bed: 'bed-2', start: 0, end: null },
  ],
});

const begin = async (...stays: Stay[]) => {
  await alarms.start(indexRegistry(ward(...stays)));
  await eventually(() => expect(records.filter(({ inputs }) => inputs.length > 0).length).toBeGreaterThan(2));
};

const move = async (...stays: Stay[]) => {
  const before = records.length;
  await alarms.setRegistry(indexRegistry(ward(...stays)));
  await eventually(() => expect(records.length).toBeGreaterThan(before));
};

/** A saturation of 70 for eleven seconds by the device's clock. */
const desaturate = (bed: string) => {
  const at = Date.now() + lagMs;
  const items = [{ mdc: vital('spo2').mdc, value: 70, quality: 0 }];
  const blocks = [11_000, 0].map((agoMs) => ({ time: at - agoMs, boot: '', seq: -1, late: false, items }));
  const decision = alarms.vitals(bed, bed.replace('bed', 'monitor'), at, blocks);
  records.push(...(decision?.records ?? []));
  decision?.announce();
};

const openAt = async (bed: string) => (await alarms.active()).beds.find((one) => one.bed === bed)?.alarms ?? [];

const slowNow = (): number => {
  lagMs += slowMs;
  return Date.now() + lagMs;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardwatch-moves-'));
  journal = createJournal({ path: join(folder, 'journal'), maxBytes: 2 ** 20, onFailure: () => undefined });
  journal.start();
  announced = [];
  slowMs = 0;
  lagMs = 0;
  records = [];
  alarms = createAlarms({
    journal,
    append(kept, onStored) {
      records.push(...kept);
      onStored();
    },
    ownership: wholeWard,
    canStore: () => true,
    clock: { ...systemClock, now: slowNow },
    announce(bed, { events }) {
      for (const event of events) if ('alarm' in event) announced.push(`${bed} ${event.type} ${event.alarm.kind}`);
    },
    metrics: new Metrics(),
    onUnreadable: () => undefined,
    onUnknown: () => undefined,
  });
});

afterEach(async () => {
  alarms.stop();
  await journal.stop();
  await rm(folder, { recursive: true, force: true });
});

test('D7: an alarm that nobody has answered is at the new bed, under its id, and was kept after it had left the old', async () => {
  await begin([1, 11, 'bed-1']);
  desaturate('bed-1');
  const [alarm] = await openAt('bed-1');
  expect(alarm?.priority).toBe('high');
  await move([2, 11, 'bed-2']);
  await eventually(async () => expect(await openAt('bed-2')).toMatchObject([{ id: alarm?.id, state: 'latched' }]));
  expect(await openAt('bed-1')).toEqual([]);
  expect(announced).toEqual(['bed-1 onset spo2-low', 'bed-1 ended spo2-low', 'bed-2 moved-in spo2-low']);
  const kept = records.flatMap(({ events }) => events.map(({ type }) => type));
  expect(kept.indexOf('ended')).toBeLessThan(kept.indexOf('moved-in'));
});

test('D7: it is on its way while the patient is in no bed', async () => {
  await begin([1, 11, 'bed-1']);
  desaturate('bed-1');
  const [alarm] = await openAt('bed-1');
  await move();
  expect([...(await openAt('bed-1')), ...(await openAt('bed-2'))]).toEqual([]);
  await move([2, 11, 'bed-2']);
  await eventually(async () => expect(await openAt('bed-2')).toMatchObject([{ id: alarm?.id }]));
});

test('D7: two patients who change places take each their own', async () => {
  await begin([1, 11, 'bed-1'], [2, 22, 'bed-2']);
  desaturate('bed-1');
  desaturate('bed-2');
  const [[first], [second]] = [await openAt('bed-1'), await openAt('bed-2')];
  await move([3, 11, 'bed-2'], [4, 22, 'bed-1']);
  await eventually(async () => expect(await openAt('bed-2')).toMatchObject([{ id: first?.id }]));
  expect(await openAt('bed-1')).toMatchObject([{ id: second?.id }]);
});

test('D7: two patients who change places take each their own, however long it takes to go through the beds', async () => {
  await begin([1, 11, 'bed-1'], [2, 22, 'bed-2']);
  desaturate('bed-1');
  desaturate('bed-2');
  const [[first], [second]] = [await openAt('bed-1'), await openAt('bed-2')];
  slowMs = 5;
  await move([3, 11, 'bed-2'], [4, 22, 'bed-1']);
  await eventually(async () => expect(await openAt('bed-2')).toMatchObject([{ id: first?.id }]));
  await eventually(async () => expect(await openAt('bed-1')).toMatchObject([{ id: second?.id }]), { withinMs: 2_000 });
});

test('D7: nothing goes to another patient who comes into the bed', async () => {
  await begin([1, 11, 'bed-1']);
  desaturate('bed-1');
  await move([2, 22, 'bed-1']);
  await eventually(async () => expect(await openAt('bed-1')).toEqual([]));
  expect(await openAt('bed-2')).toEqual([]);
});
