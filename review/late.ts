import { sleep } from '#platform/backoff.ts';
import type { WallClock } from '#platform/clock.ts';
import type { Database } from '#platform/database.ts';
import { coerceError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import { scoreSpan } from './late-score.ts';

/**
 * Alarms that late readings would have made (G3): decided again by when things were measured, put into the record as
 * late, and never announced.
 *
 *   every 30 s: beds with new late readings, quiet for 30 s ─▶ a pass over them, a slice of hours at a time
 *
 * How far a pass has come is kept: one that was broken off goes on there, and nothing counts as scored before it was.
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

/** Of measured time, in one go: its readings and its episodes are in memory. */
const SLICE_MS = 6 * 3_600_000;
/** Of one bed before the next has its turn. */
const SLICES_AT_ONCE = 4;
/** What the writer brings out of its order is not missed. */
const MARGIN_MS = 60_000;

type Waiting = {
  bed: string;
  first_ms: number;
  last_ms: number;
  received_ms: number;
  waiting_since_ms: number;
};

const epochMs = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

/** The end of an index: what is asked while late readings pour in, and there may be millions. */
const NEWEST = `
  select (extract(epoch from max(received_at)) * 1000)::float8 as received_ms from vitals where late and received_at > $1`;

/** A pass that is under way is finished first. */
const UNDER_WAY = `
  select bed_id as bed, ${epochMs('measured_through')} as first_ms, ${epochMs('measured_to')} as last_ms,
    ${epochMs('received_through')} as received_ms, ${epochMs('received_through')} as waiting_since_ms
  from late_passes order by bed_id`;

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
  and not exists (select from late_passes where late_passes.bed_id = series.bed_id)
  group by series.bed_id order by series.bed_id`;

/** The first late reading of a bed that was measured in [$2, $3]. */
const NEXT = `
  select ${epochMs('min(time)')} as next_ms from vitals
  where late and series_id = any(array(select id from series where bed_id = $1))
    and time between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)`;

const GOES_ON = `
  insert into late_passes (bed_id, received_through, measured_through, measured_to)
  values ($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000))
  on conflict (bed_id) do update set measured_through = excluded.measured_through
    where late_passes.measured_through >= to_timestamp($5::float8 / 1000)`;

/** Not of what a correction added meanwhile. */
const DONE = `with over as (
    delete from late_passes
    where bed_id = $1 and measured_through >= to_timestamp($3::float8 / 1000)
      and measured_to <= to_timestamp($4::float8 / 1000))
  insert into late_scores values ($1, to_timestamp($2::float8 / 1000))
  on conflict (bed_id) do update set received_through = greatest(late_scores.received_through, excluded.received_through)`;

/** Resolves with how many alarms there are, and whether the pass is at its end. */
const goOn = async (
  database: Database,
  { bed, first_ms, last_ms, received_ms }: Waiting,
  signal: AbortSignal | undefined,
): Promise<{ found: number; isDone: boolean }> => {
  let found = 0;
  let cursor = first_ms;
  for (let slice = 0; slice < SLICES_AT_ONCE && !signal?.aborted; slice++) {
    const { rows } = await database.query<{ next_ms: number | null }>(NEXT, [bed, cursor, last_ms]);
    const from = rows[0]?.next_ms ?? null;
    const to = Math.min(last_ms, (from ?? last_ms) + SLICE_MS);
    if (from !== null) found += await scoreSpan(database, bed, { from, to });
    if (to >= last_ms) {
      await database.query(DONE, [bed, received_ms, first_ms, last_ms]);
      return { found, isDone: true };
    }
    await database.query(GOES_ON, [bed, received_ms, to, last_ms, first_ms]);
    cursor = to;
  }
  return { found, isDone: false };
};

export const createLateScorer = ({
  database,
  clock,
  log,
}: {
  database: Database;
  clock: WallClock;
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
    const { rows: underWay } = await database.query<Waiting>(UNDER_WAY);
    const receivedMs = newest.rows[0]?.received_ms ?? underWay[0]?.received_ms ?? null;
    if (receivedMs === null) return 0;
    pouringSince ??= now;
    if (now - receivedMs < QUIET_MS && now - pouringSince < PATIENCE_MS) return 0;
    pouringSince = undefined;
    const { rows: fresh } = await database.query<Waiting>(WAITING, [new Date(since)]);
    let found = 0;
    let scored = receivedMs - MARGIN_MS;
    for (const waiting of [...underWay, ...fresh]) {
      if (signal?.aborted) return found;
      const isReady = now - waiting.received_ms >= QUIET_MS || now - waiting.waiting_since_ms >= PATIENCE_MS;
      const pass = isReady ? await goOn(database, waiting, signal) : { found: 0, isDone: false };
      found += pass.found;
      if (!pass.isDone) scored = Math.min(scored, waiting.waiting_since_ms - 1);
    }
    // What came of a bed while its pass was under way is looked for from where that began.
    scoredThrough = underWay.length > 0 ? since : Math.max(since, scored);
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
