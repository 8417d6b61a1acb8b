import { z } from 'zod';
import { DEVICE_ROLES, DeviceRole } from '../sources/roles.ts';
import { type AgeGroup, type VitalId, vital } from '../vitals.ts';
import { hasCourseKind } from './names.ts';

/** The alarm settings of one vital, and the figures of the presets for it. Those marked [?] are unconfirmed. */

const SECOND = 1_000;

/** [?] The time within which a change must happen to alarm, unless the site sets another. */
export const CHANGE_WITHIN_MS = 300 * SECOND;

/** [?] The time over which values below the low limit are summed up, unless the site sets another. */
export const LOW_BURDEN_WITHIN_MS = 600 * SECOND;

/** [?] For how long two devices must disagree to alarm, unless the site sets another time. */
export const DISAGREE_AFTER_MS = 60 * SECOND;

/** [?] How long no pulse must be found beside an ECG that goes on, unless the site sets another time. */
export const NO_PULSE_DELAY_MS = 10 * SECOND;

/** The most readings that a setting can ask for; more are not counted. */
export const MAX_READINGS = 5;

const Threshold = z.number().nullable();

export const VitalAlarmSettings = z.strictObject({
  /** The limits, in the vital's catalogue unit; null: no limit on that side. */
  low: Threshold,
  high: Threshold,
  /**
   * The thresholds of high-priority alarms (extreme brady- and tachycardia, hypotension, desaturation); null: the vital
   * has none, or the site has yet to set it.
   */
  extremeLow: Threshold,
  extremeHigh: Threshold,
  /** How long a value must be past the threshold before the condition exists. */
  delayMs: z
    .number()
    .min(0)
    .max(30 * SECOND),
  extremeDelayMs: z
    .number()
    .min(0)
    .max(20 * SECOND),
  /** The delay of `extremeLow`; null: it is `extremeDelayMs`, as for `extremeHigh`. */
  extremeLowDelayMs: z
    .number()
    .min(0)
    .max(20 * SECOND)
    .nullable(),
  /** How many readings past the extreme there must be, however long a single one stays valid. */
  extremeReadings: z.int().min(1).max(MAX_READINGS),
  /** How far back inside the limit a value must be before the condition ends. */
  hysteresis: z.number().min(0),
  /**
   * A change by more than this, up or down, within `changeWithinMs` alarms; null or absent: no change does. In the
   * vital's catalogue unit.
   */
  changeBy: z.number().positive().nullable().optional(),
  /** Absent: `CHANGE_WITHIN_MS` applies. */
  changeWithinMs: z
    .number()
    .min(60 * SECOND)
    .max(3_600 * SECOND)
    .optional(),
  /**
   * How far values may be below `low`, times how long, within `lowBurdenWithinMs` in sum: in the vital's catalogue unit
   * × seconds. null or absent: nobody sums it up. Only SpO2 can have it (C12).
   */
  lowBurden: z.number().positive().nullable().optional(),
  /** Absent: `LOW_BURDEN_WITHIN_MS` applies. */
  lowBurdenWithinMs: z
    .number()
    .min(120 * SECOND)
    .max(3_600 * SECOND)
    .optional(),
  /**
   * Values of another device at the bed that are farther from those of the source than this, in the vital's catalogue
   * unit, alarm; null or absent: none do (C13).
   */
  disagreeBy: z.number().positive().nullable().optional(),
  /** For how long they must be; absent: `DISAGREE_AFTER_MS`. */
  disagreeAfterMs: z
    .number()
    .min(10 * SECOND)
    .max(3_600 * SECOND)
    .optional(),
  /** The roles of the devices whose value is preferred, the best first (H3); absent: as in `domain/sources/choice.ts`. */
  sources: z.array(DeviceRole).min(1).max(DEVICE_ROLES.length).optional(),
});
export type VitalAlarmSettings = z.infer<typeof VitalAlarmSettings>;

/** Whether any setting makes the engine decide by the vital's values (D1). */
export const isAnySet = ({ low, high, extremeLow, extremeHigh, changeBy }: VitalAlarmSettings): boolean =>
  low !== null || high !== null || extremeLow !== null || extremeHigh !== null || (changeBy ?? null) !== null;

const burdenProblems = (id: VitalId, { low, lowBurden = null, lowBurdenWithinMs }: VitalAlarmSettings): string[] => {
  if (lowBurden === null) return [];
  if (!hasCourseKind(id, 'burden')) return [`${id}: has no condition for lowBurden`];
  const most =
    ((low ?? Number.POSITIVE_INFINITY) - vital(id).plausible[0]) *
    ((lowBurdenWithinMs ?? LOW_BURDEN_WITHIN_MS) / SECOND);
  return lowBurden < most
    ? []
    : [`${id}: lowBurden ${lowBurden} could never be reached below ${low} ${vital(id).unit}`];
};

/** The problems of a vital's settings that show without comparing them with each other. */
export const ownProblems = (id: VitalId, settings: VitalAlarmSettings): string[] => {
  const { low, high, extremeLow, extremeHigh, changeBy = null } = settings;
  const { plausible, unit } = vital(id);
  const [min, max] = plausible;
  const problems = Object.entries({ low, high, extremeLow, extremeHigh }).flatMap(([name, value]) =>
    value !== null && (value < min || value > max) ? [`${id}: ${name} ${value} is outside ${min}…${max} ${unit}`] : [],
  );
  if (changeBy !== null && changeBy >= max - min) {
    problems.push(`${id}: changeBy ${changeBy} could never be reached within ${min}…${max} ${unit}`);
  }
  const { sources = [] } = settings;
  if (new Set(sources).size < sources.length) problems.push(`${id}: sources names a role twice`);
  return [...problems, ...burdenProblems(id, settings)];
};

type Range = readonly [low: number | null, high: number | null];

/**
 * Philips rule: limit ∓ 20, not beyond 40 … 200 (adult); figures [?]. Desaturation 80 (Mindray, Contec). Arterial
 * pressures [?]: the site has to confirm them; those of children and neonates depend on age, so the site has to set
 * them.
 */
const EXTREMES: Record<AgeGroup, Partial<Record<VitalId, Range>>> = {
  adult: {
    'heart-rate': [40, 140],
    'pulse-rate': [40, 140],
    spo2: [80, null],
    'abp-systolic': [50, null],
    'abp-mean': [40, null],
  },
  paediatric: { 'heart-rate': [55, 180], 'pulse-rate': [55, 180], spo2: [80, null] },
  neonatal: { 'heart-rate': [80, 220], 'pulse-rate': [80, 220], spo2: [80, null] },
};

/**
 * Delays: SpO2 10 s (Philips [?], NICU 10 to 15 s); others within the 15 s of Mindray. Intermittent vitals have none.
 */
const DELAY_MS: Partial<Record<VitalId, number>> = { spo2: 10 * SECOND };
const DEFAULT_DELAY_MS = { continuous: 5 * SECOND, intermittent: 0 } as const;
const EXTREME_DELAY_MS: Partial<Record<VitalId, number>> = {
  'heart-rate': 5 * SECOND,
  'pulse-rate': 5 * SECOND,
  spo2: 10 * SECOND,
  'abp-systolic': 10 * SECOND,
  'abp-mean': 10 * SECOND,
};

/** [?] One second at a rate of 150 or 30 is more often an artefact than not; a neonate's bradycardia alarms at once. */
const RATES: readonly VitalId[] = ['heart-rate', 'pulse-rate'];
const extremeRate = (ageGroup: AgeGroup): Pick<VitalAlarmSettings, 'extremeLowDelayMs' | 'extremeReadings'> =>
  ageGroup === 'neonatal'
    ? { extremeLowDelayMs: 0, extremeReadings: 1 }
    : { extremeLowDelayMs: 3 * SECOND, extremeReadings: 2 };

/** [?] Half of the smallest difference that a person would call a change. Newer vitals have theirs in the catalogue. */
const HYSTERESIS: Partial<Record<VitalId, number>> = {
  'heart-rate': 5,
  'pulse-rate': 5,
  spo2: 1,
  temperature: 0.1,
  'perfusion-index': 0.1,
  cvp: 1,
  fio2: 1,
  etco2: 1,
  'respiratory-rate': 1,
};
const DEFAULT_HYSTERESIS = 2;

/**
 * [?] One per cent below the limit on average over the set time, about six dips to 78 % of nine seconds each. None of the
 * recordings of 26 patients comes near it. Newborns are expected to dip often, so the site has to set theirs.
 */
const LOW_BURDEN: Readonly<Record<AgeGroup, Partial<Record<VitalId, number>>>> = {
  adult: { spo2: 600 },
  paediatric: { spo2: 600 },
  neonatal: {},
};

/** [?] More than two good sensors on one patient differ: two of accuracy ±3 % of saturation, ±5 to ±10 of a rate. */
const DISAGREE_BY: Partial<Record<VitalId, number>> = {
  'heart-rate': 20,
  'pulse-rate': 20,
  spo2: 6,
  'respiratory-rate': 10,
};

/** The settings of the vital in the preset of the age group. */
export const presetVital = (id: VitalId, ageGroup: AgeGroup): VitalAlarmSettings => {
  const { limits, measured, hysteresis = DEFAULT_HYSTERESIS } = vital(id);
  const [extremeLow, extremeHigh] = EXTREMES[ageGroup][id] ?? [null, null];
  const lowBurden = LOW_BURDEN[ageGroup][id];
  const disagreeBy = DISAGREE_BY[id];
  return {
    ...limits[ageGroup],
    extremeLow,
    extremeHigh,
    delayMs: DELAY_MS[id] ?? DEFAULT_DELAY_MS[measured],
    extremeDelayMs: EXTREME_DELAY_MS[id] ?? 0,
    ...(RATES.includes(id) ? extremeRate(ageGroup) : { extremeLowDelayMs: null, extremeReadings: 1 }),
    hysteresis: HYSTERESIS[id] ?? hysteresis,
    ...(lowBurden !== undefined && { lowBurden }),
    ...(disagreeBy !== undefined && { disagreeBy }),
  };
};
