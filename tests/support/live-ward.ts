import type { BusEvents } from '#contracts/bus.ts';
import type { AlarmFrame, LatestVitals, SnapshotFrame, VitalsFrame, WaveFrame } from '#contracts/live.ts';
import type { LiveState } from '#contracts/ports/ward-feed.ts';
import type { Alarm } from '#domain/alarms/alarm.ts';
import { PRESETS } from '#domain/alarms/settings.ts';
import { type Bus, createBus } from '#platform/bus.ts';
import { DEVICE_LIMITS } from './live-device.ts';

/**
 * A present state in memory and its bus, with the contract that ingest keeps: a change is in the state before it is
 * published, in the same turn. Each frame is turned into text exactly once.
 */
export const createLiveWard = (units: readonly string[]) => {
  const errors: unknown[] = [];
  const bus: Bus<BusEvents> = createBus({ onError: (error) => errors.push(error) });
  const state = new Map<string, SnapshotFrame>();
  const add = (unit: string): void => {
    state.set(unit, {
      type: 'snapshot',
      unit,
      name: `Unit ${unit}`,
      seq: 0,
      time: 0,
      beds: [],
      devices: [],
      stationAlarms: [],
    });
  };
  for (const unit of units) add(unit);

  const liveState: LiveState = {
    units: () => [...state.values()].map(({ unit, name }) => ({ id: unit, name })),
    snapshot: (unit) => state.get(unit),
  };
  const present = (unit: string): SnapshotFrame => {
    const found = state.get(unit);
    if (!found) throw new Error(`no unit ${unit}`);
    return found;
  };

  return {
    bus,
    liveState,
    present,
    /** What listeners threw. */
    errors,
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
      const frame: VitalsFrame = { type: 'vitals', unit, seq, time: 0, beds: { [bed]: vitals } };
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
