import type {
  LatestValue,
  LatestVitals,
  LiveDevice,
  LiveDeviceLimits,
  LiveLimits,
  LiveOxygen,
  LivePatient,
  SnapshotFrame,
} from '#contracts/live.ts';
import type { Alarm, Inactivation } from '#domain/alarms/alarm.ts';
import type { MonitorAlarm } from '#domain/monitor-alarms/alarm.ts';
import type { DeviceRole } from '#domain/sources/roles.ts';
import type { VitalId } from '#domain/vitals.ts';
import type { WaveId } from '#domain/waveforms.ts';

/** The present of the ward as plain state: what a snapshot of each unit is made of. */
export type Present = {
  /** Names this life of the state, in which each unit counts its changes from 0. */
  readonly epoch: string;
  readonly startedAt: number;
  units: ReadonlyMap<string, UnitState>;
  beds: ReadonlyMap<string, BedState>;
  devices: ReadonlyMap<string, DeviceState>;
  /** The same beds and devices by unit, so that a snapshot of one unit does not go through all of them. */
  byUnit: ReadonlyMap<string, UnitRoster>;
  /** What a snapshot holds of each unit beside values and states: when it differs, screens need a new one. */
  rosters: ReadonlyMap<string, string>;
  stationAlarms: readonly Alarm[];
};

export type UnitRoster = { readonly beds: readonly BedState[]; readonly devices: readonly DeviceState[] };

/** `start`: since when it is here. */
export type BedDevice = { readonly id: string; readonly role: DeviceRole; readonly start: number };

export type WaveSource = { readonly device: string; readonly at: number };

export type UnitState = {
  readonly id: string;
  readonly name: string;
  /** The number of its last change. */
  seq: number;
  /** Beds with values that no frame has told yet. */
  readonly changedBeds: Set<BedState>;
};

export type BedState = {
  readonly id: string;
  readonly unit: string;
  readonly label: string;
  /** Who is here, and by what the bed is known: when it changes, what was measured before belongs to someone else. */
  readonly occupancy: string;
  readonly patient: LivePatient | null;
  readonly vitals: Partial<Record<VitalId, LatestValue>>;
  /** The devices here and their roles, the one that came first first. */
  readonly devices: readonly BedDevice[];
  /** By device: values of vitals of which another device is the source. */
  readonly others: Record<string, LatestVitals>;
  readonly limits: LiveLimits;
  readonly deviceLimits: LiveDeviceLimits;
  alarms: readonly Alarm[];
  inactivations: readonly Inactivation[];
  oxygen: LiveOxygen | undefined;
  monitorAlarms: readonly MonitorAlarm[];
  /** What no frame has told yet. */
  changed: Partial<Record<VitalId, LatestValue>> | undefined;
  changedOthers: Record<string, LatestVitals> | undefined;
  /** Which device each wave comes from, and when its newest block came. */
  readonly waveSources: Map<WaveId, WaveSource>;
  waveSeq: number;
};

/** A device stands in the unit of its bed; without one, in the unit it belongs to. */
export type DeviceState = { readonly unit: string; device: LiveDevice };

export const createPresent = (epoch: string, startedAt: number): Present => ({
  epoch,
  startedAt,
  units: new Map(),
  beds: new Map(),
  devices: new Map(),
  byUnit: new Map(),
  rosters: new Map(),
  stationAlarms: [],
});

/** All of a unit, as it now is. */
export const snapshotOf = (
  { epoch, byUnit, stationAlarms }: Present,
  { id, name, seq }: UnitState,
  time: number,
): SnapshotFrame => ({
  type: 'snapshot',
  unit: id,
  name,
  seq,
  epoch,
  time,
  beds: (byUnit.get(id)?.beds ?? []).map(bedOf),
  devices: (byUnit.get(id)?.devices ?? []).map(({ device }) => device),
  stationAlarms: [...stationAlarms],
});

const bedOf = (bed: BedState): SnapshotFrame['beds'][number] => ({
  id: bed.id,
  label: bed.label,
  patient: bed.patient,
  vitals: { ...bed.vitals },
  limits: bed.limits,
  deviceLimits: bed.deviceLimits,
  alarms: [...bed.alarms],
  inactivations: [...bed.inactivations],
  ...(bed.oxygen && { oxygen: bed.oxygen }),
  ...(bed.devices.length > 1 && { others: { ...bed.others } }),
  ...(bed.monitorAlarms.length > 0 && { monitorAlarms: [...bed.monitorAlarms] }),
});
