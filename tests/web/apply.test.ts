import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlarmFrame, LiveBed, LiveDevice, SnapshotFrame, VitalsFrame } from '#contracts/live.ts';
import type { Alarm } from '#domain/alarms/alarm.ts';
import { applyFrame, disjoin, follow, needsSnapshot } from '../../web/apply.ts';
import { allBeds, createWardState, devicesOf, isJoined, type WardState } from '../../web/state.ts';
import { createSubscription } from '../../web/subscription.ts';
import { DEVICE_LIMITS, liveDevice } from '../support/live-device.ts';
import { alarm } from './alarm-samples.ts';

const T = 1_800_000_000_000;

const welcome = (units = ['icu'], version = '1') =>
  ({
    type: 'welcome',
    time: T,
    heartbeatMs: 1_000,
    version,
    units: units.map((id) => ({ id, name: id.toUpperCase() })),
  }) as const;

const bed = (id: string, hr: number, time = T): LiveBed => ({
  id,
  label: id,
  patient: null,
  vitals: { 'heart-rate': { value: hr, time } },
  limits: {},
  deviceLimits: DEVICE_LIMITS,
  alarms: [],
  inactivations: [],
});

const snapshot = (seq: number, beds: LiveBed[], unit = 'icu', devices: LiveDevice[] = []): SnapshotFrame => ({
  type: 'snapshot',
  unit,
  name: unit,
  seq,
  epoch: 'e1',
  time: T,
  beds,
  devices,
  stationAlarms: [],
});

const heartRate = (seq: number, value: number | null, time = T + seq, id = 'bed-1'): VitalsFrame => ({
  type: 'vitals',
  unit: 'icu',
  seq,
  epoch: 'e1',
  time,
  beds: { [id]: { 'heart-rate': { value, time } } },
});

const alarmFrame = (seq: number, alarms: Alarm[], change: Partial<AlarmFrame> = {}): AlarmFrame => ({
  type: 'alarm',
  unit: 'icu',
  seq,
  epoch: 'e1',
  time: T + seq,
  bed: 'bed-1',
  events: [],
  alarms,
  inactivations: [],
  ...change,
});

const shown = (state: WardState) => allBeds(state)[0]?.vitals['heart-rate']?.value;

const joined = (seq = 10): WardState => {
  const state = createWardState();
  applyFrame(state, welcome());
  applyFrame(state, snapshot(seq, [bed('bed-1', 70)]));
  return state;
};

describe('the units of a screen', () => {
  const ids = (state: WardState) => [...state.units.keys()];

  it('are those that were chosen, of the units that there are', () => {
    const state = createWardState();
    state.wanted = ['ward', 'gone'];
    applyFrame(state, welcome(['icu', 'ward']));
    expect(ids(state)).toEqual(['ward']);
    applyFrame(state, snapshot(1, [bed('bed-1', 70)], 'icu'));
    expect(allBeds(state)).toEqual([]);
    applyFrame(state, snapshot(1, [bed('bed-2', 70)], 'ward'));
    expect(isJoined(state)).toBe(true);
  });

  it('are all when none was chosen, or none of those is there', () => {
    const state = createWardState();
    applyFrame(state, welcome(['icu', 'ward']));
    expect(ids(state)).toEqual(['icu', 'ward']);
    follow(state, ['gone']);
    expect(ids(state)).toEqual(['icu', 'ward']);
  });

  it('keep what is known of them when others come and go, and ask for a snapshot of what is new', () => {
    const state = joined();
    applyFrame(state, welcome(['icu', 'ward']));
    expect(isJoined(state)).toBe(false);
    follow(state, ['icu']);
    expect(shown(state)).toBe(70);
    expect(isJoined(state)).toBe(true);
  });
});

describe('joining', () => {
  it('needs a snapshot of every unit in the welcome', () => {
    const state = createWardState();
    applyFrame(state, welcome(['icu', 'ward']));
    applyFrame(state, snapshot(1, []));
    expect(isJoined(state)).toBe(false);
    applyFrame(state, snapshot(1, [], 'ward'));
    expect(isJoined(state)).toBe(true);
    expect(needsSnapshot(state)).toBe(false);
  });

  it('ignores changes that come before the snapshot or are already in it', () => {
    const state = createWardState();
    applyFrame(state, welcome());
    applyFrame(state, heartRate(9, 50));
    applyFrame(state, snapshot(10, [bed('bed-1', 70, T + 10)]));
    applyFrame(state, heartRate(10, 60));
    expect(shown(state)).toBe(70);
    expect(needsSnapshot(state)).toBe(false);
  });

  it('takes a change of another epoch in at once, whatever its seq, and asks for a snapshot', () => {
    const state = joined(10);
    applyFrame(state, alarmFrame(1, [alarm({})], { epoch: 'e2' }));
    expect(allBeds(state)[0]?.alarms).toHaveLength(1);
    expect(needsSnapshot(state)).toBe(true);
    applyFrame(state, { ...snapshot(1, [bed('bed-1', 70)]), epoch: 'e2' });
    expect(needsSnapshot(state)).toBe(false);
    applyFrame(state, { type: 'heartbeat', time: T, seq: { icu: 1 }, epoch: { icu: 'e3' } });
    expect(needsSnapshot(state)).toBe(true);
  });

  it('asks again over a new connection, even when the seq looks right', () => {
    const state = joined();
    disjoin(state);
    expect(isJoined(state)).toBe(false);
    expect(needsSnapshot(state)).toBe(true);
  });

  it('keeps what it has when a welcome only brings a new unit', () => {
    const state = joined();
    applyFrame(state, welcome(['icu', 'ward']));
    expect(shown(state)).toBe(70);
    expect(state.units.get('icu')?.joined).toBe(true);
    expect(state.units.get('ward')?.joined).toBe(false);
  });

  it('drops a unit that the welcome no longer names', () => {
    const state = joined();
    applyFrame(state, welcome(['ward']));
    expect(allBeds(state)).toEqual([]);
  });

  it('puts the beds in the order a person would', () => {
    const state = createWardState();
    applyFrame(state, welcome());
    applyFrame(state, snapshot(1, [bed('ICU 10', 70), bed('ICU 9', 70), bed('ICU 1', 70)]));
    expect(allBeds(state).map(({ label }) => label)).toEqual(['ICU 1', 'ICU 9', 'ICU 10']);
  });

  it('notices that the station was upgraded', () => {
    const state = joined();
    expect(state.outdated).toBe(false);
    applyFrame(state, welcome(['icu'], '2'));
    expect(state.outdated).toBe(true);
  });
});

describe('changes', () => {
  it('go in one after the other', () => {
    const state = joined(10);
    applyFrame(state, heartRate(11, 71));
    applyFrame(state, heartRate(12, 72));
    expect(shown(state)).toBe(72);
    expect(needsSnapshot(state)).toBe(false);
  });

  it('after a gap are kept, and a snapshot is needed until it has come', () => {
    const state = joined(10);
    applyFrame(state, heartRate(12, 72));
    expect(shown(state)).toBe(72);
    expect(needsSnapshot(state)).toBe(true);
    applyFrame(state, heartRate(13, 73));
    expect(needsSnapshot(state)).toBe(true);
    applyFrame(state, snapshot(13, [bed('bed-1', 73)]));
    expect(needsSnapshot(state)).toBe(false);
  });

  it('that are missing at the end are noticed by the heartbeat', () => {
    const state = joined(10);
    applyFrame(state, { type: 'heartbeat', time: T, seq: { icu: 10, other: 99 }, epoch: { icu: 'e1' } });
    expect(needsSnapshot(state)).toBe(false);
    applyFrame(state, { type: 'heartbeat', time: T, seq: { icu: 11 }, epoch: { icu: 'e1' } });
    expect(needsSnapshot(state)).toBe(true);
  });

  it('of a bed that is not known ask for a snapshot', () => {
    const state = joined(10);
    applyFrame(state, heartRate(11, 71, T, 'bed-9'));
    expect(needsSnapshot(state)).toBe(true);
  });

  it('replace a value by null, and by a correction of the same time, and never by an older one', () => {
    const state = joined(10);
    applyFrame(state, heartRate(11, null, T + 100));
    expect(shown(state)).toBeNull();
    applyFrame(state, heartRate(12, 66, T + 100));
    expect(shown(state)).toBe(66);
    applyFrame(state, heartRate(13, 40, T + 50));
    expect(shown(state)).toBe(66);
  });

  it('of a device are put beside its bed', () => {
    const state = joined(10);
    const device = liveDevice({ id: 'm1', bed: 'bed-1', state: 'offline', since: T });
    applyFrame(state, { type: 'device', unit: 'icu', seq: 11, epoch: 'e1', time: T, device });
    expect(allBeds(state).map((each) => devicesOf(state, each).map(({ id }) => id))).toEqual([['m1']]);
  });

  it('end in the newest value in whatever order and however often they come', () => {
    const frames = Array.from({ length: 6 }, (_, place) => heartRate(11 + place, 71 + place));
    const anyOrder = fc.array(fc.constantFrom(...frames), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(anyOrder, (order) => {
        const state = joined(10);
        // What was overtaken is lost to its value by design: the hole is then known.
        for (const frame of order) applyFrame(state, frame);
        const newest = Math.max(...order.map((frame) => frame.seq));
        expect(shown(state)).toBe(60 + newest);
        const sorted = new Set(order.map((frame) => frame.seq));
        if (sorted.size < newest - 10) expect(needsSnapshot(state)).toBe(true);
      }),
    );
  });
});

describe('alarms', () => {
  const idsOf = (state: WardState) => allBeds(state)[0]?.alarms.map(({ id }) => id);

  it('come with the snapshot, as do limits, pauses and what the station says of itself', () => {
    const state = createWardState();
    applyFrame(state, welcome());
    const pause = { what: 'audio-paused', kind: null, by: 'Ann', since: T, until: T + 1, covered: [] } as const;
    const limits = { 'heart-rate': { low: 50, high: 120 } };
    const alarms = [alarm({ id: 'a' })];
    const inactivations = [{ ...pause, covered: [] }];
    applyFrame(state, {
      ...snapshot(1, [{ ...bed('bed-1', 70), limits, alarms, inactivations }]),
      stationAlarms: [alarm({ id: 's' })],
    });
    expect(allBeds(state)[0]).toMatchObject({ limits, alarms, inactivations });
    expect(state.stationAlarms.map(({ id }) => id)).toEqual(['s']);
  });

  it('of a frame are all there are of its bed', () => {
    const state = joined(10);
    applyFrame(state, alarmFrame(11, [alarm({ id: 'a' }), alarm({ id: 'b' })]));
    expect(idsOf(state)).toEqual(['a', 'b']);
    applyFrame(state, alarmFrame(12, [alarm({ id: 'b' })]));
    expect(idsOf(state)).toEqual(['b']);
    expect(needsSnapshot(state)).toBe(false);
  });

  it('of the station stand apart from its beds', () => {
    const state = joined(10);
    applyFrame(state, alarmFrame(11, [alarm({ id: 's' })], { bed: null }));
    expect(state.stationAlarms).toHaveLength(1);
    expect(idsOf(state)).toEqual([]);
  });

  it('are there at once after a gap, and one snapshot is asked for', () => {
    const state = joined(10);
    const asked: unknown[] = [];
    const subscription = createSubscription({ send: (frame) => asked.push(frame) });
    const wanted = { units: ['icu'], waves: [] };
    subscription.ensure(wanted, needsSnapshot(state), 0);
    applyFrame(state, alarmFrame(15, [alarm({ id: 'a' })]));
    expect(idsOf(state)).toEqual(['a']);
    for (const nowMs of [5_000, 5_200, 5_400]) subscription.ensure(wanted, needsSnapshot(state), nowMs);
    applyFrame(state, alarmFrame(16, [alarm({ id: 'a' }), alarm({ id: 'b' })]));
    subscription.ensure(wanted, needsSnapshot(state), 5_600);
    applyFrame(state, snapshot(16, [{ ...bed('bed-1', 70), alarms: [alarm({ id: 'a' }), alarm({ id: 'b' })] }]));
    subscription.ensure(wanted, needsSnapshot(state), 9_000);
    expect(asked).toHaveLength(2);
    expect(idsOf(state)).toEqual(['a', 'b']);
  });

  it('that the snapshot already holds are not put back', () => {
    const state = joined(10);
    applyFrame(state, alarmFrame(9, [alarm({ id: 'old' })]));
    expect(idsOf(state)).toEqual([]);
  });

  it('of a bed that is not known ask for a snapshot', () => {
    const state = joined(10);
    applyFrame(state, alarmFrame(11, [], { bed: 'bed-9' }));
    expect(needsSnapshot(state)).toBe(true);
  });
});
