import { VITAL_GROUPS } from '../vitals.ts';
import type { Alarm, Inactivation } from './alarm.ts';
import { type DeviceState, NEVER, unheardDevice } from './device-state.ts';
import { COURSE_KIND_IDS, type CourseKindId } from './names.ts';

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
  /**
   * The devices of the bed, the one that came first first. There is always one: at a bed without a device, and for the
   * station, one whose id is null.
   */
  readonly devices: readonly DeviceState[];
  readonly encounter: number | null;
  /** When the station started: silence counts from here at the earliest. */
  readonly resumedAt: number;
  /** Whether this patient's heart was seen to beat, and the patient to breathe, so that 0 means a standstill. */
  readonly hasBeaten: boolean;
  readonly hasBreathed: boolean;
  /** Whether the arterial line and the oximeter both found this patient's pulse. */
  readonly hasPulsed: boolean;
  /** Who recorded that the patient breathes room air, and when; null: nobody did, or oxygen was recorded since. */
  readonly roomAir: { readonly by: string; readonly at: number } | null;
  /** Whether the high limit of SpO2 is off (C10). */
  readonly isHighSpo2Off: boolean;
  /** The gateways that are lost, of the station; a bed has none. */
  readonly gateways: readonly GatewayTrack[];
  /** Indexed by the vital's place in the catalogue; null, or beyond the end: the vital was never heard. */
  readonly vitals: readonly (VitalState | null)[];
  readonly inactivations: readonly Inactivation[];
  /** When the next thing is due by time; null: nothing is due. */
  readonly dueAt: number | null;
};

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

/**
 * What `disagree` remembers while another device than the source measures something else: since when, when its newest
 * value arrived, and that value.
 */
export type DisagreeTrack = {
  readonly device: string;
  readonly since: number;
  readonly heardAt: number;
  readonly value: number;
  readonly alarm: Alarm | null;
};

/** What `pulseless` remembers: since when, by the station's time, no pulse was found beside the ECG. */
export type PulselessTrack = { readonly since: number | null; readonly alarm: Alarm | null };

type TrackOf = {
  readonly change: ChangeTrack;
  readonly burden: BurdenTrack;
  readonly disagree: DisagreeTrack;
  readonly pulseless: PulselessTrack;
};

/** What the kinds that depend on the course of a value remember, by the name of the kind. */
export type CourseTracks = { readonly [Kind in CourseKindId]?: TrackOf[Kind] | undefined };

export type VitalState = {
  /** The device whose readings count; null: no device measures the vital any more, and the next that does is taken. */
  readonly source: string | null;
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

/** A vital that was never heard at this bed. */
export const UNHEARD_VITAL: VitalState = {
  source: null,
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
  source: vital.source,
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

/**
 * The first vitals of the catalogue, which nearly every bed has: a state holds room for the others from when they are first
 * heard, so that it stays as small, and as fast to copy, as what a bed sends.
 */
const USUAL = Object.keys(VITAL_GROUPS.basic);

/** The state of an empty bed, or of the station, before anything happened. */
export const initialState = (subject: string): AlarmState => ({
  subject,
  at: 0,
  count: 0,
  revision: 0,
  devices: [unheardDevice(null, 0)],
  encounter: null,
  resumedAt: 0,
  hasBeaten: false,
  hasBreathed: false,
  hasPulsed: false,
  roomAir: null,
  isHighSpo2Off: false,
  gateways: [],
  vitals: USUAL.map(() => null),
  inactivations: [],
  dueAt: null,
});

/** The device whose readings of the vital count; undefined: it is not at the bed any more. */
export const sourceOf = ({ devices }: AlarmState, { source }: VitalState): DeviceState | undefined => {
  // Nearly always it is the first, and this is asked for every vital after every event.
  for (let place = 0; place < devices.length; place++) if (devices[place]?.id === source) return devices[place];
  return undefined;
};

/** How far apart readings of the vital are expected to be; null: as good as continuously. */
export const intervalOf = (state: AlarmState, vital: VitalState): number | null =>
  sourceOf(state, vital)?.intervalMs ?? null;

const alarmsOf = ({ low, high, courses, signal }: VitalState): Alarm[] =>
  [low?.alarm, high?.alarm, ...COURSE_KIND_IDS.map((kind) => courses?.[kind]?.alarm), signal].filter(
    (alarm) => !!alarm,
  );

/** All open alarms, in the order of kinds. */
export const openAlarms = (state: AlarmState): Alarm[] => {
  const alarms: Alarm[] = [];
  for (const { technical } of state.devices) {
    for (const { alarm } of Object.values(technical)) if (alarm) alarms.push(alarm);
  }
  for (const { alarm } of state.gateways) if (alarm) alarms.push(alarm);
  for (const vital of state.vitals) if (vital) alarms.push(...alarmsOf(vital));
  return alarms;
};
