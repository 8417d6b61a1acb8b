import type {
  LatestOthers,
  LatestVitals,
  LiveDevice,
  LiveDeviceLimits,
  LiveLimits,
  LiveOxygen,
  LivePatient,
} from '#contracts/live.ts';
import type { Alarm, Inactivation } from '#domain/alarms/alarm.ts';
import type { MonitorAlarm } from '#domain/monitor-alarms/alarm.ts';

/** What the page knows of the ward: plain data, changed only by the edits in `apply.ts`. */

export type BedState = {
  readonly id: string;
  readonly unit: string;
  label: string;
  patient: LivePatient | null;
  vitals: LatestVitals;
  limits: LiveLimits;
  deviceLimits: LiveDeviceLimits;
  alarms: readonly Alarm[];
  inactivations: readonly Inactivation[];
  oxygen?: LiveOxygen | undefined;
  /** By device: values of vitals of which another device is the source. */
  others?: LatestOthers | undefined;
  /** Alarms that monitors report. */
  monitorAlarms?: readonly MonitorAlarm[] | undefined;
};

export type UnitState = {
  readonly id: string;
  name: string;
  /** The life of the station by which `seq` counts; '' before the first snapshot. */
  epoch: string;
  /** The last change of this unit that is in here. */
  seq: number;
  /** False from a welcome or a gap until the next snapshot: something may be missing. */
  inStep: boolean;
  /** False until a snapshot has come over the present connection: what is here is from before. */
  joined: boolean;
  beds: Map<string, BedState>;
  devices: Map<string, LiveDevice>;
};

export type WardState = {
  /** The version of the station that answered first; another one means that the page itself is outdated. */
  version: string | undefined;
  outdated: boolean;
  /** The station has said over the present connection which units there are. */
  isWelcome: boolean;
  /** Every unit that the station has. */
  offered: readonly { readonly id: string; readonly name: string }[];
  /** Ids of units to be followed; none: all. */
  wanted: readonly string[];
  /** Those that this screen follows. */
  units: Map<string, UnitState>;
  /** The station's own alarms; each unit's snapshot has them, and they are the same in all. */
  stationAlarms: readonly Alarm[];
  /** Counts the changes of who is in which bed of which unit, so that a view knows when to rebuild its tiles. */
  rosterVersion: number;
};

export const createWardState = (): WardState => ({
  version: undefined,
  outdated: false,
  isWelcome: false,
  offered: [],
  wanted: [],
  units: new Map(),
  stationAlarms: [],
  rosterVersion: 0,
});

export const createUnitState = (id: string, name: string): UnitState => ({
  id,
  name,
  epoch: '',
  seq: 0,
  inStep: false,
  joined: false,
  beds: new Map(),
  devices: new Map(),
});

export const allBeds = (state: WardState): BedState[] =>
  [...state.units.values()].flatMap((unit) => [...unit.beds.values()]);

/** Every unit of the welcome has sent its snapshot over the present connection; a new station has none. */
export const isJoined = (state: WardState): boolean =>
  state.isWelcome && [...state.units.values()].every((unit) => unit.joined);

export const devicesOf = (state: WardState, bed: BedState): LiveDevice[] =>
  [...(state.units.get(bed.unit)?.devices.values() ?? [])].filter((device) => device.bed === bed.id);
