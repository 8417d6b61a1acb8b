import { z } from 'zod';
import { PRIORITIES } from '#domain/alarms/conditions.ts';
import { AlarmOverrides } from '#domain/alarms/settings.ts';
import { Time } from './time.ts';

/**
 * The questions and answers of a review of past alarms, for the API and the command line. Times are text, ISO 8601 in
 * UTC; durations are milliseconds.
 */

const Count = z.int().nonnegative();
const Share = z.number().min(0).max(1).nullable().describe('null: of nothing');
const ByPriority = z.record(z.enum(PRIORITIES), Count);

/** The alarms of one recomputation, counted in all and for a bed and day. */
const AlarmCounts = z.object({
  alarms: Count,
  byPriority: ByPriority,
  byKind: z.record(z.string(), Count),
  perBedDay: z.record(z.enum([...PRIORITIES, 'all']), z.number()),
});
export type AlarmCounts = z.infer<typeof AlarmCounts>;

/** A time past a limit that alarmed, and with the other settings would not alarm. */
const Excursion = z.object({
  bed: z.string(),
  kind: z.string(),
  vital: z.string(),
  side: z.enum(['low', 'high']),
  condition: z.string(),
  priority: z.enum(PRIORITIES),
  from: z.string(),
  to: z.string(),
  lengthMs: z.number(),
  limit: z.number().nullable(),
  farthest: z.number().nullable().describe('the farthest value past the limit'),
  past: z.number().nullable().describe('how far past the limit that was'),
});
export type Excursion = z.infer<typeof Excursion>;

export const WhatIf = z
  .object({
    from: z.string(),
    to: z.string(),
    beds: z.array(z.string()).describe('the beds that could be recomputed'),
    bedDays: z.number(),
    before: AlarmCounts,
    after: AlarmCounts,
    silenced: z.array(Excursion).describe('excursions that alarmed and would no longer, by bed and time'),
    notes: z.array(z.string()).describe('what could not be recomputed'),
  })
  .meta({ id: 'WhatIf' });
export type WhatIf = z.infer<typeof WhatIf>;

/** The hours that a what-if asks about, and the settings that it tries. */
export const WhatIfProposal = z.strictObject({
  from: Time.optional().describe('default: 8 hours before `to`'),
  to: Time.optional().describe('default: now'),
  overrides: AlarmOverrides.describe('put over the settings that were in force at each time'),
});
export type WhatIfProposal = z.infer<typeof WhatIfProposal>;

/** The media type of an answer that is sent line by line. */
export const WHAT_IF_LINES = 'application/x-ndjson';

/** How far the work is, from 0 to 1, and at which bed. */
const WhatIfProgress = z.object({ done: z.number(), bed: z.string() });
export type WhatIfProgress = z.infer<typeof WhatIfProgress>;

/** A line of such an answer: how far the work is, from 0 to 1, and as the last line the result, or what went wrong. */
export const WhatIfLine = z.union([WhatIfProgress, z.object({ result: WhatIf }), z.object({ problem: z.string() })]);
export type WhatIfLine = z.infer<typeof WhatIfLine>;

/** How often alarms came, and how long they lasted. */
const Figures = z.object({
  alarms: Count.describe('episodes'),
  announcements: Count.describe(
    'what people hear: each onset, escalation, recurrence, and what moved to another bed unanswered',
  ),
  totalMs: z.number(),
  medianMs: z.number().nullable(),
  under15s: Share.describe('share of the ended that lasted less than 15 s'),
  unacknowledgedOver60s: Count.describe('not acknowledged within 60 s, nor ended'),
  repeatsWithin5min: Count.describe('the same kind at the same bed again within 5 min of its end'),
  chattering: Count.describe('at least the third of its kind and bed within a minute'),
  standingOver24h: Count,
});
export type Figures = z.infer<typeof Figures>;

const BurdenRow = Figures.extend({
  unit: z.string().nullable(),
  bed: z.string().nullable(),
  day: z.string().describe('UTC'),
  priority: z.enum(PRIORITIES),
  condition: z.string(),
  kind: z.string(),
  late: Count.describe('would have alarmed, by data that came late; counted nowhere else'),
});
export type BurdenRow = z.infer<typeof BurdenRow>;

const TopShare = z.object({
  of: Count.describe('how many there are'),
  top: z.array(z.object({ name: z.string(), alarms: Count, share: z.number() })).describe('the first tenth of them'),
  share: Share.describe('of all alarms, by the first tenth'),
});
export type TopShare = z.infer<typeof TopShare>;

const UnitBurden = z.object({
  unit: z.string(),
  beds: Count,
  alarmsPerHour: z.number(),
  load: z.enum(['acceptable', 'manageable', 'over-demanding', 'overloaded']),
  peakIn10min: Count,
  floods: Count,
  floodMs: z.number(),
  floodShare: z.number(),
});
export type UnitBurden = z.infer<typeof UnitBurden>;

/** What the counts of late alarms leave out, or contain only by an assumption. */
const LateCaveat = z.object({
  bed: z.string().nullable(),
  device: z.string().nullable().describe('of readings that are of no bed'),
  from: z.string(),
  to: z.string(),
  why: z
    .enum(['waiting', 'no-bed', 'earliest-known', 'preset'])
    .describe(
      'not scored yet; of no bed; scored by the earliest settings known, or by a preset, for want of those of the time',
    ),
  ageGroup: z.string().nullable().describe('of the settings that were assumed'),
});
export type LateCaveat = z.infer<typeof LateCaveat>;

const PerBedDay = z.number().nullable().describe('a monitored bed and day; null: nobody was monitored');

export const Burden = z
  .object({
    from: z.string(),
    to: z.string(),
    beds: Count,
    bedDays: z.number().describe('of all beds, whether anybody lay in them or not'),
    monitoredBedDays: z.number().describe('of beds with a patient and a device that was heard'),
    total: Figures.extend({
      late: Count,
      byPriority: ByPriority,
      perBedDay: PerBedDay,
      announcementsPerBedDay: PerBedDay,
    }),
    monitors: z
      .object({
        alarms: Count,
        announcements: Count,
        totalMs: z.number(),
        byPriority: ByPriority,
        perBedDay: PerBedDay,
      })
      .describe('alarms that monitors reported; they are counted nowhere else'),
    lateDoubts: z.array(LateCaveat),
    rows: z.array(BurdenRow).describe('by bed, day, priority and condition'),
    topBeds: TopShare,
    topCauses: TopShare,
    units: z.array(UnitBurden),
    benchmarks: z.array(
      z.object({
        name: z.string(),
        measured: z.string(),
        target: z.string(),
        source: z.string(),
      }),
    ),
  })
  .meta({ id: 'Burden' });
export type Burden = z.infer<typeof Burden>;

export type WhatIfQuestion = {
  readonly beds: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  /** These overrides are put over the settings that were in force at each time. */
  readonly overrides: AlarmOverrides;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: WhatIfProgress) => void) | undefined;
};

export type BurdenQuestion = {
  readonly unit?: string | undefined;
  readonly bed?: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
};

export const BURDEN_FORMATS = ['json', 'csv'] as const;
export type BurdenFormat = (typeof BURDEN_FORMATS)[number];

/** The proposed settings make no sense over those that were in force. `problems` are texts for a person. */
export class SettingsProblemError extends Error {
  override readonly name = 'SettingsProblemError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super('the proposed settings make no sense');
    this.problems = problems;
  }
}

/** The review of past alarms, from the database. Both functions reject with the signal's reason, and when the database is away. */
export type Review = {
  /** Runs one at a time: returns undefined while another runs. Rejects with a SettingsProblemError. */
  readonly whatIf: (question: WhatIfQuestion) => Promise<WhatIf> | undefined;
  /** The report as JSON, or its rows as CSV, ready to be sent. */
  readonly burden: (question: BurdenQuestion, format: BurdenFormat, signal: AbortSignal) => Promise<Uint8Array>;
};
