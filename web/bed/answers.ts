import { z } from 'zod';
import { Encounter } from '#contracts/http/registry.ts';
import { AgeGroupSchema } from '#domain/age-group.ts';
import { AlarmEvent } from '#domain/alarms/alarm.ts';
import { CONDITION_IDS, PRIORITIES } from '#domain/alarms/conditions.ts';
import { AlarmConfig, AlarmOverrides, ConfigVersion } from '#domain/alarms/settings.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import { WAVE_IDS } from '#domain/waveforms.ts';

/** What the station answers, as far as the bed view reads it. Instants become epoch milliseconds here. */

const Instant = z.string().transform((text) => Date.parse(text));
const MaybeInstant = Instant.nullable();

export const AlarmRow = z.object({
  id: z.string(),
  kind: z.string(),
  condition: z.enum(CONDITION_IDS),
  vital: z.enum(VITAL_IDS).nullable(),
  priority: z.enum(PRIORITIES),
  state: z.enum(['active', 'latched', 'ended']),
  late: z.boolean(),
  startedAt: Instant,
  decidedAt: Instant,
  measuredAt: MaybeInstant,
  receivedAt: MaybeInstant,
  publishedAt: MaybeInstant,
  shownAt: MaybeInstant,
  acknowledgedAt: MaybeInstant,
  acknowledgedBy: z.string().nullable(),
  endedAt: MaybeInstant,
  endCause: z.string().nullable(),
  value: z.number().nullable(),
  limit: z.number().nullable(),
  worst: z.number().nullable(),
  /** Of the other vitals of the same measurement; left out where the record has none. */
  also: z
    .array(z.object({ vital: z.enum(VITAL_IDS), value: z.number().nullable(), limit: z.number().nullable() }))
    .nullish(),
  recurrences: z.int(),
  config: ConfigVersion,
});
export type AlarmRow = z.infer<typeof AlarmRow>;

export const AlarmRows = z.object({ alarms: z.array(AlarmRow), next: z.string().nullable() });
export const AlarmStory = AlarmRow.extend({ events: z.array(AlarmEvent) });
export type AlarmStory = z.infer<typeof AlarmStory>;

const TrendPoint = z.object({ time: Instant, min: z.number(), avg: z.number(), max: z.number() });
export type TrendPoint = z.infer<typeof TrendPoint>;

export const Trends = z.object({
  resolution: z.enum(['raw', '1m']),
  bucketMs: z.number(),
  vitals: z.partialRecord(z.enum(VITAL_IDS), z.array(TrendPoint)),
});
export type Trends = z.infer<typeof Trends>;

const WaveBlock = z.object({
  signal: z.enum(WAVE_IDS),
  time: Instant,
  rate: z.number(),
  samples: z.array(z.number().nullable()),
});
export type WaveBlock = z.infer<typeof WaveBlock>;

export const WavesPage = z.object({ blocks: z.array(WaveBlock), next: z.string().nullable() });
export type WavesPage = z.infer<typeof WavesPage>;

export const Encounters = z.array(Encounter);

export const ScopeSettings = z.object({
  version: z.int().nullable(),
  ageGroup: AgeGroupSchema.nullable(),
  overrides: AlarmOverrides,
  reason: z.string().nullable(),
  author: z.string().nullable(),
  createdAt: MaybeInstant,
});
export type ScopeSettings = z.infer<typeof ScopeSettings>;

export const Annotation = z.object({
  id: z.int(),
  at: Instant,
  until: MaybeInstant,
  text: z.string(),
  author: z.string(),
  createdAt: Instant,
  retractedAt: MaybeInstant,
  retractedBy: z.string().nullable(),
});
export type Annotation = z.infer<typeof Annotation>;
export const Annotations = z.array(Annotation);

/** `beds/{bed}/{rest}` */
export const bedPath = (bed: string, rest: string): string => `beds/${encodeURIComponent(bed)}/${rest}`;
export const iso = (ms: number): string => new Date(ms).toISOString();

/** null: no update of the station changed what is in force at the bed. */
export const PresetChange = z.object({ at: Instant, from: AlarmConfig, to: AlarmConfig }).nullable();
export type PresetChange = z.infer<typeof PresetChange>;
