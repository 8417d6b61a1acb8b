import {
  type AlarmCounts,
  type Excursion,
  SettingsProblemError,
  type WhatIf,
  type WhatIfProgress,
  type WhatIfQuestion,
} from '#contracts/http/review.ts';
import type { Alarm } from '#domain/alarms/alarm.ts';
import { LIMIT_KINDS, type LimitKind, PRIORITIES } from '#domain/alarms/conditions.ts';
import { type AlarmConfig, type AlarmOverrides, override } from '#domain/alarms/settings.ts';
import { configProblems } from '#domain/alarms/settings-problems.ts';
import { openAlarms } from '#domain/alarms/state.ts';
import { readMoment } from '#domain/moment.ts';
import type { Database } from '#platform/database.ts';
import { createEpisodes, type Episode, overlap, spanOf } from './episodes.ts';
import { type Past, readPast } from './past.ts';
import { readMessages } from './readings.ts';
import { createReplay, merge } from './replay.ts';

/**
 * The same hours with other settings: the engine twice over what the bed sent, once by the settings that were in force
 * and once with the proposed put over them. What operators did is done in both, to the like alarm where there is one.
 */

const DAY_MS = 86_400_000;

type Asked = Omit<WhatIfQuestion, 'signal' | 'onProgress'>;

type BedPast = Past & { readonly bed: string };

/** Only problems of the proposed settings count: settings of an older release may lack what is required today. */
const problemsOf = (pasts: readonly BedPast[], overrides: AlarmOverrides): string[] => {
  const problems = pasts.flatMap(({ config, inputs }) => {
    const given = inputs.flatMap((input) =>
      input.type === 'occupied' || input.type === 'configured' ? [input.config] : [],
    );
    return [config, ...given].flatMap((one) => {
      const present = configProblems(one);
      return configProblems(override(one, overrides)).filter((problem) => !present.includes(problem));
    });
  });
  return [...new Set(problems)];
};

const kinds = new Map<string, LimitKind>(
  LIMIT_KINDS.flatMap(({ low, high }) => [low, high]).map((kind) => [kind.id, kind]),
);

type Outcome = {
  readonly before: readonly Episode[];
  readonly after: readonly Episode[];
  /** The mildest limit that was in force at the onset, by alarm. */
  readonly limits: ReadonlyMap<string, number | null>;
};

const limitOf = (alarm: Alarm, config: AlarmConfig): number | null => {
  const kind = kinds.get(alarm.kind);
  if (!kind) return null;
  const { low, high, extremeLow, extremeHigh } = config.vitals[kind.vital];
  return kind.side === 'low' ? (low ?? extremeLow) : (high ?? extremeHigh);
};

/** Yields what `tell` makes of how far it is in the range, from 0 to 1, after each page of readings. */
async function* runBoth(
  database: Database,
  { bed, from, config, inputs }: BedPast,
  { fromMs, toMs, overrides }: Asked,
  signal: AbortSignal,
  tell: (share: number) => WhatIfProgress,
): AsyncGenerator<WhatIfProgress, Outcome> {
  const startMs = readMoment(from.at).ms;
  const present = openAlarms(from.state);
  const before = createEpisodes(present);
  const after = createEpisodes(present);
  const asItWas = createReplay({ from, config, kindOf: before.kindOf });
  const change = (one: AlarmConfig) => override(one, overrides);
  const proposed = createReplay({ from, config, change, kindOf: before.kindOf });
  // New settings decide the present values again, as they do in a station.
  for (const event of proposed.take({ type: 'configured', at: from.at, config })) after.take(event);

  const limits = new Map<string, number | null>();
  const messages = readMessages(database, { bed, fromMs: startMs, toMs }, 'arrival');
  for await (const items of merge(inputs, messages)) {
    signal.throwIfAborted();
    for (const item of items) {
      for (const event of asItWas.take(item)) {
        before.take(event);
        if (event.type === 'onset') limits.set(event.alarm.id, limitOf(event.alarm, asItWas.config()));
      }
      for (const event of proposed.take(item)) after.take(event);
    }
    const last = items.at(-1);
    if (last) yield tell(Math.max(0, (last.at - startMs) / (toMs - startMs)));
  }
  const isRung = ({ alarm }: Episode) => alarm.decidedAt >= fromMs && alarm.decidedAt < toMs;
  return { before: before.all().filter(isRung), after: after.all(), limits };
}

const isoTime = (ms: number): string => new Date(Math.floor(ms)).toISOString();

/** Episodes of limits without a counterpart in the other run at the time. */
const silencedOf = (bed: string, { before, after, limits }: Outcome, toMs: number): Excursion[] =>
  before.flatMap((episode): Excursion[] => {
    const { alarm, endedAt } = episode;
    const kind = kinds.get(alarm.kind);
    if (!kind) return [];
    const isStillThere = after.some(
      (other) => other.alarm.kind === alarm.kind && overlap(spanOf(other), spanOf(episode)),
    );
    if (isStillThere) return [];
    const limit = limits.get(alarm.id) ?? alarm.limit;
    const { from } = spanOf(episode);
    const to = endedAt ?? toMs;
    return [
      {
        bed,
        kind: alarm.kind,
        vital: kind.vital,
        side: kind.side,
        condition: alarm.condition,
        priority: alarm.priority,
        from: isoTime(from),
        to: isoTime(to),
        lengthMs: Math.round(to - from),
        limit,
        farthest: alarm.worst,
        past: alarm.worst === null || limit === null ? null : Math.round(Math.abs(alarm.worst - limit) * 1_000) / 1_000,
      },
    ];
  });

const countAlarms = (episodes: readonly Episode[], bedDays: number): AlarmCounts => {
  const byPriority = Object.fromEntries(PRIORITIES.map((priority) => [priority, 0])) as AlarmCounts['byPriority'];
  const byKind: Record<string, number> = {};
  for (const { alarm } of episodes) {
    byPriority[alarm.priority]++;
    byKind[alarm.kind] = (byKind[alarm.kind] ?? 0) + 1;
  }
  const perDay = (count: number) => (bedDays > 0 ? Math.round((100 * count) / bedDays) / 100 : 0);
  const perBedDay = {
    low: perDay(byPriority.low),
    medium: perDay(byPriority.medium),
    high: perDay(byPriority.high),
    all: perDay(episodes.length),
  };
  return { alarms: episodes.length, byPriority, byKind, perBedDay };
};

/**
 * Yields how far it is each time when another may have a turn. Rejects with a SettingsProblemError, with the signal's
 * reason, or when the database is away.
 */
export async function* recomputeWhatIf(
  database: Database,
  question: Asked,
  signal: AbortSignal,
): AsyncGenerator<WhatIfProgress, WhatIf> {
  const { beds, fromMs, toMs, overrides } = question;
  const pasts: BedPast[] = [];
  const notes: string[] = [];
  for (const bed of beds) {
    signal.throwIfAborted();
    const past = await readPast(database, bed, fromMs, toMs);
    if (past) pasts.push({ ...past, bed });
    else notes.push(`${bed}: nothing is stored of what was decided then`);
  }
  const problems = problemsOf(pasts, overrides);
  if (problems.length > 0) throw new SettingsProblemError(problems);

  const before: Episode[] = [];
  const after: Episode[] = [];
  const silenced: Excursion[] = [];
  let bedDays = 0;
  for (const [place, past] of pasts.entries()) {
    const { bed, from } = past;
    const tell = (share: number) => ({ done: (place + share) / pasts.length, bed });
    const outcome = yield* runBoth(database, past, question, signal, tell);
    const startMs = Math.max(fromMs, from.at);
    if (startMs > fromMs) notes.push(`${bed}: from ${isoTime(startMs)} on, nothing is stored before`);
    bedDays += (toMs - startMs) / DAY_MS;
    before.push(...outcome.before);
    after.push(...outcome.after.filter(({ alarm }) => alarm.decidedAt >= fromMs && alarm.decidedAt < toMs));
    silenced.push(...silencedOf(bed, outcome, toMs));
  }
  return {
    from: isoTime(fromMs),
    to: isoTime(toMs),
    beds: pasts.map(({ bed }) => bed),
    bedDays: Math.round(bedDays * 1_000) / 1_000,
    before: countAlarms(before, bedDays),
    after: countAlarms(after, bedDays),
    silenced,
    notes,
  };
}
