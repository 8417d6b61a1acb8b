import type { Alarm, AlarmAction, Inactivation } from './alarms/alarm.ts';
import type { AlarmConfig } from './alarms/settings.ts';
import type { AlarmFrame, DeviceFrame, SnapshotFrame, VitalsFrame, WaveFrame } from './live.ts';

/** A change for screens, encoded once however many screens there are. */
export type LiveChange = { readonly frame: VitalsFrame | WaveFrame | DeviceFrame | AlarmFrame; readonly text: string };

/** What ingest tells broker and API. */
export type BusEvents = {
  'live:changed': LiveChange;
  /** Beds, patients or devices of a unit are others than before, or a unit is new: screens need a new snapshot. */
  'unit:changed': { readonly unit: string };
};

/** The present state of the ward, from memory: it answers with the database stopped. */
export type LiveState = {
  readonly units: () => { readonly id: string; readonly name: string }[];
  /** undefined when there is no such unit. */
  readonly snapshot: (unit: string) => SnapshotFrame | undefined;
};

export type BedAlarms = {
  readonly unit: string;
  readonly bed: string;
  readonly alarms: readonly Alarm[];
  readonly inactivations: readonly Inactivation[];
};

type Timeless<Action> = Action extends unknown ? Omit<Action, 'at'> : never;

/** What a person asks of the alarm engine; the station says when. */
export type AskedAction = Timeless<AlarmAction>;

/** The alarms of the ward as they now are, from memory: all of it works with the database stopped. */
export type AlarmDesk = {
  /** Beds of a unit, or of all, that have an alarm or an inactivation; and the station's own alarms. */
  readonly active: (unit?: string) => { readonly beds: readonly BedAlarms[]; readonly station: readonly Alarm[] };
  /** The settings in force. undefined when there is no such bed. */
  readonly config: (bed: string) => AlarmConfig | undefined;
  /** The bed of an alarm that is there now: undefined when there is none, null for an alarm of the station. */
  readonly bedOf: (alarm: string) => string | null | undefined;
  /** Resolves when it is stored and announced; rejects with an ActionRefusedError. `bed` null: the station. */
  readonly act: (bed: string | null, action: AskedAction) => Promise<void>;
  /** What a person recorded of what the patient breathes. Resolves once it is stored and told; rejects with an ActionRefusedError. */
  readonly recordOxygen: (bed: string, oxygen: { readonly by: string; readonly roomAir: boolean }) => Promise<void>;
  /** A screen has drawn these alarms. The first to do so counts. */
  readonly shown: (alarms: readonly string[]) => void;
};
