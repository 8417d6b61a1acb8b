import type { Alarm, AlarmAction, Inactivation } from '#domain/alarms/alarm.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';

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
