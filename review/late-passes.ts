import type { Database } from '#platform/database.ts';
import { scoreSpan } from './late-score.ts';

/** Passes over the late readings of beds: which wait, and how far one that is under way has come. */

/** So much measured time is scored in one go: its readings and its episodes are in memory. */
const SLICE_MS = 6 * 3_600_000;
/** So many slices of one bed are scored before the next bed has its turn. */
const SLICES_AT_ONCE = 4;

export type Waiting = {
  bed: string;
  first_ms: number;
  last_ms: number;
  received_ms: number;
  waiting_since_ms: number;
};

const epochMs = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

/** Reads only the end of an index, because it runs while late readings pour in, and there may be millions. */
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

/** Ends a pass, except for what a correction added meanwhile. */
const DONE = `with over as (
    delete from late_passes
    where bed_id = $1 and measured_through >= to_timestamp($3::float8 / 1000)
      and measured_to <= to_timestamp($4::float8 / 1000))
  insert into late_scores values ($1, to_timestamp($2::float8 / 1000))
  on conflict (bed_id) do update set received_through = greatest(late_scores.received_through, excluded.received_through)`;

/** How many alarms were found, and whether the pass is at its end. */
export type LatePass = { readonly found: number; readonly isDone: boolean };

export const goOn = async (
  database: Database,
  { bed, first_ms, last_ms, received_ms }: Waiting,
  signal: AbortSignal,
): Promise<LatePass> => {
  let found = 0;
  let cursor = first_ms;
  for (let slice = 0; slice < SLICES_AT_ONCE && !signal.aborted; slice++) {
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

/** When the newest late reading after a time came; null: none did. */
export const newestLate = async (database: Database, sinceMs: number): Promise<number | null> => {
  const { rows } = await database.query<{ received_ms: number | null }>(NEWEST, [new Date(sinceMs)]);
  return rows[0]?.received_ms ?? null;
};

export const listUnderWay = async (database: Database): Promise<readonly Waiting[]> =>
  (await database.query<Waiting>(UNDER_WAY)).rows;

/** Beds with late readings that came after a time and are not scored, without those whose pass is under way. */
export const listWaiting = async (database: Database, sinceMs: number): Promise<readonly Waiting[]> =>
  (await database.query<Waiting>(WAITING, [new Date(sinceMs)])).rows;
