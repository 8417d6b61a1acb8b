import type { BusEvents } from '#contracts/bus.ts';
import type { AlarmFrame, LatestVitals, SnapshotFrame, VitalsFrame, WaveFrame } from '#contracts/live.ts';
import type { FeedListener, WardFeed } from '#contracts/ports/ward-feed.ts';
import type { Alarm } from '#domain/alarms/alarm.ts';
import { PRESETS } from '#domain/alarms/settings.ts';
import { createBus } from '#platform/bus.ts';
import { DEVICE_LIMITS } from './live-device.ts';

/**
 * A present state in memory and its feed, with the contract that ingest keeps: a change is in the state before it is
 * published, in the same turn. Each frame is turned into text exactly once. `onTheWay`: a snapshot that was made is
 * given out once this has resolved, as that of a feed over a network.
 */
export const createLiveWard = (
  units: readonly string[],
  { onTheWay = async () => {} }: { onTheWay?: () => Promise<void> } = {},
) => {
  const errors: unknown[] = [];
  const bus = createBus<BusEvents>({ onError: (error) => errors.push(error) });
  let epoch = 'first';
  const state = new Map<string, SnapshotFrame>();
  const add = (unit: string): void => {
    state.set(unit, {
      type: 'snapshot',
      unit,
      name: `Unit ${unit}`,
      seq: 0,
      epoch,
      time: 0,
      beds: [],
      devices: [],
      stationAlarms: [],
    });
  };
  for (const unit of units) add(unit);

  const feed: WardFeed = {
    units: async () => [...state.values()].map(({ unit, name }) => ({ id: unit, name })),
    async snapshot(unit) {
      const made = state.get(unit);
      await onTheWay();
      return made;
    },
    subscribe({ changed, unitChanged }: FeedListener) {
      const ends = [
        bus.subscribe('live:changed', changed),
        bus.subscribe('unit:changed', ({ unit }) => unitChanged(unit)),
      ];
      return () => {
        for (const end of ends) end();
      };
    },
  };
  const present = (unit: string): SnapshotFrame => {
    const found = state.get(unit);
    if (!found) throw new Error(`no unit ${unit}`);
    return found;
  };

  return {
    feed,
    present,
    /** What listeners threw. */
    errors,
    /** What holds the present begins another life: all is counted anew. */
    beginEpoch(name: string): void {
      epoch = name;
      for (const [unit, before] of state) state.set(unit, { ...before, epoch, seq: 0 });
      for (const unit of state.keys()) bus.publish('unit:changed', { unit });
    },
    addUnit(unit: string): void {
      add(unit);
      bus.publish('unit:changed', { unit });
    },
    addBed(unit: string, bed: string): void {
      const before = present(unit);
      const beds = [
        ...before.beds,
        {
          id: bed,
          label: bed,
          patient: null,
          vitals: {},
          limits: {},
          deviceLimits: DEVICE_LIMITS,
          alarms: [],
          inactivations: [],
        },
      ];
      state.set(unit, { ...before, seq: before.seq + 1, beds });
      bus.publish('unit:changed', { unit });
    },
    measure(unit: string, bed: string, vitals: LatestVitals): VitalsFrame {
      const before = present(unit);
      const seq = before.seq + 1;
      const beds = before.beds.map((entry) =>
        entry.id === bed ? { ...entry, vitals: { ...entry.vitals, ...vitals } } : entry,
      );
      state.set(unit, { ...before, seq, beds });
      const frame: VitalsFrame = { type: 'vitals', unit, seq, epoch, time: 0, beds: { [bed]: vitals } };
      bus.publish('live:changed', { frame, text: JSON.stringify(frame) });
      return frame;
    },
    /** The alarms of a bed are these now; the last is new. */
    alarm(unit: string, bed: string, alarms: readonly Alarm[]): AlarmFrame {
      const before = present(unit);
      const seq = before.seq + 1;
      const beds = before.beds.map((entry) => (entry.id === bed ? { ...entry, alarms: [...alarms] } : entry));
      state.set(unit, { ...before, seq, beds });
      const events = alarms
        .slice(-1)
        .map((alarm) => ({ type: 'onset' as const, at: alarm.decidedAt, alarm, by: null, cause: null }));
      const frame: AlarmFrame = {
        type: 'alarm',
        unit,
        seq,
        epoch,
        time: 0,
        bed,
        events,
        alarms: [...alarms],
        inactivations: [],
      };
      bus.publish('live:changed', { frame, text: JSON.stringify(frame) });
      return frame;
    },
    wave(unit: string, bed: string, seq: number, samples: number[]): void {
      const frame: WaveFrame = { type: 'wave', unit, bed, seq, waves: { pleth: { time: 0, rate: 125, samples } } };
      bus.publish('live:changed', { frame, text: JSON.stringify(frame) });
    },
  };
};

/** A desaturation that nobody has seen yet. */
export const anAlarm = (id: string, changes: Partial<Alarm> = {}): Alarm => ({
  id,
  kind: 'spo2-low',
  condition: 'desaturation',
  vital: 'spo2',
  priority: 'high',
  state: 'active',
  startedAt: 1_000,
  decidedAt: 11_000,
  measuredAt: 11_000,
  receivedAt: 11_050,
  value: 74,
  limit: 80,
  worst: 74,
  recurrences: 0,
  acknowledged: null,
  config: PRESETS.adult.version,
  ...changes,
});

export type LiveWard = ReturnType<typeof createLiveWard>;
