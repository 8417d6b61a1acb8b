import { TimescaleDB } from '@timescaledb/core';
import type pg from 'pg';
import type { Level } from './levels.ts';

/**
 * `vitals_1m(bucket, series_id, min, avg, max, count)`: minutes of a series, on every level the same answers.
 * Values that are missing or of invalid quality (2) do not count.
 */
const select = (bucket: string) => `
  select ${bucket} as bucket, series_id, min(value) as min, avg(value) as avg, max(value) as max, count(*) as count
  from vitals where quality < 2 and value is not null group by 1, 2`;

// The library knows no filter, so the query is ours; what it is asked for here is the policy.
const continuousAggregate = TimescaleDB.createContinuousAggregate('vitals_1m', 'vitals', {
  bucket_interval: '1 minute',
  time_column: 'time',
  // The start lies before every reading: a backfill of any age is taken in, and what retention dropped is dropped here.
  // Only what changed since the last run is computed again, so a long reach costs nothing.
  refresh_policy: { start_offset: '100 years', end_offset: '10 minutes', schedule_interval: '10 minutes' },
});

const isContinuous = async (client: pg.ClientBase): Promise<boolean> => {
  const { rows } = await client.query<{ hypertable_exists: boolean }>(continuousAggregate.inspect().build());
  return rows[0]?.hypertable_exists === true;
};

/** The plain view. One made by a better level is left alone: it answers the same. */
export const ensureMinutesView = async (client: pg.ClientBase, level: Level): Promise<void> => {
  if (level !== 'postgresql' && (await isContinuous(client))) return;
  // time_bucket lets TimescaleDB skip chunks by a condition on the bucket; date_bin is PostgreSQL's own.
  const bucket = level === 'postgresql' ? `date_bin('1 minute', time, 'epoch')` : `time_bucket('1 minute', time)`;
  await client.query(`create or replace view vitals_1m as ${select(bucket)}`);
};

/** The continuous aggregate, in place of a plain view. Community licence; inside a transaction. */
export const ensureContinuousMinutes = async (client: pg.ClientBase): Promise<void> => {
  if (await isContinuous(client)) return;
  await client.query('drop view if exists vitals_1m');
  // Not only what is materialised: the newest minutes come from the readings themselves.
  await client.query(
    `create materialized view vitals_1m with (timescaledb.continuous, timescaledb.materialized_only = false) as
     ${select(`time_bucket('1 minute', time)`)} with no data`,
  );
  const policy = continuousAggregate.up().getRefreshPolicy();
  if (policy) await client.query(policy);
};
