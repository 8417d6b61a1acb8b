import { condition, LIMIT_KINDS } from '#domain/alarms/conditions.ts';
import { type AlarmConfig, override } from '#domain/alarms/settings.ts';
import { initialState } from '#domain/alarms/state.ts';
import { vitalByMdc } from '#domain/vitals.ts';
import { sleep } from '#platform/backoff.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database.ts';
import { coerceError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import { createCourtesy } from './courtesy.ts';
import { createEpisodes, type Episode, overlap } from './episodes.ts';
import { readMessages } from './readings.ts';
import { type Checkpoint, createReplay, merge } from './replay.ts';
import { findConfig, readInputs } from './stored.ts';

/**
 * Alarms that late readings would have made (G3): decided again by when things were measured, put into the record as
 * late, and never announced.
 *
 *   every 30 s: beds with new late readings, quiet for 30 s ─▶ replay by measured time ─▶ episodes over late readings
 *     ─▶ without those that an announced alarm covers ─▶ alarms, late
 */
export type LateScorer = {
  readonly start: () => void;
  /** Resolves when the bed at hand is done. */
  readonly stop: () => Promise<void>;
  /** Once, now. Resolves with how many alarms were found. */
  readonly look: () => Promise<number>;
};

const EVERY_MS = 30_000;
/** A device that sends what it kept is let finish. */
const QUIET_MS = 30_000;
/** One that is always late, for its clock is behind, is not waited for. */
const PATIENCE_MS = 600_000;
/** What came before the first look of all, after an upgrade. */
const FIRST_LOOK_BACK_MS = 7 * 86_400_000;

/** Before the late readings: longer than any delay, so that what had begun is known, and breaths are. */
const WARM_UP_MS = 300_000;
/** After them: whether what they began goes on. */
const SETTLE_MS = 300_000;
/** Late readings further apart are of two gaps. */
const ONE_GAP_MS = 60_000;

type Waiting = { bed: string; first_ms: number; last_ms: number; received_ms: number; waiting_since_ms: number };
type Span = { from: number; to: number };

/** The end of an index: what is asked while late readings pour in, and there may be millions. */
const NEWEST = `
  select (extract(epoch from max(received_at)) * 1000)::float8 as received_ms from vitals where late and received_at > $1`;

const WAITING = `
  select series.bed_id as bed,
    (extract(epoch from min(time)) * 1000)::float8 as first_ms, (extract(epoch from max(time)) * 1000)::float8 as last_ms,
    (extract(epoch from max(received_at)) * 1000)::float8 as received_ms,
    (extract(epoch from min(received_at)) * 1000)::float8 as waiting_since_ms
  from vitals
  join series on series.id = vitals.series_id
  left join late_scores on late_scores.bed_id = series.bed_id
  where vitals.late and received_at > $1 and series.bed_id is not null
    and received_at > coalesce(late_scores.received_through, '-infinity')
  group by series.bed_id order by series.bed_id`;

const REMEMBER = `
  insert into late_scores values ($1, to_timestamp($2::float8 / 1000))
  on conflict (bed_id) do update set received_through = greatest(late_scores.received_through, excluded.received_through)`;

const ANNOUNCED = `
  select kind, (extract(epoch from started_at) * 1000)::float8 as from,
    (extract(epoch from ended_at) * 1000)::float8 as to
  from alarms
  where not late and bed_id = $1 and type = 'physiological'
    and decided_at < to_timestamp($3::float8 / 1000) and decided_at > to_timestamp($2::float8 / 1000) - interval '8 days'
    and coalesce(ended_at, 'infinity') >= to_timestamp($2::float8 / 1000)`;

/** Late alarms that reach into the span: they are found again whole. */
const REACH = `
  select (extract(epoch from min(started_at)) * 1000)::float8 as from, (extract(epoch from max(ended_at)) * 1000)::float8 as to
  from alarms
  where late and bed_id = $1 and started_at <= to_timestamp($3::float8 / 1000) and ended_at >= to_timestamp($2::float8 / 1000)`;

/** What was found before in the same span is found again, or was only a part of it. */
const FORGET = `
  delete from alarms
  where late and bed_id = $1 and started_at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
    and id <> all($4::text[])`;

const KEEP = `
  insert into alarms (id, unit_id, bed_id, encounter_id, kind, condition, vital, type, priority, state, late,
    started_at, decided_at, measured_at, ended_at, end_cause, value, limit_value, worst, recurrences, config)
  select $1, (select unit_id from beds where id = $2), $2,
    (select id from encounters where bed_id = $2 and started_at <= at.started
      and coalesce(ended_at, 'infinity') > at.started order by started_at desc limit 1),
    $3, $4, $5, 'physiological', $6, 'ended', true, at.started, at.decided, at.measured, at.ended, $7, $8, $9, $10, 0, $11
  from (select to_timestamp($12::float8 / 1000) as started, to_timestamp($13::float8 / 1000) as decided,
    to_timestamp($14::float8 / 1000) as measured, to_timestamp($15::float8 / 1000) as ended) as at
  on conflict (id) do update set condition = excluded.condition, priority = excluded.priority,
    decided_at = excluded.decided_at, ended_at = excluded.ended_at, end_cause = excluded.end_cause, worst = excluded.worst,
    value = excluded.value, limit_value = excluded.limit_value, measured_at = excluded.measured_at`;

const LIMIT_KIND_IDS = new Set(LIMIT_KINDS.flatMap(({ low, high }) => [low.id, high.id]));

/** Nobody could have acknowledged what nobody heard: each episode ends with its condition. */
const unlatched = (config: AlarmConfig): AlarmConfig =>
  override(config, { latching: { low: false, medium: false, high: false } });

/** When late readings of each vital were measured, as spans. */
const createLateSpans = () => {
  const spans = new Map<string, Span[]>();
  return {
    take(vital: string, time: number): void {
      const known = spans.get(vital) ?? [];
      spans.set(vital, known);
      const last = known.at(-1);
      if (last && time - last.to <= ONE_GAP_MS) last.to = time;
      else known.push({ from: time, to: time });
    },
    of: (vital: string | null): readonly Span[] => spans.get(vital ?? '') ?? [],
  };
};

/** Episodes of limits that late readings had a part in, by measured time. undefined: by which settings is not known. */
const recompute = async (database: Database, bed: string, span: Span): Promise<Episode[] | undefined> => {
  const from: Checkpoint = {
    type: 'checkpoint',
    config: null,
    at: span.from,
    state: { ...initialState(bed), at: span.from },
  };
  const inputs = await readInputs(database, bed, from, span.to);
  const told = inputs.filter((input) => input.type === 'occupied' || input.type === 'configured');
  const config = (await findConfig(database, bed, span.from)) ?? told[0]?.config;
  if (!config) return undefined;
  const replay = createReplay({ from, config, change: unlatched });
  const episodes = createEpisodes([]);
  const late = createLateSpans();
  const courtesy = createCourtesy();
  for await (const items of merge(
    told,
    readMessages(database, { bed, fromMs: span.from, toMs: span.to }, 'measured'),
  )) {
    for (const item of items) {
      for (const event of replay.take(item)) episodes.take(event);
      if (item.type !== 'vitals' || !('late' in item) || !item.late) continue;
      for (const { mdc } of item.readings) late.take(vitalByMdc(mdc) ?? '', item.time);
    }
    await courtesy.rest();
  }
  for (const event of replay.take({ type: 'tick', at: span.to })) episodes.take(event);
  return episodes
    .all()
    .filter(({ alarm }) => LIMIT_KIND_IDS.has(alarm.kind) && condition(alarm.condition).type === 'physiological')
    .filter((episode) => late.of(episode.alarm.vital).some((gap) => overlap(gap, spanOf(episode))));
};

const spanOf = ({ alarm, endedAt }: Episode) => ({ from: alarm.startedAt, to: endedAt });

export const lateAlarmId = (bed: string, kind: string, startedAt: number): string =>
  `late-${bed}-${kind}-${Math.floor(startedAt).toString(36)}`;

/** Puts the late alarms of a bed into the record. Harmless when repeated. Resolves with how many there are. */
const scoreBed = async (database: Database, { bed, first_ms, last_ms }: Waiting): Promise<number> => {
  const near = [bed, first_ms - WARM_UP_MS, last_ms + SETTLE_MS];
  const { rows: reach } = await database.query<{ from: number | null; to: number | null }>(REACH, near);
  const firstMs = Math.min(first_ms, reach[0]?.from ?? first_ms);
  const found = { from: firstMs - WARM_UP_MS, to: Math.max(last_ms, reach[0]?.to ?? last_ms) + SETTLE_MS };
  const episodes = await recompute(database, bed, found);
  if (!episodes) return 0;
  const { rows: announced } = await database.query<{ kind: string; from: number; to: number | null }>(ANNOUNCED, [
    bed,
    found.from,
    found.to,
  ]);
  const late = episodes.filter(
    (episode) => !announced.some((alarm) => alarm.kind === episode.alarm.kind && overlap(alarm, spanOf(episode))),
  );
  const ids = late.map(({ alarm }) => lateAlarmId(bed, alarm.kind, alarm.startedAt));
  const client = await database.connect();
  let failure: Error | undefined;
  try {
    await client.query('begin');
    await client.query(FORGET, [bed, firstMs, found.to, ids]);
    for (const { alarm, endedAt, cause } of late) {
      await client.query(KEEP, [
        lateAlarmId(bed, alarm.kind, alarm.startedAt),
        bed,
        alarm.kind,
        alarm.condition,
        alarm.vital,
        alarm.priority,
        cause ?? 'recovered',
        alarm.value,
        alarm.limit,
        alarm.worst,
        JSON.stringify(alarm.config),
        alarm.startedAt,
        alarm.decidedAt,
        alarm.measuredAt,
        endedAt ?? found.to,
      ]);
    }
    await client.query('commit');
  } catch (error) {
    failure = coerceError(error);
    throw error;
  } finally {
    client.release(failure);
  }
  return late.length;
};

export const createLateScorer = ({
  database,
  clock,
  log,
}: {
  database: Database;
  clock: Clock;
  log: Logger;
}): LateScorer => {
  let ending: AbortController | undefined;
  let running = Promise.resolve();
  /** Nothing that came before is unscored. */
  let scoredThrough: number | undefined;
  let pouringSince: number | undefined;

  const look = async (signal?: AbortSignal): Promise<number> => {
    const now = clock.now();
    const since = scoredThrough ?? now - FIRST_LOOK_BACK_MS;
    const newest = await database.query<{ received_ms: number | null }>(NEWEST, [new Date(since)]);
    const receivedMs = newest.rows[0]?.received_ms ?? null;
    if (receivedMs === null) return 0;
    pouringSince ??= now;
    if (now - receivedMs < QUIET_MS && now - pouringSince < PATIENCE_MS) return 0;
    pouringSince = undefined;
    const { rows } = await database.query<Waiting>(WAITING, [new Date(since)]);
    let found = 0;
    let oldestWaiting = now - QUIET_MS - PATIENCE_MS;
    for (const waiting of rows) {
      if (signal?.aborted) return found;
      const isDone = now - waiting.received_ms >= QUIET_MS || now - waiting.waiting_since_ms >= PATIENCE_MS;
      if (!isDone) {
        oldestWaiting = Math.min(oldestWaiting, waiting.waiting_since_ms - 1);
        continue;
      }
      found += await scoreBed(database, waiting);
      await database.query(REMEMBER, [waiting.bed, waiting.received_ms]);
    }
    scoredThrough = Math.max(since, oldestWaiting);
    return found;
  };

  const keepLooking = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await look(signal).then(
        (found) => found > 0 && log.info({ alarms: found }, 'late data would have alarmed'),
        (error: unknown) => log.warn({ err: coerceError(error) }, 'late data could not be scored, trying again'),
      );
      await sleep(EVERY_MS, signal);
    }
  };

  return {
    start() {
      if (ending) return;
      ending = new AbortController();
      running = keepLooking(ending.signal);
    },
    async stop() {
      ending?.abort();
      ending = undefined;
      await running;
    },
    look: () => look(),
  };
};
