import { z } from 'zod';
import { type AgeGroup, type VitalId, vital } from '../vitals.ts';

/** The alarm settings of one vital, and the figures of the presets for it. Those marked [?] are unconfirmed. */

const SECOND = 1_000;

/** [?] Within which time a vital that is to alarm by its change must have moved, unless the site says otherwise. */
export const CHANGE_WITHIN_MS = 300 * SECOND;

/** More are never asked for, and not counted. */
export const MAX_READINGS = 5;

const Threshold = z.number().nullable();

export const VitalAlarmSettings = z.strictObject({
  /** Limit alarms; null: none on that side. In the vital's catalogue unit. */
  low: Threshold,
  high: Threshold,
  /** High-priority alarms (extreme brady- and tachycardia, desaturation); null only where the vital has none. */
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
  /** The delay of `extremeLow`, where it is not that of `extremeHigh`; null: it is `extremeDelayMs` too. */
  extremeLowDelayMs: z
    .number()
    .min(0)
    .max(20 * SECOND)
    .nullable(),
  /** How many readings past the extreme there must be, however long one stands. */
  extremeReadings: z.int().min(1).max(MAX_READINGS),
  /** How far back inside the limit a value must be before the condition ends. */
  hysteresis: z.number().min(0),
  /** A move by more than this, up or down, within `changeWithinMs` alarms; null or absent: none does. In the vital's catalogue unit. */
  changeBy: z.number().positive().nullable().optional(),
  /** Absent: `CHANGE_WITHIN_MS`. */
  changeWithinMs: z
    .number()
    .min(60 * SECOND)
    .max(3_600 * SECOND)
    .optional(),
});
export type VitalAlarmSettings = z.infer<typeof VitalAlarmSettings>;

/** Something is decided by the vital's values (D1). */
export const isAnySet = ({ low, high, extremeLow, extremeHigh, changeBy }: VitalAlarmSettings): boolean =>
  low !== null || high !== null || extremeLow !== null || extremeHigh !== null || (changeBy ?? null) !== null;

/** What is wrong with single settings of a vital, each for itself. */
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
  return problems;
};

type Range = readonly [low: number | null, high: number | null];

/**
 * Philips rule: limit ∓ 20, not beyond 40 … 200 (adult); figures [?]. Desaturation 80 (Mindray, Contec). Arterial pressures [?]: for the
 * site to sign off; those of children and neonates depend on age and are for the site to set.
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

/** Delays: SpO2 10 s (Philips [?], NICU 10 to 15 s); others within the 15 s of Mindray. Spot values have none. */
const DELAY_MS: Partial<Record<VitalId, number>> = { spo2: 10 * SECOND };
const DEFAULT_DELAY_MS = { continuous: 5 * SECOND, intermittent: 0 } as const;
const EXTREME_DELAY_MS: Partial<Record<VitalId, number>> = {
  'heart-rate': 5 * SECOND,
  'pulse-rate': 5 * SECOND,
  spo2: 10 * SECOND,
  'abp-systolic': 10 * SECOND,
  'abp-mean': 10 * SECOND,
};

/** [?] A single second of 150 or 30 is an artefact more often than not; a neonate's bradycardia is told at once. */
const RATES: readonly VitalId[] = ['heart-rate', 'pulse-rate'];
const extremeRate = (ageGroup: AgeGroup): Pick<VitalAlarmSettings, 'extremeLowDelayMs' | 'extremeReadings'> =>
  ageGroup === 'neonatal'
    ? { extremeLowDelayMs: 0, extremeReadings: 1 }
    : { extremeLowDelayMs: 3 * SECOND, extremeReadings: 2 };

/** [?] Half a step of what a person would call a change. */
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

/** What the preset of the age group says of the vital. */
export const presetVital = (id: VitalId, ageGroup: AgeGroup): VitalAlarmSettings => {
  const { limits, measured } = vital(id);
  const [extremeLow, extremeHigh] = EXTREMES[ageGroup][id] ?? [null, null];
  return {
    ...limits[ageGroup],
    extremeLow,
    extremeHigh,
    delayMs: DELAY_MS[id] ?? DEFAULT_DELAY_MS[measured],
    extremeDelayMs: EXTREME_DELAY_MS[id] ?? 0,
    ...(RATES.includes(id) ? extremeRate(ageGroup) : { extremeLowDelayMs: null, extremeReadings: 1 }),
    hysteresis: HYSTERESIS[id] ?? DEFAULT_HYSTERESIS,
  };
};
