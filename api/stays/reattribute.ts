import { type Queryable, query } from '../database/query.ts';
import { keepOthers, type RepeatedWaves } from './repeated-waves.ts';

/**
 * Gives what a device measured in [from, to) to the bed and the encounter that the assignments and encounters now
 * name for each time: the other half of a correction. To be called after these were written, in the same transaction.
 * Only what is in the wrong series is moved; when nothing was measured yet, as is usual, this is a few index probes.
 */
export const reattribute = async (
  database: Queryable,
  { device, from, to }: { device: string; from: string; to: string | null },
): Promise<void> => {
  const values = [device, from, to];
  await query(database, CREATE_SERIES, values, TIMEOUT_MS);
  for (const table of TABLES) {
    const moves = await query<Move>(database, findMoves(table), values, TIMEOUT_MS);
    for (const { source, target, span_start, span_end } of moves) {
      const range = [source, target, span_start, span_end];
      if (table === 'waves') {
        await keepOthers(database, target, await query<RepeatedWaves>(database, REPEATED_WAVES, range, TIMEOUT_MS));
      }
      await query(database, DROP_REPEATED[table], range, TIMEOUT_MS);
      await query(database, MOVE[table], range, TIMEOUT_MS);
      if (table === 'vitals') await query(database, SCORE_AGAIN, range, TIMEOUT_MS);
    }
  }
};

const TABLES = ['vitals', 'waves'] as const;
type Table = (typeof TABLES)[number];

/** A move from one series into another; the times are PostgreSQL's text, which has a word for infinity. */
type Move = { source: number; target: number; span_start: string; span_end: string };

const TIMEOUT_MS = 60_000;

/** The device's places in time: a span ends wherever an assignment or an encounter begins or ends. */
const SPANS = `
  places as (
    select bed_id, started_at, coalesce(ended_at, 'infinity') as ended_at
    from device_assignments where device_id = $1
  ), stays as (
    select id, bed_id, started_at, coalesce(ended_at, 'infinity') as ended_at
    from encounters where bed_id in (select bed_id from places)
  ), edges as (
    select $2::timestamptz as at union select coalesce($3::timestamptz, 'infinity')
    union select started_at from places union select ended_at from places
    union select started_at from stays union select ended_at from stays
  ), spans as (
    select at as span_start, lead(at) over (order by at) as span_end from edges
    where at >= $2 and at <= coalesce($3::timestamptz, 'infinity')
  ), located as (
    select span_start, span_end, places.bed_id, stays.id as encounter_id
    from spans
    left join places on places.started_at <= span_start and places.ended_at > span_start
    left join stays on stays.bed_id = places.bed_id and stays.started_at <= span_start and stays.ended_at > span_start
    where span_end is not null
  )`;

/** A subquery with a limit is never turned into a join: each is a probe of the index, at any size of the table. */
const isMeasured = (table: Table): string => `
  (select true from ${table} where series_id = source.id and time >= span_start and time < span_end limit 1)`;

const CREATE_SERIES = `
  with ${SPANS}
  insert into series (device_id, signal, bed_id, encounter_id)
  select distinct source.device_id, source.signal, located.bed_id, located.encounter_id
  from located
  join series as source on source.device_id = $1
    and (source.bed_id, source.encounter_id) is distinct from (located.bed_id, located.encounter_id)
  where ${isMeasured('vitals')} or ${isMeasured('waves')}
  on conflict do nothing`;

const findMoves = (table: Table): string => `
  with ${SPANS}
  select source.id as source, target.id as target, span_start::text, span_end::text
  from located
  join series as target on target.device_id = $1
    and target.bed_id is not distinct from located.bed_id
    and target.encounter_id is not distinct from located.encounter_id
  join series as source on source.device_id = $1 and source.signal = target.signal and source.id <> target.id
  where ${isMeasured(table)}`;

const forEachTable = (statement: (table: Table) => string): Record<Table, string> => ({
  vitals: statement('vitals'),
  waves: statement('waves'),
});

/**
 * A reading that could belong to either of two patients belongs to nobody (decision 0009), and its time does not decide it: it
 * stays nobody's, whatever is corrected. It arrived with the message that was refused for that reason.
 */
const isAmbiguous = (table: Table): string => `exists (
    select from rejected_messages as ambiguous join series as given on given.id = $1 and given.bed_id is null
    where ambiguous.device_id = given.device_id and ambiguous.reason in ('owner-unknown', 'time-unknown')
      and ambiguous.received_at = ${table}.received_at)`;

/** Those that are not the same to the byte: they may hold waveforms that did not come again. */
const REPEATED_WAVES = `
  select waves.time::text as time, series.signal, waves.rate, waves.samples, waves.packed,
    present.rate as present_rate, present.samples as present_samples, present.packed as present_packed
  from waves
  join series on series.id = waves.series_id
  join waves as present on present.series_id = $2 and present.time = waves.time
  where waves.series_id = $1 and waves.time >= $3 and waves.time < $4
    and waves.packed is distinct from present.packed and not ${isAmbiguous('waves')}`;

/** What the device sent again after the correction is there already, in the right series. */
const DROP_REPEATED = forEachTable(
  (table) => `
  delete from ${table} using ${table} as present
  where ${table}.series_id = $1 and ${table}.time >= $3 and ${table}.time < $4
    and present.series_id = $2 and present.time = ${table}.time and not ${isAmbiguous(table)}`,
);

const MOVE = forEachTable(
  (table) => `
  update ${table} set series_id = $2
  where series_id = $1 and time >= $3 and time < $4 and not ${isAmbiguous(table)}`,
);

/**
 * Late readings that are of another bed now: what they made an alarm of at the one is forgotten, and both are scored
 * anew where they were measured, whenever they arrived.
 */
const SCORE_AGAIN = `
  with moved as (
    select min(time) as first, max(time) as last from vitals
    where series_id = $2 and late and time >= $3 and time < $4
  ), affected as (
    select distinct bed_id as bed from series where id in ($1, $2) and bed_id is not null
  ), gone as (
    delete from alarms using affected, moved
    where alarms.late and alarms.bed_id = affected.bed and started_at <= moved.last and ended_at >= moved.first
    returning alarms.bed_id as bed, started_at, ended_at
  )
  insert into late_passes (bed_id, received_through, measured_through, measured_to)
  select bed, 'epoch',
    least(first, (select min(started_at) from gone where gone.bed = affected.bed)),
    greatest(last, (select max(ended_at) from gone where gone.bed = affected.bed))
  from affected cross join moved where first is not null
  on conflict (bed_id) do update set
    measured_through = least(late_passes.measured_through, excluded.measured_through),
    measured_to = greatest(late_passes.measured_to, excluded.measured_to)`;
