import { z } from 'zod';
import type { AgeGroup } from '../../vitals.ts';
import type { Alarm, Inactivation } from '../alarm.ts';
import type { TechnicalTrack as PlainTrack } from '../device-state.ts';
import type { AlarmConfig, ConfigVersion, VitalAlarmSettings } from '../settings.ts';
import type { LimitTrack, Since, VitalState } from '../state.ts';
import type { WrittenState } from './written.ts';

/**
 * The first format, of release 0.1.0: what its JSON looked like, and what it lacks. This file is frozen, except for one
 * thing: each field that is added to today's types gets a line in one of the tables below, with the value by which the
 * old program would have decided. TypeScript refuses a table that lacks one. So history stays as it was decided, and is
 * never decided anew.
 */

export const VITAL_IDS_V1 = [
  'heart-rate',
  'pulse-rate',
  'spo2',
  'respiratory-rate',
  'nibp-systolic',
  'nibp-diastolic',
  'nibp-mean',
  'abp-systolic',
  'abp-diastolic',
  'abp-mean',
  'cvp',
  'temperature',
  'etco2',
  'fio2',
  'perfusion-index',
] as const;

/** The conditions of each limit kind, in the order of the list `since` in its stored track. */
export const LEVELS_V1 = {
  'heart-rate': {
    low: ['low-limit', 'extreme-bradycardia', 'asystole'],
    high: ['high-limit', 'extreme-tachycardia'],
  },
  'pulse-rate': { low: ['low-limit', 'extreme-bradycardia'], high: ['high-limit', 'extreme-tachycardia'] },
  spo2: { low: ['low-limit', 'desaturation'], high: ['high-limit'] },
  'respiratory-rate': { low: ['low-limit', 'apnoea'], high: ['high-limit'] },
} as const;
export const OTHER_LEVELS_V1 = { low: ['low-limit'], high: ['high-limit'] } as const;

const ConfigVersionV1 = z.object({
  preset: z.enum(['adult', 'paediatric', 'neonatal']),
  unit: z.number().nullable(),
  patient: z.number().nullable(),
});

const Threshold = z.number().nullable();

const VitalSettingsV1 = z.object({
  low: Threshold,
  high: Threshold,
  extremeLow: Threshold,
  extremeHigh: Threshold,
  delayMs: z.number(),
  extremeDelayMs: z.number(),
  hysteresis: z.number(),
});

export const ConfigV1 = z.object({
  version: ConfigVersionV1,
  vitals: z.record(z.string(), VitalSettingsV1),
  asystoleDelayMs: z.number(),
  apnoeaDelayMs: z.number(),
  apnoeaArmAfterMs: z.number(),
  sensorOffDelayMs: z.number(),
  signalPoorDelayMs: z.number(),
  silentAfterMs: z.object({ continuous: z.number(), intermittent: z.number() }),
  deviceSilentAfterMs: z.number(),
  deviceOfflineDelayMs: z.number(),
  batteryLowPercent: z.number(),
  clockToleranceMs: z.number(),
  gapDelayMs: z.number(),
  databaseAwayDelayMs: z.number(),
  journalFillingShare: z.number(),
  latching: z.object({ low: z.boolean(), medium: z.boolean(), high: z.boolean() }),
  maxPauseMs: z.number(),
});
export type ConfigV1 = z.infer<typeof ConfigV1>;

export const AlarmV1 = z.object({
  id: z.string(),
  kind: z.string(),
  condition: z.string(),
  vital: z.string().nullable(),
  priority: z.string(),
  state: z.string(),
  startedAt: z.number(),
  decidedAt: z.number(),
  measuredAt: z.number().nullable(),
  receivedAt: z.number().nullable(),
  value: z.number().nullable(),
  limit: z.number().nullable(),
  worst: z.number().nullable(),
  recurrences: z.number(),
  acknowledged: z.object({ by: z.string(), at: z.number() }).nullable(),
  config: ConfigVersionV1,
});
export type AlarmV1 = z.infer<typeof AlarmV1>;

export const InactivationV1 = z.object({
  what: z.string(),
  kind: z.string().nullable(),
  by: z.string(),
  since: z.number(),
  until: z.number().nullable(),
  covered: z.array(z.string()),
});
type InactivationV1 = z.infer<typeof InactivationV1>;

const PlainTrackV1 = z.object({ since: z.number().nullable(), alarm: AlarmV1.nullable() });

const SinceV1 = z.object({ time: z.number(), at: z.number() });

const LimitTrackV1 = z.object({ since: z.array(SinceV1.nullable()), alarm: AlarmV1.nullable() });
export type LimitTrackV1 = z.infer<typeof LimitTrackV1>;

const VitalStateV1 = z.object({
  time: z.number(),
  heardAt: z.number(),
  value: z.number().nullable(),
  quality: z.number(),
  isUsable: z.boolean(),
  isStale: z.boolean(),
  low: LimitTrackV1.nullable(),
  high: LimitTrackV1.nullable(),
  noValueSince: z.number().nullable(),
  poorSince: z.number().nullable(),
  unusableSince: z.number().nullable(),
  signal: AlarmV1.nullable(),
  firstBreathAt: z.number().nullable(),
  isArmed: z.boolean(),
});
export type VitalStateV1 = z.infer<typeof VitalStateV1>;

export const StateV1 = z.object({
  subject: z.string(),
  at: z.number(),
  count: z.number(),
  revision: z.number(),
  device: z.string().nullable(),
  encounter: z.number().nullable(),
  heardAt: z.number().nullable(),
  resumedAt: z.number(),
  linkBackAt: z.number(),
  missing: z.number(),
  plain: z.record(z.string(), PlainTrackV1),
  /** Indexed by the vital's place in the catalogue of that release. */
  vitals: z.array(VitalStateV1.nullable()),
  inactivations: z.array(InactivationV1),
  dueAt: z.number().nullable(),
});
export type StateV1 = z.infer<typeof StateV1>;

type Lacking<Now, Then> = Omit<Now, keyof Then>;

/** The fields that configurations of version 1 lack, with the values by which it decided. */
export const V1_SETTINGS: Lacking<AlarmConfig, ConfigV1> = {
  rules: 1,
  // By the first rules nothing uses this delay.
  notMonitoredAfterMs: 60_000,
  // By the first rules 0 needs no beat before it, and one reading is enough.
  asystoleArmAfterMs: 10_000,
  noBeatsDelayMs: 10_000,
  zeroReadings: 1,
  highSpo2NeedsOxygen: false,
};

export const V1_VITAL_SETTINGS: Lacking<VitalAlarmSettings, z.infer<typeof VitalSettingsV1>> = {
  extremeLowDelayMs: null,
  extremeReadings: 1,
};

export const V1_CONFIG_VERSION: Lacking<ConfigVersion, z.infer<typeof ConfigVersionV1>> = {
  presetRevision: 1,
};

/** The fields that stored states of version 1 lack, with the values for what the old program did not know. */
export const V1_STATE: Omit<Lacking<WrittenState, StateV1>, 'hasBeaten' | 'hasBreathed'> = {
  intervalMs: null,
  roomAir: null,
  isHighSpo2Off: false,
  expectedFrom: 0,
};
/** The fields left out here follow from what stored states do say: see `upcastVital` and `upcastTrack`. */
export const V1_VITAL_STATE: Omit<
  Lacking<VitalState, VitalStateV1>,
  'isLost' | 'firstSignAt' | 'courses' | 'sameReadings' | 'source'
> = {};
export const V1_LIMIT_TRACK: Omit<Lacking<LimitTrack, LimitTrackV1>, 'isPart'> = {};
export const V1_SINCE: Lacking<Since, z.infer<typeof SinceV1>> = { readings: 1 };
export const V1_PLAIN_TRACK: Lacking<PlainTrack, z.infer<typeof PlainTrackV1>> = {};

/** The fields that alarms and inactivations of version 1 lack. */
export const V1_ALARM: Lacking<Alarm, AlarmV1> = {};
export const V1_INACTIVATION: Lacking<Inactivation, InactivationV1> = {};

type Limits = readonly [low: number | null, high: number | null];

const LIMITS_V1: Readonly<
  Record<(typeof VITAL_IDS_V1)[number], readonly [adult: Limits, paediatric: Limits, neonatal: Limits]>
> = {
  'heart-rate': [
    [50, 120],
    [75, 160],
    [100, 200],
  ],
  'pulse-rate': [
    [50, 120],
    [75, 160],
    [100, 200],
  ],
  spo2: [
    [90, 100],
    [90, 100],
    [85, 95],
  ],
  'respiratory-rate': [
    [8, 30],
    [8, 30],
    [30, 100],
  ],
  'nibp-systolic': [
    [90, 160],
    [70, 120],
    [40, 90],
  ],
  'nibp-diastolic': [
    [50, 90],
    [40, 70],
    [20, 60],
  ],
  'nibp-mean': [
    [60, 110],
    [50, 90],
    [24, 70],
  ],
  'abp-systolic': [
    [90, 160],
    [70, 120],
    [40, 90],
  ],
  'abp-diastolic': [
    [50, 90],
    [40, 70],
    [20, 60],
  ],
  'abp-mean': [
    [60, 110],
    [50, 90],
    [24, 70],
  ],
  cvp: [
    [0, 10],
    [0, 10],
    [0, 10],
  ],
  temperature: [
    [36, 39],
    [36, 39],
    [36, 39],
  ],
  etco2: [
    [15, 50],
    [15, 50],
    [15, 50],
  ],
  fio2: [
    [20, null],
    [20, null],
    [20, null],
  ],
  'perfusion-index': [
    [null, null],
    [null, null],
    [null, null],
  ],
};

const AGE_GROUPS_V1 = ['adult', 'paediatric', 'neonatal'] as const;
const RATE_EXTREMES_V1: Record<AgeGroup, Limits> = { adult: [40, 140], paediatric: [55, 180], neonatal: [80, 220] };
const AT_ONCE_V1: readonly string[] = ['nibp-systolic', 'nibp-diastolic', 'nibp-mean', 'temperature'];
const HYSTERESIS_V1: Readonly<Record<string, number>> = {
  spo2: 1,
  temperature: 0.1,
  'perfusion-index': 0.1,
  cvp: 1,
  fio2: 1,
  etco2: 1,
  'respiratory-rate': 1,
};

const presetVitalV1 = (id: (typeof VITAL_IDS_V1)[number], ageGroup: AgeGroup) => {
  const [low, high] = LIMITS_V1[id][AGE_GROUPS_V1.indexOf(ageGroup)] ?? [null, null];
  const isRate = id === 'heart-rate' || id === 'pulse-rate';
  const [extremeLow, extremeHigh] = isRate ? RATE_EXTREMES_V1[ageGroup] : [id === 'spo2' ? 80 : null, null];
  return {
    low,
    high,
    extremeLow,
    extremeHigh,
    delayMs: id === 'spo2' ? 10_000 : AT_ONCE_V1.includes(id) ? 0 : 5_000,
    extremeDelayMs: id === 'spo2' ? 10_000 : 0,
    hysteresis: HYSTERESIS_V1[id] ?? 2,
  };
};

/** The presets of release 0.1.0, needed because its stored states do not name the settings that decided them. */
export const presetV1 = (ageGroup: AgeGroup): ConfigV1 => ({
  version: { preset: ageGroup, unit: null, patient: null },
  vitals: Object.fromEntries(VITAL_IDS_V1.map((id) => [id, presetVitalV1(id, ageGroup)])),
  asystoleDelayMs: ageGroup === 'neonatal' ? 3_000 : 4_000,
  apnoeaDelayMs: 20_000,
  apnoeaArmAfterMs: 30_000,
  sensorOffDelayMs: 20_000,
  signalPoorDelayMs: 30_000,
  silentAfterMs: { continuous: 15_000, intermittent: 3_600_000 },
  deviceSilentAfterMs: 10_000,
  deviceOfflineDelayMs: 5_000,
  batteryLowPercent: 20,
  clockToleranceMs: 5_000,
  gapDelayMs: 30_000,
  databaseAwayDelayMs: 10_000,
  journalFillingShare: 0.8,
  latching: { low: false, medium: false, high: true },
  maxPauseMs: 180_000,
});
