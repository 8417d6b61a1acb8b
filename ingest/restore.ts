import { MAX_STALE_AFTER_MS } from '#domain/freshness.ts';
import { findVital, vital } from '#domain/vitals.ts';
import type { Database } from '#platform/database.ts';
import type { Reading } from './record.ts';

export type LatestReading = {
  readonly bed: string;
  readonly device: string;
  readonly time: number;
  readonly reading: Reading;
};

/**
 * The newest reading of each series that is in use, found by one step of the (series, time) index each. When the patients
 * before left is asked once for all beds: asked for each series, it kept the database of 3,000 beds busy for ten seconds.
 */
const QUERY = `
with vacated as materialized (
  select bed_id, max(ended_at) as at from encounters where ended_at <= $2 group by bed_id
)
select series.bed_id as bed, series.device_id as device, series.signal, newest.time, newest.value, newest.quality
from series
join device_assignments as present
  on present.device_id = series.device_id and present.bed_id = series.bed_id and present.ended_at is null
left join encounters on encounters.bed_id = series.bed_id and encounters.ended_at is null
left join vacated on vacated.bed_id = series.bed_id
cross join lateral (
  select time, value, quality from vitals
  where vitals.series_id = series.id and not late and time between $1 and $2
  order by time desc limit 1
) as newest
where series.encounter_id is not distinct from encounters.id
  and newest.time >= greatest(present.started_at, encounters.started_at, vacated.at)`;

type Row = { bed: string; device: string; signal: string; time: Date; value: number | null; quality: number };

/**
 * What screens showed before a restart: without it a blood pressure taken every fifteen minutes would be gone until
 * the next cuff. Nothing older than it may be shown, and nothing of an earlier patient or device.
 */
export const readLatest = async (database: Database, now: number): Promise<LatestReading[]> => {
  const { rows } = await database.query<Row>(QUERY, [new Date(now - MAX_STALE_AFTER_MS), new Date(now)]);
  return rows.flatMap(({ bed, device, signal, time, value, quality }) => {
    const id = findVital(signal);
    if (id === undefined) return [];
    return [
      { bed, device, time: time.getTime(), reading: { mdc: vital(id).mdc, value: value ?? Number.NaN, quality } },
    ];
  });
};
