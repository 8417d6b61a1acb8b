import type { LiveChange } from '#contracts/bus.ts';
import {
  type AlarmFrame,
  type DeviceFrame,
  type LatestOthers,
  type LatestVitals,
  replaces,
  type SnapshotFrame,
  type VitalsFrame,
  type WaveFrame,
} from '#contracts/live.ts';
import { VITAL_IDS } from '#domain/vitals.ts';

/** A change of a unit that has a place `{ epoch, seq }`. */
export type PlacedFrame = Exclude<LiveChange['frame'], WaveFrame>;

const mergeVitals = (known: LatestVitals = {}, changed: LatestVitals = {}): LatestVitals => {
  const merged: LatestVitals = { ...known };
  for (const id of VITAL_IDS) {
    const next = changed[id];
    if (next && replaces(next, known[id])) merged[id] = next;
  }
  return merged;
};

const mergeOthers = (known: LatestOthers = {}, changed: LatestOthers): LatestOthers => ({
  ...known,
  ...Object.fromEntries(Object.entries(changed).map(([id, values]) => [id, mergeVitals(known[id], values)])),
});

const vitals = (snapshot: SnapshotFrame, { beds, others = {} }: VitalsFrame): SnapshotFrame => ({
  ...snapshot,
  beds: snapshot.beds.map((bed) => {
    const measured = { ...bed, vitals: mergeVitals(bed.vitals, beds[bed.id]) };
    const ofOthers = others[bed.id];
    return ofOthers ? { ...measured, others: mergeOthers(bed.others, ofOthers) } : measured;
  }),
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
