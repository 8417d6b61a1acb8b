import { BASIC } from './vitals/basic.ts';
import { BREATHING } from './vitals/breathing.ts';
import { AGE_GROUPS, type VitalEntry } from './vitals/entry.ts';
import { HEART } from './vitals/heart.ts';
import { OTHERS } from './vitals/others.ts';
import { PULMONARY } from './vitals/pressures.ts';
import { TEMPERATURES } from './vitals/temperatures.ts';

export { AGE_GROUPS, type AgeGroup, type Limits, type MeasurementClass } from './vitals/entry.ts';

/**
 * The vital-sign catalogue: the one table from which labels, codes, units, ranges, limits, decimals and colours derive.
 * MDC codes are ISO/IEEE 11073-10101 context-free codes; `loinc` is the specific code, and `aliases` are other codes
 * that real senders use for the same vital. Default limits: Mindray/Contec/Philips presets as compiled in the project's
 * clinical reference. They are starting points for a site to configure, not advice. `null`: no default limit is
 * established. Codes and limits that are marked [?] are unconfirmed.
 */
export const VITAL_GROUPS = {
  basic: BASIC,
  heart: HEART,
  pulmonary: PULMONARY,
  breathing: BREATHING,
  temperature: TEMPERATURES,
  other: OTHERS,
} as const satisfies Record<string, Readonly<Record<string, VitalEntry>>>;

export type VitalGroup = keyof typeof VITAL_GROUPS;

export const VITAL_GROUP_IDS = Object.keys(VITAL_GROUPS) as VitalGroup[];

export const VITALS = {
  ...BASIC,
  ...HEART,
  ...PULMONARY,
  ...BREATHING,
  ...TEMPERATURES,
  ...OTHERS,
} as const satisfies Record<string, VitalEntry>;

export type VitalId = keyof typeof VITALS;

export const VITAL_IDS = Object.keys(VITALS) as VitalId[];

/** The vitals of a group, in the order of the catalogue. */
export const vitalsOf = (group: VitalGroup): VitalId[] =>
  VITAL_IDS.filter((id) => Object.hasOwn(VITAL_GROUPS[group], id));

/** The units in which vitals are stored. */
export type VitalUnit = (typeof VITALS)[VitalId]['unit'];

/** The catalogue row, widened from its literal types so that callers may compare and compute freely. */
export const vital = (id: VitalId): VitalEntry & { readonly unit: VitalUnit } => VITALS[id];

/** What the vital may be sent as, the most trusted first: its own codes, then the aliases in their order. */
const keysOf = (id: VitalId): readonly string[] => {
  const { mdcId, mdc, loinc, aliases } = vital(id);
  return [id, mdcId, String(mdc), ...(loinc === null ? [] : [loinc]), ...aliases];
};

const byKey = new Map<string, VitalId>(VITAL_IDS.flatMap((id) => keysOf(id).map((key) => [key, id] as const)));

const byMdc = new Map<number, VitalId>(VITAL_IDS.map((id) => [vital(id).mdc, id]));

/**
 * The vital of a payload key (catalogue id, MDC reference id, MDC code or LOINC code); undefined when the key is
 * unknown.
 */
export const findVital = (key: string): VitalId | undefined => byKey.get(key);

/** The vital of an MDC code, as the journal keeps it; undefined when the code is unknown. */
export const vitalByMdc = (mdc: number): VitalId | undefined => byMdc.get(mdc);

/** The vital that readings of this one count for as well; undefined for nearly every vital. */
export const fedBy = (id: VitalId): VitalId | undefined => vital(id).feeds;

const ranks = new Map<VitalId, readonly string[]>(
  VITAL_IDS.map((id) => [id, [id, ...VITAL_IDS.filter((source) => fedBy(source) === id)].flatMap(keysOf)]),
);

/**
 * The rank of a key among the codes of one vital, the most trusted first: the vital's own codes, then those of its
 * sources in the order of the catalogue.
 */
export const rankOfKey = (id: VitalId, key: string): number => ranks.get(id)?.indexOf(key) ?? -1;

/**
 * How worrying a value is when nothing is known about the patient: the sum of its distances outside the default limits
 * of each age group, in widths of those limits. A value that should be above 0 and is not worries most, because
 * something has stopped. The number only serves to choose between two values.
 */
export const concernOf = (id: VitalId, value: number): number => {
  const { limits: byAge } = vital(id);
  if (value <= 0 && (byAge.adult.low ?? 0) > 0) return Number.POSITIVE_INFINITY;
  let concern = 0;
  for (const age of AGE_GROUPS) {
    const { low, high } = byAge[age];
    const width = low !== null && high !== null && high > low ? high - low : 1;
    if (low !== null && value < low) concern += (low - value) / width;
    if (high !== null && value > high) concern += (value - high) / width;
  }
  return concern;
};
