import { z } from 'zod';
import { FRESHNESS } from '../freshness.ts';
import { AGE_GROUPS, type AgeGroup, VITAL_IDS, type VitalId, vital } from '../vitals.ts';
import { PRIORITIES } from './names.ts';
import { MAX_READINGS, presetVital, VitalAlarmSettings } from './vital-settings.ts';

export { VitalAlarmSettings } from './vital-settings.ts';

/**
 * The settings that decide alarms: a preset by age group, what a unit overrides in it, and what is overridden for one
 * stay. A site can set all of them; figures without a source of their own are marked [?] and are unconfirmed.
 */

const SECOND = 1_000;

const Common = z.strictObject({
  /** The delay of an asystole: Philips 4 s, neonates 3 s; settable from 3 to 10 s (Mindray). */
  asystoleDelayMs: z
    .number()
    .min(3 * SECOND)
    .max(10 * SECOND),
  /**
   * Heart rate 0 is asystole only after beats were seen for this long, or after anything else that shows a pulse. [?]
   */
  asystoleArmAfterMs: z
    .number()
    .min(0)
    .max(120 * SECOND),
  /** How long the heart rate may be 0 before any beat was seen. [?] */
  noBeatsDelayMs: z
    .number()
    .min(3 * SECOND)
    .max(60 * SECOND),
  /** How many readings of 0 an asystole or an apnoea needs, however long a single one stays valid. [?] */
  zeroReadings: z.int().min(1).max(MAX_READINGS),
  /** The delay of an apnoea, settable from 10 to 40 s (Mindray). */
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
  /** How long `null`, or a value that no patient has, is taken for movement of the patient. [?] */
  sensorOffDelayMs: z
    .number()
    .min(0)
    .max(60 * SECOND),
  signalPoorDelayMs: z
    .number()
    .min(0)
    .max(120 * SECOND),
  /** How long a value stays valid without a new one. */
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
  /** A gap in the sequence numbers that closes within this time does not alarm. */
  gapDelayMs: z
    .number()
    .min(0)
    .max(600 * SECOND),
  /**
   * How long the device may send the same values before it is taken for frozen (D11); null or absent: it never is. Five
   * minutes are about three times the longest such time in the recordings of 26 patients. [?]
   */
  /** How long no pulse must be found beside an ECG that goes on (B7); absent: `NO_PULSE_DELAY_MS`. */
  noPulseDelayMs: z
    .number()
    .min(5 * SECOND)
    .max(20 * SECOND)
    .optional(),
  frozenAfterMs: z
    .number()
    .min(60 * SECOND)
    .max(3_600 * SECOND)
    .nullable()
    .optional(),
  databaseAwayDelayMs: z
    .number()
    .min(0)
    .max(600 * SECOND),
  /** The share of the journal's bytes in use from which the station alarms. */
  journalFillingShare: z.number().min(0.1).max(0.95),
  /** Whether a physiological alarm outlasts its condition until somebody has acknowledged it (IEC 60601-1-8, 6.10). */
  latching: z.record(z.enum(PRIORITIES), z.boolean()),
  /** The longest audio or alarm pause. */
  maxPauseMs: z
    .number()
    .min(30 * SECOND)
    .max(600 * SECOND),
});

/** The versions of the settings that made a configuration, as an alarm names them. null: nothing was overridden. */
export const ConfigVersion = z.strictObject({
  preset: z.enum(AGE_GROUPS),
  /** The revision of the presets: it grows with each release that changes them. */
  presetRevision: z.int(),
  unit: z.int().nullable(),
  patient: z.int().nullable(),
});
export type ConfigVersion = z.infer<typeof ConfigVersion>;

const vitalSettings = <Schema extends z.ZodType>(schema: Schema) =>
  z.record(z.enum(VITAL_IDS as [VitalId, ...VitalId[]]), schema);

/** A complete configuration, in which every setting has a value. */
export const AlarmConfig = Common.extend({
  version: ConfigVersion,
  /**
   * The version of the rules that decides. Nobody sets it: what an older release decided stays decided by its rules.
   */
  rules: z.literal([1, 2, 3]),
  vitals: vitalSettings(VitalAlarmSettings),
});
export type AlarmConfig = z.infer<typeof AlarmConfig>;

/** The settings in which a unit or a stay differs from the layer below it. */
export const AlarmOverrides = Common.extend({
  silentAfterMs: Common.shape.silentAfterMs.partial(),
  latching: z.partialRecord(z.enum(PRIORITIES), z.boolean()),
})
  .partial()
  .extend({
    vitals: z.partialRecord(z.enum(VITAL_IDS as [VitalId, ...VitalId[]]), VitalAlarmSettings.partial()).optional(),
  });
export type AlarmOverrides = z.infer<typeof AlarmOverrides>;

/**
 * To be raised with every release that changes a preset or a rule. A change of one vital is noted in its row of the
 * catalogue.
 */
const SETTINGS_REVISION = 4;

export const PRESET_REVISION = Math.max(SETTINGS_REVISION, ...VITAL_IDS.map((id) => vital(id).presetRevision ?? 1));

const presetOf = (ageGroup: AgeGroup): AlarmConfig => ({
  version: { preset: ageGroup, presetRevision: PRESET_REVISION, unit: null, patient: null },
  rules: 3,
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
  frozenAfterMs: 300 * SECOND,
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

/** Returns `thing` with those of the `changes` that are not undefined. */
const overlay = <Thing extends object>(
  thing: Thing,
  changes: { readonly [Key in keyof Thing]?: unknown } | undefined,
): Thing => ({
  ...thing,
  ...Object.fromEntries(Object.entries(changes ?? {}).filter(([, value]) => value !== undefined)),
});

/** Returns the configuration with the overrides applied. Its version stays. */
export const override = (config: AlarmConfig, overrides: AlarmOverrides): AlarmConfig => ({
  ...overlay(config, overrides),
  silentAfterMs: overlay(config.silentAfterMs, overrides.silentAfterMs),
  latching: overlay(config.latching, overrides.latching),
  vitals: Object.fromEntries(
    VITAL_IDS.map((id) => [id, overlay(config.vitals[id], overrides.vitals?.[id])]),
  ) as AlarmConfig['vitals'],
});

/**
 * [?] Vitals whose extremes in the preset nobody has confirmed yet. Sites had set limits of these vitals before the
 * presets had such extremes.
 */
const UNCONFIRMED: readonly VitalId[] = ['abp-systolic', 'abp-mean'];

/** Lowers an unconfirmed extreme to a lower limit that the site has set: the site's choice counts more. */
const givenWay = ({ vitals }: AlarmConfig, preset: AlarmConfig): Partial<AlarmConfig['vitals']> =>
  Object.fromEntries(
    UNCONFIRMED.flatMap((id) => {
      const { low, extremeLow } = vitals[id];
      const isOwn = extremeLow !== preset.vitals[id].extremeLow;
      if (isOwn || low === null || extremeLow === null || extremeLow <= low) return [];
      return [[id, { ...vitals[id], extremeLow: low }]];
    }),
  );

/** The settings in force: the preset, overridden by the unit's settings for this age group, and these by the stay's. */
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
