import { VITAL_IDS } from '../vitals.ts';
import type { Alarm, Inactivation } from './alarm.ts';
import { COURSE_KIND_IDS, type CourseKindId, type TechnicalKindId } from './names.ts';

/**
 * What the engine remembers of one bed, or of the station: plain data, written as JSON to survive a restart. A state is
 * never changed in place. It takes about 1.5 kB for a bed with eight vitals.
 */
export type AlarmState = {
  /** The bed, or `station`: part of the alarms' ids. */
  readonly subject: string;
  /** When the newest event happened, by the station's clock. */
  readonly at: number;
  /** How many alarms there were so far; it makes their ids unique. */
  readonly count: number;
  /** Grows whenever something changed that a restart must not forget: more than values and times of readings. */
  readonly revision: number;
  readonly device: string | null;
  readonly encounter: number | null;
  /** When the newest vitals message arrived; null: none has arrived since this patient and device are here. */
  readonly heardAt: number | null;
  /** When the station started: silence counts from here at the earliest. */
  readonly resumedAt: number;
  /** When the patient or device came, or standby ended: silence counts from here at the earliest too. */
  readonly expectedFrom: number;
  /** When the device was back after its link was lost. */
  readonly linkBackAt: number;
  readonly missing: number;
  /** When the device last sent anything else than before, by the station's clock (D11). */
  readonly changedAt: number;
  /** How far apart the device's messages are expected to be; null: as good as continuously. */
  readonly intervalMs: number | null;
  /** Whether this patient's heart was seen to beat, and the patient to breathe, so that 0 means a standstill. */
  readonly hasBeaten: boolean;
  readonly hasBreathed: boolean;
  /** Who recorded that the patient breathes room air, and when; null: nobody did, or oxygen was recorded since. */
  readonly roomAir: { readonly by: string; readonly at: number } | null;
  /** Whether the high limit of SpO2 is off (C10). */
  readonly isHighSpo2Off: boolean;
  /** The tracks of the technical kinds. They are stored under the name `plain`, as in every release so far. */
  readonly technical: Readonly<Record<TechnicalKindId, TechnicalTrack>>;
  /** The gateways that are lost, of the station; a bed has none. */
  readonly gateways: readonly GatewayTrack[];
  /** Indexed by the vital's place in the catalogue; null: the vital was never heard. */
  readonly vitals: readonly (VitalState | null)[];
  readonly inactivations: readonly Inactivation[];
  /** When the next thing is due by time; null: nothing is due. */
  readonly dueAt: number | null;
};

/** `since` is when the condition began to hold; null: it does not hold. */
export type TechnicalTrack = { readonly since: number | null; readonly alarm: Alarm | null };

/** A gateway that is lost since `since`, for so many beds. */
export type GatewayTrack = {
  readonly gateway: string;
  readonly beds: number;
  readonly since: number;
  readonly alarm: Alarm | null;
};

/**
 * Since when a level holds: `time` by the device's clock, `at` by the station's. `readings` counts the readings that
 * met it, no further than a setting can ask for.
 */
export type Since = { readonly time: number; readonly at: number; readonly readings: number };

/**
 * What is remembered of one limit kind. `since` is indexed by level. `isPart`: the vital's value keeps an alarm going,
 * its own or the one that is announced for all vitals of the measurement and is kept with the vital that began it.
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
 * What `change` remembers: the stretches before the newest value, the oldest first; that value; since when the condition
 * holds.
 */
export type ChangeTrack = {
  readonly course: readonly Stretch[];
  readonly newest: Measured | null;
  readonly since: Since | null;
  readonly alarm: Alarm | null;
};

/**
 * A portion of measured time: how far values that were measured in it were below their limit, times how long they were
 * in force, in the vital's unit × ms.
 */
export type Portion = { readonly from: number; readonly burden: number };

/**
 * What `burden` remembers: the portions in which there was a burden, the oldest first; and how far below the limit the
 * newest value is, which goes into a portion with the next reading. null: it is not below.
 */
export type BurdenTrack = {
  readonly portions: readonly Portion[];
  readonly newest: { readonly time: number; readonly depth: number } | null;
  readonly alarm: Alarm | null;
};

type TrackOf = { readonly change: ChangeTrack; readonly burden: BurdenTrack };

/** What the kinds that depend on the course of a value remember, by the name of the kind. */
export type CourseTracks = { readonly [Kind in CourseKindId]?: TrackOf[Kind] | undefined };

export type VitalState = {
  /**
   * When the newest reading was measured, and when it arrived. `NEVER`: nothing was heard yet, and an alarm was brought
   * along from another bed.
   */
  readonly time: number;
  readonly heardAt: number;
  readonly value: number | null;
  readonly quality: number;
  readonly isUsable: boolean;
  /** In how many readings in a row the vital said the same, counted no further than D11 asks for. */
  readonly sameReadings: number;
  /** Whether the newest reading is too old to be valid. */
  readonly isStale: boolean;
  /** null: nothing counts and no alarm is open, which is nearly always so. */
  readonly low: LimitTrack | null;
  readonly high: LimitTrack | null;
  /** null: no kind watches the course of this vital, which is nearly always so. */
  readonly courses: CourseTracks | null;
  /**
   * Since when, by the station's clock: there is no value or a sensor fault; the quality is not good; nothing is
   * usable. null: that is not so.
   */
  readonly noValueSince: number | null;
  readonly poorSince: number | null;
  readonly unusableSince: number | null;
  readonly signal: Alarm | null;
  /** Whether an alarm says that the signal is lost: the vital's own, or that of its probe. */
  readonly isLost: boolean;
  /** When the first beat or breath was measured; only the heart rate and the respiratory rate have it. */
  readonly firstSignAt: number | null;
};

export const NEVER = 0;

/** A vital that was never heard at this bed. */
export const UNHEARD_VITAL: VitalState = {
  time: NEVER,
  heardAt: NEVER,
  value: null,
  quality: 0,
  isUsable: false,
  sameReadings: 0,
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

/**
 * Copies property by property, because every reading makes a copy: a spread takes three times the memory and twice the
 * time.
 */
export const copyVital = (vital: VitalState): VitalState => ({
  time: vital.time,
  heardAt: vital.heardAt,
  value: vital.value,
  quality: vital.quality,
  isUsable: vital.isUsable,
  sameReadings: vital.sameReadings,
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
  'device-frozen': IDLE,
  'gateway-link': IDLE,
  'station-journal': IDLE,
  'station-database': IDLE,
};

const isIdle = ({ since, alarm }: TechnicalTrack): boolean => since === null && alarm === null;

/** The one object for tracks that are all idle, so that the engine sees it at a glance; else the tracks as they are. */
export const settled = (tracks: AlarmState['technical']): AlarmState['technical'] =>
  Object.values(tracks).every(isIdle) ? IDLE_TRACKS : tracks;

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
  changedAt: 0,
  intervalMs: null,
  hasBeaten: false,
  hasBreathed: false,
  roomAir: null,
  isHighSpo2Off: false,
  technical: IDLE_TRACKS,
  gateways: [],
  vitals: VITAL_IDS.map(() => null),
  inactivations: [],
  dueAt: null,
});

const alarmsOf = ({ low, high, courses, signal }: VitalState): Alarm[] =>
  [low?.alarm, high?.alarm, ...COURSE_KIND_IDS.map((kind) => courses?.[kind]?.alarm), signal].filter(
    (alarm) => !!alarm,
  );

/** All open alarms, in the order of kinds. */
export const openAlarms = (state: AlarmState): Alarm[] => {
  const alarms: Alarm[] = [];
  for (const { alarm } of Object.values(state.technical)) if (alarm) alarms.push(alarm);
  for (const { alarm } of state.gateways) if (alarm) alarms.push(alarm);
  for (const vital of state.vitals) if (vital) alarms.push(...alarmsOf(vital));
  return alarms;
};
