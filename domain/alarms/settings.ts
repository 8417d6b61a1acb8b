import { z } from 'zod';
import { FRESHNESS } from '../freshness.ts';
import { AGE_GROUPS, type AgeGroup, VITAL_IDS, type VitalId, vital } from '../vitals.ts';
import { PRIORITIES } from './conditions.ts';

/**
 * What decides alarms: a preset by age group, what a unit overrides in it, and what is overridden for one stay. All of
 * it is for a site to set; figures without a source of their own are marked [?] and are unconfirmed.
 */

const SECOND = 1_000;

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
  /** Of extremeLow where it is another; null: as extremeDelayMs. */
  extremeLowDelayMs: z
    .number()
    .min(0)
    .max(20 * SECOND)
    .nullable(),
  /** How many readings past the extreme there must be, however long one stands. */
  extremeReadings: z.int().min(1).max(MAX_READINGS),
  /** How far back inside the limit a value must be before the condition ends. */
  hysteresis: z.number().min(0),
});
export type VitalAlarmSettings = z.infer<typeof VitalAlarmSettings>;

const Common = z.strictObject({
  /** Philips 4 s, neonates 3 s; settable 3 to 10 s (Mindray). */
  asystoleDelayMs: z
    .number()
    .min(3 * SECOND)
    .max(10 * SECOND),
  /** Heart rate 0 is asystole only after beats were seen for this long, or anything else that shows a pulse. [?] */
  asystoleArmAfterMs: z
    .number()
    .min(0)
    .max(120 * SECOND),
  /** How long there may be no beat since the patient was connected. [?] */
  noBeatsDelayMs: z
    .number()
    .min(3 * SECOND)
    .max(60 * SECOND),
  /** How many readings of 0 make an asystole or an apnoea, however long one stands. [?] */
  zeroReadings: z.int().min(1).max(MAX_READINGS),
  /** 10 to 40 s (Mindray). */
  apnoeaDelayMs: z
    .number()
    .min(10 * SECOND)
    .max(40 * SECOND),
  /** Zero is apnoea only after breaths were seen for this long (GE: 30 s of signal). */
  apnoeaArmAfterMs: z
    .number()
    .min(0)
    .max(120 * SECOND),
  /** Whether the high limit of SpO2 is off while the patient breathes room air (C10). */
  highSpo2NeedsOxygen: z.boolean(),
  /** How long `null`, or a value no patient has, is taken for movement. [?] */
  sensorOffDelayMs: z
    .number()
    .min(0)
    .max(60 * SECOND),
  signalPoorDelayMs: z
    .number()
    .min(0)
    .max(120 * SECOND),
  /** How long a value stands without a new one. */
  silentAfterMs: z.strictObject({
    continuous: z
      .number()
      .min(2 * SECOND)
      .max(600 * SECOND),
    intermittent: z
      .number()
      .min(60 * SECOND)
      .max(86_400 * SECOND),
  }),
  deviceSilentAfterMs: z
    .number()
    .min(2 * SECOND)
    .max(600 * SECOND),
  /** How long a bed may wait for the first data of its device. [?] */
  notMonitoredAfterMs: z
    .number()
    .min(10 * SECOND)
    .max(600 * SECOND),
  deviceOfflineDelayMs: z
    .number()
    .min(0)
    .max(60 * SECOND),
  batteryLowPercent: z.number().min(0).max(50),
  clockToleranceMs: z
    .number()
    .min(500)
    .max(60 * SECOND),
  /** A gap that closes by itself within this time is nobody's business. */
  gapDelayMs: z
    .number()
    .min(0)
    .max(600 * SECOND),
  databaseAwayDelayMs: z
    .number()
    .min(0)
    .max(600 * SECOND),
  /** Share of the journal's bytes in use. */
  journalFillingShare: z.number().min(0.1).max(0.95),
  /** Whether the signal of a physiological alarm goes on after its condition until somebody has seen it (IEC 60601-1-8, 6.10). */
  latching: z.record(z.enum(PRIORITIES), z.boolean()),
  /** The longest audio or alarm pause. */
  maxPauseMs: z
    .number()
    .min(30 * SECOND)
    .max(600 * SECOND),
});

/** Which versions made it: what an alarm names. null: nothing was overridden. */
export const ConfigVersion = z.strictObject({
  preset: z.enum(AGE_GROUPS),
  /** Which release's preset: it grows when the presets change. */
  presetRevision: z.int(),
  unit: z.int().nullable(),
  patient: z.int().nullable(),
});
export type ConfigVersion = z.infer<typeof ConfigVersion>;

const vitalSettings = <Schema extends z.ZodType>(schema: Schema) =>
  z.record(z.enum(VITAL_IDS as [VitalId, ...VitalId[]]), schema);

/** Everything, with nothing left open. */
export const AlarmConfig = Common.extend({
  version: ConfigVersion,
  /** Which version of the rules decides. Nobody sets it: what an older release decided stays decided by its rules. */
  rules: z.literal([1, 2]),
  vitals: vitalSettings(VitalAlarmSettings),
});
export type AlarmConfig = z.infer<typeof AlarmConfig>;

/** What a unit or a stay has other than the preset. */
export const AlarmOverrides = Common.extend({
  silentAfterMs: Common.shape.silentAfterMs.partial(),
  latching: z.partialRecord(z.enum(PRIORITIES), z.boolean()),
})
  .partial()
  .extend({
    vitals: z.partialRecord(z.enum(VITAL_IDS as [VitalId, ...VitalId[]]), VitalAlarmSettings.partial()).optional(),
  });
export type AlarmOverrides = z.infer<typeof AlarmOverrides>;

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

const presetVital = (id: VitalId, ageGroup: AgeGroup): VitalAlarmSettings => {
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

/** To be raised with every release that changes a preset or a rule. */
export const PRESET_REVISION = 2;

const presetOf = (ageGroup: AgeGroup): AlarmConfig => ({
  version: { preset: ageGroup, presetRevision: PRESET_REVISION, unit: null, patient: null },
  rules: 2,
  vitals: Object.fromEntries(VITAL_IDS.map((id) => [id, presetVital(id, ageGroup)])) as AlarmConfig['vitals'],
  asystoleDelayMs: ageGroup === 'neonatal' ? 3 * SECOND : 4 * SECOND,
  asystoleArmAfterMs: 10 * SECOND,
  noBeatsDelayMs: 10 * SECOND,
  zeroReadings: 2,
  apnoeaDelayMs: 20 * SECOND,
  apnoeaArmAfterMs: 30 * SECOND,
  highSpo2NeedsOxygen: ageGroup === 'neonatal',
  sensorOffDelayMs: 20 * SECOND,
  signalPoorDelayMs: 30 * SECOND,
  silentAfterMs: {
    continuous: FRESHNESS.continuous.staleAfterMs,
    intermittent: FRESHNESS.intermittent.staleAfterMs,
  },
  deviceSilentAfterMs: 10 * SECOND,
  notMonitoredAfterMs: 60 * SECOND,
  deviceOfflineDelayMs: 5 * SECOND,
  batteryLowPercent: 20,
  clockToleranceMs: 5 * SECOND,
  gapDelayMs: 30 * SECOND,
  databaseAwayDelayMs: 10 * SECOND,
  journalFillingShare: 0.8,
  latching: { low: false, medium: false, high: true },
  maxPauseMs: 180 * SECOND,
});

export const PRESETS: Readonly<Record<AgeGroup, AlarmConfig>> = {
  adult: presetOf('adult'),
  paediatric: presetOf('paediatric'),
  neonatal: presetOf('neonatal'),
};

/** Overrides of one scope, as stored. */
export type SettingsVersion = { readonly version: number; readonly overrides: AlarmOverrides };

/** `changes` put over `thing`, as far as they say anything. */
const overlay = <Thing extends object>(
  thing: Thing,
  changes: { readonly [Key in keyof Thing]?: unknown } | undefined,
): Thing => ({
  ...thing,
  ...Object.fromEntries(Object.entries(changes ?? {}).filter(([, value]) => value !== undefined)),
});

/** The config with overrides put over it. Its version stays. */
export const override = (config: AlarmConfig, overrides: AlarmOverrides): AlarmConfig => ({
  ...overlay(config, overrides),
  silentAfterMs: overlay(config.silentAfterMs, overrides.silentAfterMs),
  latching: overlay(config.latching, overrides.latching),
  vitals: Object.fromEntries(
    VITAL_IDS.map((id) => [id, overlay(config.vitals[id], overrides.vitals?.[id])]),
  ) as AlarmConfig['vitals'],
});

/** [?] Extremes of the preset that nobody has signed off yet. Sites had set limits of these vitals before there were any. */
const UNCONFIRMED: readonly VitalId[] = ['abp-systolic', 'abp-mean'];

/** An unconfirmed extreme gives way to a lower limit that a site has set: the site's word is worth more. */
const givenWay = ({ vitals }: AlarmConfig, preset: AlarmConfig): Partial<AlarmConfig['vitals']> =>
  Object.fromEntries(
    UNCONFIRMED.flatMap((id) => {
      const { low, extremeLow } = vitals[id];
      const isOwn = extremeLow !== preset.vitals[id].extremeLow;
      if (isOwn || low === null || extremeLow === null || extremeLow <= low) return [];
      return [[id, { ...vitals[id], extremeLow: low }]];
    }),
  );

/** The settings in force: preset, then the unit's for this age group, then the stay's. */
export const resolveConfig = (
  ageGroup: AgeGroup,
  unit: SettingsVersion | undefined,
  patient: SettingsVersion | undefined,
  preset = PRESETS[ageGroup],
): AlarmConfig => {
  const layers = [unit, patient].filter((layer) => layer !== undefined);
  const config = layers.reduce((below, { overrides }) => override(below, overrides), preset);
  return {
    ...config,
    vitals: { ...config.vitals, ...givenWay(config, preset) },
    version: { ...preset.version, unit: unit?.version ?? null, patient: patient?.version ?? null },
  };
};
