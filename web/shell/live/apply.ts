import {
  type AlarmFrame,
  type DeviceFrame,
  type HeartbeatFrame,
  type LatestOthers,
  type LatestVitals,
  replaces,
  type ServerFrame,
  type SnapshotFrame,
  type VitalsFrame,
  type WelcomeFrame,
} from '#contracts/live.ts';
import { dispatch, type Handlers } from '#domain/dispatch.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import { type BedState, createUnitState, type UnitState, type WardState } from './state.ts';

/**
 * The edits: a frame goes into the state. A unit falls out of step when a change is missing before this one, or it is of
 * another epoch, another life of the station: what is known of the one before is void;
 * what came is kept all the same, since each value carries its time and an alarm frame says all there is to say of its
 * bed's alarms, and only a snapshot brings the unit back.
 */

/** A new connection: until the next snapshots, what is here is from before. */
export const disjoin = (state: WardState): void => {
  state.isWelcome = false;
  for (const unit of state.units.values()) Object.assign(unit, { inStep: false, joined: false });
};

/** A welcome also comes over a connection that goes on, when the list of units has changed. */
const welcome = (frame: WelcomeFrame, state: WardState): void => {
  state.version ??= frame.version;
  state.outdated = state.version !== frame.version;
  state.isWelcome = true;
  state.offered = frame.units;
  follow(state, state.wanted);
};

/** Follows the units of these ids that there are; when there is none, or no id, every unit: a wall is never blank by choice. */
export const follow = (state: WardState, wanted: readonly string[]): void => {
  state.wanted = wanted;
  const found = state.offered.filter(({ id }) => wanted.includes(id));
  const followed = found.length > 0 ? found : state.offered;
  const held = [...state.units.values()];
  const isSame = ({ id, name }: { id: string; name: string }, place: number): boolean =>
    held[place]?.id === id && held[place].name === name;
  if (followed.length === held.length && followed.every(isSame)) return;
  state.units = new Map(
    followed.map(({ id, name }) => [id, Object.assign(state.units.get(id) ?? createUnitState(id, name), { name })]),
  );
  state.rosterVersion += 1;
};

/** Bed 2 stands before bed 10. */
const byLabel = new Intl.Collator('en', { numeric: true });

const snapshot = (frame: SnapshotFrame, state: WardState): void => {
  // The unit was let go of while its snapshot was on the way.
  if (!state.units.has(frame.unit)) return;
  state.units.set(frame.unit, {
    id: frame.unit,
    name: frame.name,
    epoch: frame.epoch,
    seq: frame.seq,
    inStep: true,
    joined: true,
    beds: new Map(
      frame.beds
        .toSorted((a, b) => byLabel.compare(a.label, b.label))
        .map((bed) => [bed.id, { ...bed, unit: frame.unit }]),
    ),
    devices: new Map(frame.devices.map((device) => [device.id, device])),
  });
  state.stationAlarms = frame.stationAlarms;
  state.rosterVersion += 1;
};

/** Advances the unit to this change; false when the change is already in it. */
const takePlace = (unit: UnitState, { epoch, seq }: { epoch: string; seq: number }): boolean => {
  const isOtherEpoch = epoch !== unit.epoch;
  if (!isOtherEpoch && seq <= unit.seq) return false;
  if (isOtherEpoch || seq > unit.seq + 1) unit.inStep = false;
  unit.epoch = epoch;
  unit.seq = seq;
  return true;
};

const mergeVitals = (known: LatestVitals, changed: LatestVitals): void => {
  for (const id of VITAL_IDS) {
    const next = changed[id];
    if (next && replaces(next, known[id])) known[id] = next;
  }
};

const mergeOthers = (bed: BedState, changed: LatestOthers): void => {
  bed.others ??= {};
  for (const [device, values] of Object.entries(changed)) {
    bed.others[device] ??= {};
    mergeVitals(bed.others[device], values);
  }
};

const vitals = (unit: UnitState, frame: VitalsFrame): void => {
  for (const [id, changed] of Object.entries(frame.beds)) {
    const bed = unit.beds.get(id);
    if (bed) mergeVitals(bed.vitals, changed);
    else unit.inStep = false;
  }
  for (const [id, changed] of Object.entries(frame.others ?? {})) {
    const bed = unit.beds.get(id);
    if (bed) mergeOthers(bed, changed);
  }
};

const device = (unit: UnitState, frame: DeviceFrame): void => {
  unit.devices.set(frame.device.id, frame.device);
};

const alarm = (state: WardState, unit: UnitState, frame: AlarmFrame): void => {
  if (frame.bed === null) {
    state.stationAlarms = frame.alarms;
    return;
  }
  const bed = unit.beds.get(frame.bed);
  const { alarms, inactivations, oxygen, monitorAlarms } = frame;
  if (bed) Object.assign(bed, { alarms, inactivations, oxygen, monitorAlarms });
  else unit.inStep = false;
};

const heartbeat = (frame: HeartbeatFrame, state: WardState): void => {
  for (const unit of state.units.values()) {
    const isOtherEpoch = (frame.epoch[unit.id] ?? unit.epoch) !== unit.epoch;
    if (isOtherEpoch || (frame.seq[unit.id] ?? 0) > unit.seq) unit.inStep = false;
  }
};

const change = (frame: VitalsFrame | DeviceFrame | AlarmFrame, state: WardState): void => {
  const unit = state.units.get(frame.unit);
  // Before its snapshot a unit has no place for a change, and the snapshot will hold it.
  if (!unit?.joined || !takePlace(unit, frame)) return;
  if (frame.type === 'vitals') vitals(unit, frame);
  else if (frame.type === 'device') device(unit, frame);
  else alarm(state, unit, frame);
};

const nothing = (): void => {};

// Samples live in ring buffers beside the state (`waves/`); an error is told by the missing snapshot.
const EDITS: Handlers<ServerFrame, [WardState]> = {
  welcome,
  snapshot,
  vitals: change,
  device: change,
  alarm: change,
  heartbeat,
  wave: nothing,
  error: nothing,
};

export const applyFrame = (state: WardState, frame: ServerFrame): void => dispatch(EDITS, frame, state);

/** Some unit has a hole that only a snapshot can fill. */
export const needsSnapshot = (state: WardState): boolean => [...state.units.values()].some((unit) => !unit.inStep);
