import type { TrendPoint, Trends } from '#contracts/http/trends.ts';
import type { TrendRequest } from '#contracts/ports/archive.ts';
import type { VitalId } from '#domain/vitals.ts';
import { type Queryable, query } from '../database/query.ts';
import { notFound } from '../http/problems.ts';

const MINUTE = 60_000;

/** Up to here the readings themselves are quick: 2 h at 1 Hz are 7,200 rows a vital. */
const RAW_UP_TO_MS = 120 * MINUTE;

const TIMEOUT_MS = 30_000;

/** Rejects with 404 when there is no such bed. */
export const readTrends = async (database: Queryable, request: TrendRequest): Promise<Trends> => {
  const { series, hasRollup } = await findSeries(database, request);
  const resolution = hasRollup && request.toMs - request.fromMs > RAW_UP_TO_MS ? '1m' : 'raw';
  const bucketMs = bucketWidthMs(request, resolution);
  const rows = await query<BucketRow>(
    database,
    SOURCES[resolution],
    [
      series.map(({ id }) => id),
      series.map(({ signal }) => signal),
      new Date(resolution === '1m' ? floorTo(request.fromMs, MINUTE) : request.fromMs),
      new Date(request.toMs),
      `${bucketMs} milliseconds`,
    ],
    TIMEOUT_MS,
  );
  return { resolution, bucketMs, vitals: byVital(request.vitals, rows) };
};

/** Buckets start at whole multiples, so that a curve does not change its shape when the window moves on. */
export const bucketWidthMs = (
  { fromMs, toMs, points }: Pick<TrendRequest, 'fromMs' | 'toMs' | 'points'>,
  resolution: Trends['resolution'],
): number => {
  const stepMs = resolution === '1m' ? MINUTE : 1;
  const reachMs = toMs - floorTo(fromMs, stepMs);
  // One bucket fewer than asked for: the window seldom starts at a multiple, and then reaches into one more.
  return Math.max(1, Math.ceil(reachMs / (points - 1) / stepMs)) * stepMs;
};

const floorTo = (ms: number, stepMs: number): number => Math.floor(ms / stepMs) * stepMs;

type BucketRow = { signal: VitalId; bucket: Date; min: number; avg: number; max: number };

/**
 * Each series is reached by its own index scan (series_id, time), the way in that is quick on every database level
 * and at any size of the table. Rows of several series of a vital (another device, another patient) are merged after.
 */
const bucketsOf = (perSeries: string): string => `
  select signal, bucket, min(min) as min, sum(sum) / sum(count) as avg, max(max) as max
  from unnest($1::integer[], $2::text[]) as wanted (id, signal)
  cross join lateral (${perSeries}) as found
  group by signal, bucket
  order by signal, bucket`;

const SOURCES: Record<Trends['resolution'], string> = {
  raw: bucketsOf(`
    select date_bin($5::interval, time, 'epoch') as bucket, min(value), max(value), sum(value), count(*)
    from vitals
    where series_id = wanted.id and time >= $3 and time < $4 and quality < 2 and value is not null
    group by 1`),
  '1m': bucketsOf(`
    select date_bin($5::interval, minute.bucket, 'epoch') as bucket,
      min(minute.min), max(minute.max), sum(minute.avg * minute.count), sum(minute.count) as count
    from vitals_1m as minute
    where minute.series_id = wanted.id and minute.bucket >= $3 and minute.bucket < $4
    group by 1`),
};

/** `vitals_1m` is worth reading only where it is stored; where it is a mere view, it would read a year to bin it. */
const findSeries = async (
  database: Queryable,
  { bed, device, vitals }: Pick<TrendRequest, 'bed' | 'device' | 'vitals'>,
) => {
  const rows = await query<{ id: number | null; signal: string | null; has_rollup: boolean }>(
    database,
    `select series.id, series.signal,
       pg_get_viewdef('vitals_1m'::regclass) like '%\\_materialized\\_hypertable\\_%' as has_rollup
     from beds left join series on series.bed_id = beds.id and series.signal = any($2::text[])
       and ($3::text is null or series.device_id = $3)
     where beds.id = $1`,
    [bed, vitals, device ?? null],
  );
  if (rows.length === 0) throw notFound(`there is no bed ${bed}`);
  return {
    series: rows.flatMap(({ id, signal }) => (id === null || signal === null ? [] : [{ id, signal }])),
    hasRollup: rows.some((row) => row.has_rollup),
  };
};

const byVital = (vitals: readonly VitalId[], rows: readonly BucketRow[]): Trends['vitals'] => {
  const points = new Map<VitalId, TrendPoint[]>(vitals.map((vital) => [vital, []]));
  for (const { signal, bucket, min, avg, max } of rows) {
    points.get(signal)?.push({ time: bucket.getTime(), min, avg, max });
  }
  return Object.fromEntries(points);
};
