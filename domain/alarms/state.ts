import { VITAL_IDS } from '../vitals.ts';
import type { Alarm, Inactivation } from './alarm.ts';
import { COURSE_KIND_IDS, type TechnicalKindId } from './names.ts';

/**
 * What the engine remembers of one bed, or of the station: plain data, written as JSON between a stop and a start.
 * Never changed in place. About 1.5 kB for a bed with eight vitals.
 */
export type AlarmState = {
  /** The bed, or `station`: part of the alarms' ids. */
  readonly subject: string;
  /** When the newest event happened, by the station's clock. */
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
  /** How often the device is expected to send; null: as good as continuously. */
  readonly intervalMs: number | null;
  /** Whether beats, and breaths, of this patient were seen: 0 is a standstill by now. */
  readonly hasBeaten: boolean;
  readonly hasBreathed: boolean;
  /** Who recorded that the patient breathes room air, and when; null: not recorded, or oxygen was given since. */
  readonly roomAir: { readonly by: string; readonly at: number } | null;
  /** The high limit of SpO2 is not in force (C10). */
  readonly isHighSpo2Off: boolean;
  /** By technical kind. Stored as `plain`: its name in every release so far. */
  readonly technical: Readonly<Record<TechnicalKindId, TechnicalTrack>>;
  /** By the vital's place in the catalogue; null: never heard of. */
  readonly vitals: readonly (VitalState | null)[];
  readonly inactivations: readonly Inactivation[];
  /** When the next thing is due by time; null: never. */
  readonly dueAt: number | null;
};

/** `since`: since when it holds; null: it does not. */
export type TechnicalTrack = { readonly since: number | null; readonly alarm: Alarm | null };

/** Since when a level holds, by the device's clock and by the station's, and in how many readings, as far as that is asked for. */
export type Since = { readonly time: number; readonly at: number; readonly readings: number };

/**
 * What is remembered of one limit kind: `since` by level. `isPart`: its value holds an alarm: its own, or the one that is announced for all vitals of
 * the measurement, which stands with the vital that began it.
 */
export type LimitTrack = {
  readonly since: readonly (Since | null)[];
  readonly alarm: Alarm | null;
  readonly isPart: boolean;
};

/** A stretch of measured time, and the lowest and the highest usable value in it. */
export type Stretch = { readonly from: number; readonly low: number; readonly high: number };

/** A usable value, and when it was measured. */
export type Measured = { readonly time: number; readonly value: number };

/**
 * What a kind remembers that goes by the course of a value: the stretches before the newest value, the oldest first; that
 * value; since when the condition holds.
 */
export type CourseTrack = {
  readonly course: readonly Stretch[];
  readonly newest: Measured | null;
  readonly since: Since | null;
  readonly alarm: Alarm | null;
};

/** By the name of the kind. */
export type CourseTracks = Readonly<Record<string, CourseTrack>>;

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
  /** null: no kind goes by the course of this vital, as nearly always. */
  readonly courses: CourseTracks | null;
  /** Since the last usable value: no value or a sensor fault, not good, and neither of any use. By the station's clock. */
  readonly noValueSince: number | null;
  readonly poorSince: number | null;
  readonly unusableSince: number | null;
  readonly signal: Alarm | null;
  /** Its signal is lost, as an alarm says: its own, or the one of its probe. */
  readonly isLost: boolean;
  /** When the first beat or breath was measured; only the heart rate and the respiratory rate have it. */
  readonly firstSignAt: number | null;
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
  courses: null,
  noValueSince: null,
  poorSince: null,
  unusableSince: null,
  signal: null,
  isLost: false,
  firstSignAt: null,
};

/** Property by property: a spread takes three times the memory and twice the time, and it is made for every reading. */
export const copyVital = (vital: VitalState): VitalState => ({
  time: vital.time,
  heardAt: vital.heardAt,
  value: vital.value,
  quality: vital.quality,
  isUsable: vital.isUsable,
  isStale: vital.isStale,
  low: vital.low,
  high: vital.high,
  courses: vital.courses,
  noValueSince: vital.noValueSince,
  poorSince: vital.poorSince,
  unusableSince: vital.unusableSince,
  signal: vital.signal,
  isLost: vital.isLost,
  firstSignAt: vital.firstSignAt,
});

const IDLE: TechnicalTrack = { since: null, alarm: null };

export const IDLE_TRACKS: AlarmState['technical'] = {
  'device-link': IDLE,
  'device-data': IDLE,
  'device-battery': IDLE,
  'device-clock': IDLE,
  'device-gap': IDLE,
  'station-journal': IDLE,
  'station-database': IDLE,
};

/** The state of an empty bed, or of the station, before anything happened. */
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
  intervalMs: null,
  hasBeaten: false,
  hasBreathed: false,
  roomAir: null,
  isHighSpo2Off: false,
  technical: IDLE_TRACKS,
  vitals: VITAL_IDS.map(() => null),
  inactivations: [],
  dueAt: null,
});

const alarmsOf = ({ low, high, courses, signal }: VitalState): Alarm[] =>
  [low?.alarm, high?.alarm, ...COURSE_KIND_IDS.map((kind) => courses?.[kind]?.alarm), signal].filter(
    (alarm) => !!alarm,
  );

/** All alarms there are, in the order of kinds. */
export const openAlarms = (state: AlarmState): Alarm[] => {
  const alarms: Alarm[] = [];
  for (const { alarm } of Object.values(state.technical)) if (alarm) alarms.push(alarm);
  for (const vital of state.vitals) if (vital) alarms.push(...alarmsOf(vital));
  return alarms;
};
