import { VITAL_IDS } from '../vitals.ts';
import type { Alarm, Inactivation } from './alarm.ts';
import type { PlainKind } from './conditions.ts';

/**
 * What the engine remembers of one bed, or of the station: plain data, written as JSON between a stop and a start.
 * Never changed in place. About 1.5 kB for a bed with eight vitals.
 */
export type AlarmState = {
  /** The bed, or `station`: part of the alarms' ids. */
  readonly subject: string;
  /** Of the newest event, by the station's clock. */
  readonly at: number;
  /** Alarms so far: makes their ids unique. */
  readonly count: number;
  /** Grows whenever more than values and times of readings changed: what a restart must not forget. */
  readonly revision: number;
  readonly device: string | null;
  readonly encounter: number | null;
  /** When the newest vitals message arrived; null: none since this patient and device are here. */
  readonly heardAt: number | null;
  /** Silence counts from here at the earliest: the station started. */
  readonly resumedAt: number;
  /** And from here: the patient or device came, or standby ended. */
  readonly expectedFrom: number;
  /** When the device was back after its link was lost. */
  readonly linkBackAt: number;
  readonly missing: number;
  readonly plain: Readonly<Record<PlainKind, PlainTrack>>;
  /** By the vital's place in the catalogue; null: never heard of. */
  readonly vitals: readonly (VitalState | null)[];
  readonly inactivations: readonly Inactivation[];
  /** When the next thing is due by time; null: never. */
  readonly dueAt: number | null;
};

/** `since`: since when it holds; null: it does not. */
export type PlainTrack = { readonly since: number | null; readonly alarm: Alarm | null };

/** Since when a level holds, by the device's clock and by the station's. */
export type Since = { readonly time: number; readonly at: number };

/** Of one limit kind: `since` by level. */
export type LimitTrack = { readonly since: readonly (Since | null)[]; readonly alarm: Alarm | null };

export type VitalState = {
  /** The newest reading: when it was measured and when it arrived. `NEVER`: an alarm came along, and nothing was heard yet. */
  readonly time: number;
  readonly heardAt: number;
  readonly value: number | null;
  readonly quality: number;
  readonly isUsable: boolean;
  /** Nothing heard stands any more. */
  readonly isStale: boolean;
  /** null: neither counting nor open, as nearly always. */
  readonly low: LimitTrack | null;
  readonly high: LimitTrack | null;
  /** Since the last usable value: no value or a sensor fault, not good, and neither of any use. By the station's clock. */
  readonly noValueSince: number | null;
  readonly poorSince: number | null;
  readonly unusableSince: number | null;
  readonly signal: Alarm | null;
  /** Of the respiratory rate: measured time of the first breath, and whether zero means apnoea by now. */
  readonly firstBreathAt: number | null;
  readonly isArmed: boolean;
};

export const NEVER = 0;

/** A vital of which nothing was heard here. */
export const UNHEARD_VITAL: VitalState = {
  time: NEVER,
  heardAt: NEVER,
  value: null,
  quality: 0,
  isUsable: false,
  isStale: true,
  low: null,
  high: null,
  noValueSince: null,
  poorSince: null,
  unusableSince: null,
  signal: null,
  firstBreathAt: null,
  isArmed: false,
};

const IDLE: PlainTrack = { since: null, alarm: null };

export const IDLE_TRACKS: AlarmState['plain'] = {
  'device-link': IDLE,
  'device-data': IDLE,
  'device-battery': IDLE,
  'device-clock': IDLE,
  'device-gap': IDLE,
  'station-journal': IDLE,
  'station-database': IDLE,
};

/** Of a bed nobody is in, or of the station, before anything happened. */
export const initialState = (subject: string): AlarmState => ({
  subject,
  at: 0,
  count: 0,
  revision: 0,
  device: null,
  encounter: null,
  heardAt: null,
  resumedAt: 0,
  expectedFrom: 0,
  linkBackAt: 0,
  missing: 0,
  plain: IDLE_TRACKS,
  vitals: VITAL_IDS.map(() => null),
  inactivations: [],
  dueAt: null,
});

/** All alarms there are, in the order of kinds. */
export const openAlarms = (state: AlarmState): Alarm[] => {
  const alarms: Alarm[] = [];
  for (const { alarm } of Object.values(state.plain)) if (alarm) alarms.push(alarm);
  for (const vital of state.vitals) {
    if (!vital) continue;
    for (const alarm of [vital.low?.alarm, vital.high?.alarm, vital.signal]) if (alarm) alarms.push(alarm);
  }
  return alarms;
};
