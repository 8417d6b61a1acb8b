import { beforeEach, describe, expect, test } from 'vitest';
import type { LiveChange } from '#contracts/bus.ts';
import type { Inactivation } from '#domain/alarms/alarm.ts';
import type { AlarmChange } from '../../../ingest/live/changes.ts';
import { createLive, type Live } from '../../../ingest/live/live.ts';
import { indexRegistry, type RegistryData } from '../../../ingest/registry.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const HEART_RATE = 147842;
const SPO2 = 150456;

const REGISTRY: RegistryData = {
  units: [{ id: 'icu', name: 'Intensive care' }],
  beds: [{ id: 'b1', unit: 'icu', label: '1' }],
  gateways: [],
  devices: [{ id: 'm1', unit: 'icu', secretHash: '' }],
  patients: [{ id: 7, name: 'Ada', ageGroup: 'adult' }],
  encounters: [{ id: 1, patient: 7, bed: 'b1', start: 0, end: null }],
  assignments: [{ device: 'm1', bed: 'b1', start: 0, end: null }],
  alarmSettings: [],
};

let changes: LiveChange[];
let changedUnits: string[];
let live: Live;
let present: number;

const frames = () => changes.map(({ frame }) => frame);
const reading = (mdc: number, value: number, quality = 0) => ({ mdc, value, quality });

beforeEach(() => {
  present = 50_000;
  changes = [];
  changedUnits = [];
  live = createLive({
    tickMs: 1_000_000,
    epoch: 'e1',
    clock: { ...createFakeClock(), now: () => present },
    publish: (change) => changes.push(change),
    onUnitChanged: (unit) => changedUnits.push(unit),
  });
  live.setRegistry(indexRegistry(REGISTRY));
  changedUnits = [];
});

test('what happens within a tick is one frame a unit, with the newest of each vital', () => {
  live.vitals('b1', 1_000, [reading(HEART_RATE, 70), reading(SPO2, 97)]);
  live.vitals('b1', 2_000, [reading(HEART_RATE, 71)]);
  live.stop();
  expect(frames()).toMatchObject([
    {
      type: 'vitals',
      unit: 'icu',
      beds: { b1: { 'heart-rate': { value: 71, time: 2_000 }, spo2: { value: 97, time: 1_000 } } },
    },
  ]);
  expect(JSON.parse(changes[0]?.text ?? '')).toEqual(changes[0]?.frame);
});

test('an older measurement never replaces a newer one', () => {
  live.vitals('b1', 2_000, [reading(HEART_RATE, 71)]);
  live.vitals('b1', 1_000, [reading(HEART_RATE, 150)]);
  expect(live.snapshot('icu')?.beds[0]?.vitals).toEqual({ 'heart-rate': { value: 71, time: 2_000 } });
});

test('after the clock was set back, what was measured before does not stand until its time comes again', () => {
  live.vitals('b1', 49_000, [reading(HEART_RATE, 71)]);
  present = 10_000;
  live.vitals('b1', 9_000, [reading(HEART_RATE, 150)]);
  expect(live.snapshot('icu')?.beds[0]?.vitals).toEqual({ 'heart-rate': { value: 150, time: 9_000 } });
});

test('no value is null, and a quality that is not good is said', () => {
  live.vitals('b1', 1_000, [reading(HEART_RATE, Number.NaN), reading(SPO2, 60, 1)]);
  expect(live.snapshot('icu')?.beds[0]?.vitals).toEqual({
    'heart-rate': { value: null, time: 1_000 },
    spo2: { value: 60, time: 1_000, quality: 'questionable' },
  });
});

test('a snapshot contains every change up to its seq, and the next change is one more', () => {
  live.vitals('b1', 1_000, [reading(HEART_RATE, 70)]);
  const snapshot = live.snapshot('icu');
  expect(frames().at(-1)).toMatchObject({ type: 'vitals', seq: snapshot?.seq });
  live.vitals('b1', 2_000, [reading(HEART_RATE, 71)]);
  expect(snapshot?.beds[0]?.vitals['heart-rate']?.value).toBe(70);
  live.stop();
  expect(frames().at(-1)).toMatchObject({ seq: (snapshot?.seq ?? 0) + 1 });
});

test('a device says its changes once', () => {
  live.device('m1', { state: 'online' });
  live.device('m1', { state: 'online' });
  live.device('m1', { battery: 80 });
  expect(frames()).toMatchObject([
    { type: 'device', device: { id: 'm1', bed: 'b1', state: 'online', since: 50_000 } },
    { type: 'device', device: { state: 'online', battery: 80 } },
  ]);
});

test('waves go out at once, counted by bed, with what is missing as null', () => {
  live.waves('b1', 'm1', 1_000, [{ mdc: 131330, rate: 250, samples: [0.123456, Number.NaN] }]);
  expect(frames()).toEqual([
    {
      type: 'wave',
      unit: 'icu',
      bed: 'b1',
      seq: 1,
      waves: { 'ecg-ii': { time: 1_000, rate: 250, samples: [0.1235, null] } },
    },
  ]);
});

test('a new patient never sees what was measured of the last one', () => {
  live.vitals('b1', 1_000, [reading(HEART_RATE, 70)]);
  live.setRegistry(
    indexRegistry({
      ...REGISTRY,
      patients: [{ id: 8, name: 'Bo', ageGroup: 'adult' }],
      encounters: [{ id: 2, patient: 8, bed: 'b1', start: 0, end: null }],
    }),
  );
  expect(changedUnits).toEqual(['icu']);
  expect(live.snapshot('icu')?.beds).toMatchObject([
    { id: 'b1', label: '1', patient: { id: 8, name: 'Bo', ageGroup: 'adult' } },
  ]);
  expect(live.snapshot('icu')?.beds[0]?.vitals).toEqual({});
});

test('alarms go out at once with a seq of their own, and stand in the snapshot', () => {
  const inactivation: Inactivation = { what: 'audio-paused', kind: null, by: 'Ada', since: 1, until: 2, covered: [] };
  const change: AlarmChange = {
    events: [{ type: 'inactivated', at: 1, inactivation, by: 'Ada' }],
    alarms: [],
    inactivations: [inactivation],
  };
  live.alarms('b1', change);
  expect(frames()).toMatchObject([{ type: 'alarm', unit: 'icu', seq: 2, bed: 'b1', ...change }]);
  expect(live.snapshot('icu')).toMatchObject({ seq: 2, beds: [{ inactivations: change.inactivations }] });
});

test('what was said before a restart is in the snapshot and is not said again', () => {
  live.alarms('b1', { events: [], alarms: [], inactivations: [] });
  expect(frames()).toEqual([]);
});

test('limits in force are shown, and a change of them is news to screens', () => {
  expect(live.snapshot('icu')?.beds[0]?.limits).toMatchObject({ spo2: { low: 90, high: 100 } });
  expect(live.snapshot('icu')?.beds[0]?.limits).not.toHaveProperty('perfusion-index');
  const overrides = { vitals: { spo2: { low: 88 } } };
  const settings = { version: 1, unit: null, ageGroup: null, encounter: 1, format: 2, overrides };
  live.setRegistry(indexRegistry({ ...REGISTRY, alarmSettings: [settings] }));
  expect(changedUnits).toEqual(['icu']);
  expect(live.snapshot('icu')?.beds[0]?.limits).toMatchObject({ spo2: { low: 88 } });
});

test('from where a device is low on battery, and its clock is off, is as the settings of the bed say', () => {
  expect(live.snapshot('icu')?.beds[0]?.deviceLimits).toEqual({ batteryLowPercent: 20, clockToleranceMs: 5_000 });
  const overrides = { batteryLowPercent: 35, clockToleranceMs: 60_000 };
  const settings = { version: 1, unit: 'icu', ageGroup: 'adult' as const, encounter: null, format: 2, overrides };
  live.setRegistry(indexRegistry({ ...REGISTRY, alarmSettings: [settings] }));
  expect(changedUnits).toEqual(['icu']);
  expect(live.snapshot('icu')?.beds[0]?.deviceLimits).toEqual(overrides);
});

test('D6: values stay with a patient whose device is another, and go where nobody is admitted', () => {
  live.vitals('b1', 1_000, [reading(HEART_RATE, 70)]);
  live.setRegistry(indexRegistry({ ...REGISTRY, beds: [{ id: 'b1', unit: 'icu', label: 'one' }] }));
  expect(live.snapshot('icu')?.beds[0]).toMatchObject({ label: 'one', vitals: { 'heart-rate': { value: 70 } } });
  live.setRegistry(indexRegistry({ ...REGISTRY, assignments: [{ device: 'm2', bed: 'b1', start: 9, end: null }] }));
  expect(live.snapshot('icu')?.beds[0]).toMatchObject({ vitals: { 'heart-rate': { value: 70 } } });
  const empty = { ...REGISTRY, encounters: [] };
  live.setRegistry(indexRegistry(empty));
  live.vitals('b1', 2_000, [reading(HEART_RATE, 71)]);
  live.setRegistry(indexRegistry({ ...empty, assignments: [{ device: 'm2', bed: 'b1', start: 9, end: null }] }));
  expect(live.snapshot('icu')?.beds[0]?.vitals).toEqual({});
});

describe('a bed with two devices', () => {
  const VENT = 'vent-1';
  const RESP = 151562;
  beforeEach(() => {
    live.setRegistry(
      indexRegistry({
        ...REGISTRY,
        devices: [...REGISTRY.devices, { id: VENT, unit: 'icu', secretHash: '', role: 'ventilator' }],
        assignments: [...REGISTRY.assignments, { device: VENT, bed: 'b1', start: 9, end: null }],
      }),
    );
    live.start();
    changes = [];
  });

  test('H1: says from which device a value comes, and what the others measure', () => {
    live.vitals('b1', 1_000, [reading(RESP, 14)], VENT);
    live.others('b1', 'm1', 900, [reading(RESP, 18)]);
    const [bed] = live.snapshot('icu')?.beds ?? [];
    expect(bed?.vitals).toEqual({ 'respiratory-rate': { value: 14, time: 1_000, source: VENT } });
    expect(bed?.others).toEqual({ m1: { 'respiratory-rate': { value: 18, time: 900 } } });
    expect(frames()).toMatchObject([
      { type: 'vitals', beds: { b1: { 'respiratory-rate': { source: VENT } } }, others: { b1: { m1: {} } } },
    ]);
  });

  test('H5: a value of another source is taken though its clock is behind', () => {
    live.vitals('b1', 2_000, [reading(RESP, 14)], VENT);
    live.vitals('b1', 1_000, [reading(RESP, 18)], 'm1');
    expect(live.snapshot('icu')?.beds[0]?.vitals).toMatchObject({ 'respiratory-rate': { value: 18, source: 'm1' } });
  });

  test('H4: a wave comes from the preferred device, and from another when that sends none', () => {
    const send = (device: string): boolean => {
      const before = changes.length;
      live.waves('b1', device, present, [{ mdc: 131330, rate: 250, samples: [0] }]);
      return changes.length > before;
    };
    expect(send(VENT)).toBe(true);
    expect(send('m1')).toBe(true);
    expect(send(VENT)).toBe(false);
    present += 2_500;
    expect(send(VENT)).toBe(false);
    present += 1;
    expect(send(VENT)).toBe(true);
    expect(send('m1')).toBe(true);
  });
});

test('a registry that is the same again changes nothing for anybody', () => {
  live.setRegistry(indexRegistry(structuredClone(REGISTRY)));
  expect(changedUnits).toEqual([]);
});

test('a device is to be heard at its bed since it was put there, or since the station started', () => {
  const bedSince = () => live.snapshot('icu')?.devices[0]?.bedSince;
  expect(bedSince()).toBe(50_000);
  present = 60_000;
  live.setRegistry(
    indexRegistry({ ...REGISTRY, assignments: [{ device: 'm1', bed: 'b1', start: 55_000, end: null }] }),
  );
  expect(bedSince()).toBe(55_000);
  live.setRegistry(indexRegistry({ ...REGISTRY, assignments: [] }));
  expect(bedSince()).toBeNull();
});

test('how a device is heard, and how often it is expected, is told as it changes and stands in the snapshot', () => {
  live.device('m1', { data: 'live', lastLiveAt: 50_000 });
  live.device('m1', { data: 'live', lastLiveAt: 50_000 });
  live.device('m1', { intervalMs: null, intervalProposedMs: 60_000 });
  live.device('m1', { data: 'refused', lastLiveAt: 50_000 });
  expect(frames().map((frame) => frame.type === 'device' && frame.device)).toMatchObject([
    { data: 'live', lastLiveAt: 50_000, intervalProposedMs: null },
    { data: 'live', intervalProposedMs: 60_000 },
    { data: 'refused', lastLiveAt: 50_000 },
  ]);
  expect(live.snapshot('icu')?.devices).toMatchObject([{ data: 'refused', intervalProposedMs: 60_000 }]);
});

test('of a station without a unit there is nothing to ask for, and the first unit is news', () => {
  live.setRegistry(indexRegistry());
  expect(live.units()).toEqual([]);
  changedUnits = [];
  live.setRegistry(indexRegistry({ ...indexRegistry().data, units: REGISTRY.units }));
  expect(changedUnits).toEqual(['icu']);
});

test('that the high limit of SpO2 is off is told without an event, once, and stands in the snapshot', () => {
  const oxygen = { roomAir: { by: 'Ada', at: 1 }, highSpo2Off: { because: 'room-air', by: 'Ada', at: 1 } } as const;
  const nothing = { events: [], alarms: [], inactivations: [] };
  live.alarms('b1', { ...nothing, oxygen });
  live.alarms('b1', { ...nothing, oxygen });
  expect(frames()).toMatchObject([{ type: 'alarm', bed: 'b1', events: [], oxygen }]);
  expect(live.snapshot('icu')?.beds[0]?.oxygen).toEqual(oxygen);
  live.alarms('b1', nothing);
  expect(frames()).toHaveLength(2);
  expect(live.snapshot('icu')?.beds[0]).not.toHaveProperty('oxygen');
});
