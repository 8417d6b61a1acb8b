import type {
  LatestValue,
  LiveDevice,
  LiveDeviceLimits,
  LiveLimits,
  LiveOxygen,
  LivePatient,
  SnapshotFrame,
} from '#contracts/live.ts';
import type { Alarm, Inactivation } from '#domain/alarms/alarm.ts';
import type { MonitorAlarm } from '#domain/monitor-alarms/alarm.ts';
import type { VitalId } from '#domain/vitals.ts';

/** The present of the ward as plain state: what a snapshot of each unit is made of. */
export type Present = {
  /** Names this life of the state, in which each unit counts its changes from 0. */
  readonly epoch: string;
  readonly startedAt: number;
  units: ReadonlyMap<string, UnitState>;
  beds: ReadonlyMap<string, BedState>;
  devices: ReadonlyMap<string, DeviceState>;
  stationAlarms: readonly Alarm[];
};

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
  /** Who and what is here: when it changes, what was measured before belongs to someone or something else. */
  readonly occupancy: string;
  readonly patient: LivePatient | null;
  readonly vitals: Partial<Record<VitalId, LatestValue>>;
  readonly limits: LiveLimits;
  readonly deviceLimits: LiveDeviceLimits;
  alarms: readonly Alarm[];
  inactivations: readonly Inactivation[];
  oxygen: LiveOxygen | undefined;
  monitorAlarms: readonly MonitorAlarm[];
  /** What no frame has told yet. */
  changed: Partial<Record<VitalId, LatestValue>> | undefined;
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
  stationAlarms: [],
});

/** All of a unit, as it now is. */
export const snapshotOf = (
  { epoch, beds, devices, stationAlarms }: Present,
  { id, name, seq }: UnitState,
  time: number,
): SnapshotFrame => ({
  type: 'snapshot',
  unit: id,
  name,
  seq,
  epoch,
  time,
  beds: [...beds.values()].filter((bed) => bed.unit === id).map(bedOf),
  devices: [...devices.values()].filter(({ unit }) => unit === id).map(({ device }) => device),
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
  ...(bed.monitorAlarms.length > 0 && { monitorAlarms: [...bed.monitorAlarms] }),
});
