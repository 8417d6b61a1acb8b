import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry as Metrics } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { vital } from '#domain/vitals.ts';
import { type Alarms, createAlarms } from '../../../ingest/alarms/alarms.ts';
import { createJournal, type StationJournal } from '../../../ingest/journal/journal.ts';
import { wholeWard } from '../../../ingest/ownership.ts';
import { indexRegistry } from '../../../ingest/registry.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';

/** G1: when an alarm is announced. The test itself holds back the flush of the journal, and makes the journal full. */

let folder: string;
let clock: FakeClock;
let journal: StationJournal;
let alarms: Alarms;
let canStore: boolean;
let flushes: (() => void)[];
let announced: string[];

const BED = 'bed-1';
const registry = indexRegistry({
  ...indexRegistry().data,
  units: [{ id: 'icu', name: 'Intensive care' }],
  beds: [{ id: BED, unit: 'icu', label: '1' }],
  devices: [{ id: 'monitor', unit: 'icu', secretHash: '' }],
  assignments: [{ device: 'monitor', bed: BED, start: 0, end: null }],
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardwatch-alarms-'));
  journal = createJournal({ path: join(folder, 'journal'), maxBytes: 2 ** 20, onFailure: () => undefined });
  journal.start();
  clock = createFakeClock();
  canStore = true;
  flushes = [];
  announced = [];
  alarms = createAlarms({
    journal,
    append: (_records, onStored) => flushes.push(onStored),
    ownership: wholeWard,
    canStore: () => canStore,
    clock,
    announce(bed, { events, alarms: open }) {
      for (const { type } of events) announced.push(`${bed} ${type}, ${open.map(({ state }) => state).join()}`);
    },
    metrics: new Metrics(),
    onUnreadable: () => undefined,
    onUnknown: () => undefined,
  });
  await alarms.start(registry);
  // What is its first input is taken when its millisecond is over.
  clock.advance(5);
  expect(flushes.length).toBeGreaterThan(1);
  flush();
});

afterEach(async () => {
  alarms.stop();
  await journal.stop();
  await rm(folder, { recursive: true, force: true });
});

const flush = (): void => {
  for (const onStored of flushes.splice(0)) onStored();
};

let time = 1;
/** Heart and pulse agree: what they say is decided at once. */
const RATES = ['heart-rate', 'pulse-rate'] as const;
const measure = (value: number) => {
  const items = RATES.map((id) => ({ mdc: vital(id).mdc, value, quality: 0 }));
  return alarms.vitals(BED, 'monitor', clock.now(), [
    { time: clock.now() + time++, boot: '', seq: -1, late: false, items },
  ]);
};

const CRISIS = 30;
const NORMAL = 80;

test('G1: nothing is said before it is stored, and only once', async () => {
  const decision = measure(CRISIS);
  expect(decision?.records[0]?.events).toMatchObject([{ type: 'onset' }]);
  expect(decision?.checkpoint?.key).toBe(BED);
  expect(announced).toEqual([]);
  expect((await alarms.active()).beds).toEqual([]);
  decision?.announce();
  expect(announced).toEqual([`${BED} onset, active`]);
  decision?.announce();
  // Longer than it would be waited for.
  clock.advance(400);
  expect(announced).toHaveLength(1);
});

test('G1: what is not stored in a quarter of a second is said all the same', () => {
  measure(CRISIS);
  clock.advance(249);
  expect(announced).toEqual([]);
  clock.advance(1);
  expect(announced).toEqual([`${BED} onset, active`]);
});

test('G1: when nothing can be stored it is said at once, after what was decided before', async () => {
  const first = measure(CRISIS);
  canStore = false;
  measure(NORMAL);
  expect(announced).toEqual([`${BED} onset, active`, `${BED} latched, latched`]);
  first?.announce();
  expect(announced).toHaveLength(2);
  expect((await alarms.active()).beds[0]?.alarms[0]?.state).toBe('latched');
});

test('G1: what was decided later is not said before what was decided first, whichever is stored first', () => {
  const first = measure(CRISIS);
  const second = measure(NORMAL);
  second?.announce();
  expect(announced).toEqual([`${BED} onset, active`, `${BED} latched, latched`]);
  first?.announce();
  expect(announced).toHaveLength(2);
});

test('an action is confirmed when it is stored, and not before', async () => {
  measure(CRISIS)?.announce();
  const [alarm] = (await alarms.active()).beds[0]?.alarms ?? [];
  let isConfirmed = false;
  const acting = alarms.act(BED, { type: 'acknowledge', alarm: alarm?.id ?? '', by: 'Ann' }).then(() => {
    isConfirmed = true;
  });
  clock.advance(5);
  expect(flushes.length).toBeGreaterThan(0);
  expect(isConfirmed).toBe(false);
  flush();
  await acting;
  expect(announced).toEqual([`${BED} onset, active`, `${BED} acknowledged, active`]);
});

test('what was told right before a stop is decided by it', () => {
  alarms.device('monitor', { online: true, batteryPercent: 5 });
  alarms.stop();
  flush();
  expect(announced).toEqual([`${BED} onset, active`]);
});

test('a subject whose state cannot be read begins anew, and says so', async () => {
  const unreadable: string[] = [];
  await new Promise<void>((resolve) =>
    journal.append([], resolve, { key: BED, value: Buffer.from('{"version":0,"state":{}}') }),
  );
  const again = createAlarms({
    journal,
    append: (_records, onStored) => onStored(),
    ownership: wholeWard,
    canStore: () => true,
    clock,
    announce: () => undefined,
    metrics: new Metrics(),
    onUnreadable: ({ subject }) => unreadable.push(String(subject)),
    onUnknown: () => undefined,
  });
  await again.start(registry);
  expect(unreadable).toEqual([BED]);
  expect((await again.active()).beds).toEqual([]);
  again.stop();
});
