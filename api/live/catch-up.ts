import type { LiveChange } from '#contracts/bus.ts';
import type { AlarmFrame, DeviceFrame, LatestVitals, SnapshotFrame, VitalsFrame, WaveFrame } from '#contracts/live.ts';
import { VITAL_IDS } from '#domain/vitals.ts';

/** A change of a unit that has a place `{ epoch, seq }`. */
export type PlacedFrame = Exclude<LiveChange['frame'], WaveFrame>;

/** The newer measurement wins; the same time again is a correction. */
const mergeVitals = (known: LatestVitals, changed: LatestVitals = {}): LatestVitals => {
  const merged: LatestVitals = { ...known };
  for (const id of VITAL_IDS) {
    const [next, held] = [changed[id], known[id]];
    if (next && (!held || next.time >= held.time)) merged[id] = next;
  }
  return merged;
};

const vitals = (snapshot: SnapshotFrame, { beds }: VitalsFrame): SnapshotFrame => ({
  ...snapshot,
  beds: snapshot.beds.map((bed) => ({ ...bed, vitals: mergeVitals(bed.vitals, beds[bed.id]) })),
});

const device = (snapshot: SnapshotFrame, { device: changed }: DeviceFrame): SnapshotFrame => ({
  ...snapshot,
  devices: snapshot.devices.map((known) => (known.id === changed.id ? changed : known)),
});

const alarm = (
  snapshot: SnapshotFrame,
  { bed, alarms, inactivations, oxygen, monitorAlarms }: AlarmFrame,
): SnapshotFrame => {
  if (bed === null) return { ...snapshot, stationAlarms: alarms };
  const beds = snapshot.beds.map((known) => {
    if (known.id !== bed) return known;
    const { oxygen: _oxygen, monitorAlarms: _monitorAlarms, ...rest } = known;
    return { ...rest, alarms, inactivations, ...(oxygen && { oxygen }), ...(monitorAlarms && { monitorAlarms }) };
  });
  return { ...snapshot, beds };
};

const apply = (snapshot: SnapshotFrame, frame: PlacedFrame): SnapshotFrame => {
  if (frame.type === 'vitals') return vitals(snapshot, frame);
  return frame.type === 'device' ? device(snapshot, frame) : alarm(snapshot, frame);
};

/**
 * The snapshot with all of these changes in it, which came while it was made, in their order. Those that are not newer are
 * in it already. undefined: they do not join, since one is missing between or they are of different epochs, and another
 * snapshot is needed.
 */
export const catchUp = (snapshot: SnapshotFrame, changes: readonly PlacedFrame[]): SnapshotFrame | undefined => {
  let present = snapshot;
  for (const frame of changes) {
    if (frame.epoch !== present.epoch || frame.seq > present.seq + 1) return undefined;
    if (frame.seq === present.seq + 1) present = { ...apply(present, frame), seq: frame.seq, time: frame.time };
  }
  return present;
};
