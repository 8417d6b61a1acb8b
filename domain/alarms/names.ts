import { VITAL_IDS, type VitalId } from '../vitals.ts';

/**
 * The names under which alarms are stored, sent and shown. The kinds (`kinds/`) define what each name means: they
 * depend on this file, and it does not depend on them.
 */

/** From least to most urgent. */
export const PRIORITIES = ['low', 'medium', 'high'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Every condition that the engine can decide. Terms: IEC 60601-1-8. */
export const CONDITION_IDS = [
  'low-limit',
  'high-limit',
  'extreme-bradycardia',
  'extreme-tachycardia',
  'extreme-hypotension',
  'desaturation',
  'no-beats',
  'no-signs',
  'asystole',
  'apnoea',
  'rapid-change',
  'desaturation-burden',
  'sources-disagree',
  'no-pulse',
  'sensor-off',
  'signal-poor',
  'no-data',
  'device-silent',
  'device-offline',
  'not-monitored',
  'device-unheard',
  'battery-low',
  'clock-off',
  'sequence-gap',
  'values-frozen',
  'gateway-lost',
  'journal-filling',
  'database-away',
] as const;
export type ConditionId = (typeof CONDITION_IDS)[number];

/**
 * Kinds that do not belong to a vital, in the order in which they are decided. `device-…` belong to a bed, `station-…`
 * to the station; `gateway-link` is known at both, and alarms for the station.
 */
export const TECHNICAL_KIND_IDS = [
  'device-link',
  'device-data',
  'device-battery',
  'device-clock',
  'device-gap',
  'device-frozen',
  'gateway-link',
  'station-journal',
  'station-database',
] as const;
export type TechnicalKindId = (typeof TECHNICAL_KIND_IDS)[number];

/**
 * Kinds of vitals that depend on the course of their values and not on a limit alone, each with its one condition. They
 * are stored and sent as `{vital}-{name}`.
 */
export const COURSE_CONDITIONS = {
  change: 'rapid-change',
  burden: 'desaturation-burden',
  pulseless: 'no-pulse',
  disagree: 'sources-disagree',
} as const satisfies Readonly<Record<string, ConditionId>>;
export type CourseKindId = keyof typeof COURSE_CONDITIONS;
export const COURSE_KIND_IDS: readonly CourseKindId[] = Object.keys(COURSE_CONDITIONS) as CourseKindId[];

/** The vitals that have the kind; a kind that is not named here belongs to every vital. */
const COURSE_VITALS: Readonly<Partial<Record<CourseKindId, readonly VitalId[]>>> = {
  burden: ['spo2'],
  pulseless: ['heart-rate'],
};

export const hasCourseKind = (vital: VitalId, name: CourseKindId): boolean =>
  COURSE_VITALS[name]?.includes(vital) ?? true;

export const courseKind = (vital: VitalId, name: CourseKindId): string => `${vital}-${name}`;

export const signalKind = (vital: VitalId): string => `${vital}-signal`;

/** Every kind there is, in the order in which kinds are decided. A test compares it with the table of kinds. */
export const KIND_IDS: readonly string[] = [
  ...TECHNICAL_KIND_IDS,
  ...VITAL_IDS.flatMap((id) => [
    `${id}-low`,
    `${id}-high`,
    ...COURSE_KIND_IDS.filter((name) => hasCourseKind(id, name)).map((name) => courseKind(id, name)),
    signalKind(id),
  ]),
];

export const SIDES = ['low', 'high'] as const;
export type Side = (typeof SIDES)[number];
