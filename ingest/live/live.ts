import type { LiveChange } from '#contracts/bus.ts';
import type { SnapshotFrame } from '#contracts/live.ts';
import type { Cancel, Clock } from '#platform/clock.ts';
import type { Reading, Samples } from '../record.ts';
import type { Registry } from '../registry.ts';
import type { AlarmChange, DeviceChange, MonitorChange } from './changes.ts';
import { createFrames } from './frames.ts';
import { rewindReadings, takeOthers, takeReadings } from './measured.ts';
import { createPresent, snapshotOf } from './present.ts';
import { useRoster } from './roster.ts';

/**
 * The present of the ward, in memory, and its changes for screens. It does not wait for the journal or the database.
 * Vitals are gathered for a tick and go out as one frame a unit; alarms, waves and devices go out at once.
 */
export type Live = {
  readonly units: () => { readonly id: string; readonly name: string }[];
  /** undefined when there is no such unit. */
  readonly snapshot: (unit: string) => SnapshotFrame | undefined;
  /** Beds, patients and devices as they now are. Values of a bed whose patient or device changed are forgotten. */
  readonly setRegistry: (registry: Registry) => void;
  /**
   * Takes in readings. `time` is when they were measured, not later than their arrival; readings older than the known
   * ones are ignored. `source`: the device they come from, at a bed that has several.
   */
  readonly vitals: (bed: string, time: number, readings: readonly Reading[], source?: string) => void;
  /** Takes in readings of vitals of which another device is the source. */
  readonly others: (bed: string, device: string, time: number, readings: readonly Reading[]) => void;
  /**
   * The clock of a device at the bed was put back: known values are taken for no newer than this, so that new ones are
   * newer.
   */
  readonly rewind: (bed: string, device: string, time: number) => void;
  readonly waves: (bed: string, device: string, time: number, items: readonly Samples[]) => void;
  readonly device: (id: string, change: DeviceChange) => void;
  /**
   * `bed` null: alarms of the station. A change without an event and with the same oxygen is not sent: screens know it
   * already.
   */
  readonly alarms: (bed: string | null, change: AlarmChange) => void;
  /** A change without an event is not sent: screens know it already. */
  readonly monitorAlarms: (bed: string, change: MonitorChange) => void;
  readonly start: () => void;
  readonly stop: () => void;
};

export type LiveDependencies = {
  readonly tickMs: number;
  /** Another one with each life of the station. */
  readonly epoch: string;
  readonly clock: Pick<Clock, 'now' | 'every'>;
  readonly publish: (change: LiveChange) => void;
  readonly onUnitChanged: (unit: string) => void;
};

export const createLive = ({ tickMs, epoch, clock, publish, onUnitChanged }: LiveDependencies): Live => {
  const present = createPresent(epoch, clock.now());
  const frames = createFrames({ present, now: clock.now, publish });
  let stopTicking: Cancel | undefined;

  const tick = (): void => {
    for (const unit of present.units.values()) frames.vitals(unit);
  };

  return {
    units: () => [...present.units.values()].map(({ id, name }) => ({ id, name })),
    snapshot(id) {
      const unit = present.units.get(id);
      if (!unit) return undefined;
      // What was gathered so far belongs into a frame before the snapshot, not silently into the snapshot.
      frames.vitals(unit);
      return snapshotOf(present, unit, clock.now());
    },
    setRegistry(registry) {
      tick();
      for (const unit of useRoster(present, registry, clock.now())) {
        unit.seq++;
        onUnitChanged(unit.id);
      }
    },
    vitals(bedId, time, readings, source) {
      const bed = present.beds.get(bedId);
      const unit = bed && present.units.get(bed.unit);
      if (bed && unit) takeReadings(unit, bed, time, readings, clock.now(), source);
    },
    others(bedId, device, time, readings) {
      const bed = present.beds.get(bedId);
      const unit = bed && present.units.get(bed.unit);
      if (bed && unit) takeOthers(unit, bed, device, time, readings);
    },
    rewind(bedId, device, time) {
      const bed = present.beds.get(bedId);
      if (bed) rewindReadings(bed, device, time);
    },
    waves: frames.waves,
    device: frames.device,
    alarms: frames.alarms,
    monitorAlarms: frames.monitorAlarms,
    start() {
      stopTicking ??= clock.every(tickMs, tick);
    },
    stop() {
      stopTicking?.();
      stopTicking = undefined;
      tick();
    },
  };
};
