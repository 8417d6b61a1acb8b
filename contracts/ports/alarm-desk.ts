import type { Alarm, AlarmAction, Inactivation } from '#domain/alarms/alarm.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import type { MonitorAlarm } from '#domain/monitor-alarms/alarm.ts';

export type BedAlarms = {
  readonly unit: string;
  readonly bed: string;
  readonly alarms: readonly Alarm[];
  readonly inactivations: readonly Inactivation[];
  /** Those that monitors report; left out: none. */
  readonly monitorAlarms?: readonly MonitorAlarm[];
};

export type ActiveAlarms = { readonly beds: readonly BedAlarms[]; readonly station: readonly Alarm[] };

type Timeless<Action> = Action extends unknown ? Omit<Action, 'at'> : never;

/** What a person asks of the alarm engine, without a time: the station adds it. */
export type AskedAction = Timeless<AlarmAction>;

/** The alarms of the ward as they now are, and what people do about them. All of it works with the database stopped. */
export type AlarmDesk = {
  /**
   * Called to list what was announced and is not over: the beds, of one unit or of all, that have an alarm or an
   * inactivation, and the station's own alarms.
   */
  readonly active: (unit?: string) => Promise<ActiveAlarms>;
  /** The settings in force at a bed; undefined when there is no such bed. */
  readonly config: (bed: string) => Promise<AlarmConfig | undefined>;
  /** The bed of an alarm that is open now; undefined when there is no such alarm, null for an alarm of the station. */
  readonly bedOf: (alarm: string) => Promise<string | null | undefined>;
  /**
   * Called when a person acts on an alarm, or switches alarms off or on. `bed` null: the station. Resolves when the
   * action is stored and announced; rejects with an ActionRefusedError, and then nothing was done.
   */
  readonly act: (bed: string | null, action: AskedAction) => Promise<void>;
  /** Called when a person recorded what the patient breathes. Resolves and rejects as `act` does. */
  readonly recordOxygen: (bed: string, oxygen: { readonly by: string; readonly roomAir: boolean }) => Promise<void>;
  /** Called when a screen has drawn these alarms. Only the first screen counts, and no caller waits for it. */
  readonly shown: (alarms: readonly string[]) => void;
};
