import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createLog } from '#platform/log.ts';
import { withClient } from '../../migrations/client.ts';
import { makeDays } from '../../migrations/days.ts';
import { migrate } from '../../migrations/migrate.ts';
import { ensureMinutesView } from '../../migrations/minutes.ts';
import { ensurePartitioned } from '../../migrations/partitioning.ts';
import { createTestDatabase, skipReasonBelow, type TestDatabase } from '../support/database.ts';
import { createEmptyDatabase } from '../support/migrated-database.ts';
import { MIGRATION_NAMES } from '../support/migrations.ts';

const log = createLog({ level: 'silent' });

/** Two minutes of series 1 and one of series 2, with what must not count: null, and invalid quality (2). */
const READINGS = `
  insert into vitals (time, received_at, value, series_id, quality, late)
  select time, time, value, series_id, quality, false from (values
    (timestamptz '2026-11-01 10:00:00Z', 70::float8, 1, 0),
    ('2026-11-01 10:00:30Z', 80, 1, 1),
    ('2026-11-01 10:00:40Z', null, 1, 0),
    ('2026-11-01 10:00:59.999Z', 900, 1, 2),
    ('2026-11-01 10:01:00Z', 75, 1, 0),
    ('2026-11-01 10:02:00Z', null, 1, 0),
    ('2026-11-01 10:00:15Z', 97, 2, 0)
  ) as reading (time, value, series_id, quality)`;

const MINUTES = [
  { bucket: new Date('2026-11-01T10:00:00Z'), series_id: 1, min: 70, avg: 75, max: 80, count: '2' },
  { bucket: new Date('2026-11-01T10:01:00Z'), series_id: 1, min: 75, avg: 75, max: 75, count: '1' },
  { bucket: new Date('2026-11-01T10:00:00Z'), series_id: 2, min: 97, avg: 97, max: 97, count: '1' },
];

const minutesOf = async (client: pg.ClientBase | pg.Pool) =>
  (await client.query('select * from vitals_1m order by series_id, bucket')).rows;

describe('a migrated database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  test('answers vitals_1m from what is good or questionable, the same on every level', async () => {
    await database.pool.query(READINGS);
    expect(await minutesOf(database.pool)).toEqual(MINUTES);
  });

  test('names the same columns and types of vitals_1m on every level', async () => {
    const { rows } = await database.pool.query(
      `select attname || ' ' || format_type(atttypid, atttypmod) as column from pg_attribute
       where attrelid = 'vitals_1m'::regclass and attnum > 0 order by attnum`,
    );
    expect(rows.map(({ column }) => column)).toEqual([
      'bucket timestamp with time zone',
      'series_id integer',
      'min double precision',
      'avg double precision',
      'max double precision',
      'count bigint',
    ]);
  });

  test('is the level that the server of this run offers', () => {
    expect(database.level).toBe(inject('databaseLevel'));
  });

  test('keeps vitals and waves in hypertables of one-day chunks, with no index but the key and what came late', async ({
    skip,
  }) => {
    const reason = skipReasonBelow('apache');
    skip(reason !== undefined, reason);
    const { rows } = await database.pool.query(
      `select hypertable_name as table, time_interval::text as chunk,
         (select count(*)::int from pg_indexes where tablename = hypertable_name) as indexes
       from timescaledb_information.dimensions where hypertable_schema = 'public' order by 1`,
    );
    expect(rows).toEqual([
      { table: 'vitals', chunk: '1 day', indexes: 2 },
      { table: 'waves', chunk: '1 day', indexes: 1 },
    ]);
  });

  test('compresses by series in order of time, and refreshes the minutes', async ({ skip }) => {
    const reason = skipReasonBelow('community');
    skip(reason !== undefined, reason);
    const { rows: settings } = await database.pool.query(
      `select hypertable_name as table, attname as column,
         segmentby_column_index is not null as segments, orderby_column_index is not null as orders
       from timescaledb_information.compression_settings
       where hypertable_schema = 'public' and (segmentby_column_index is not null or orderby_column_index is not null)
       order by 1, 2`,
    );
    expect(settings).toEqual(
      ['vitals', 'waves'].flatMap((table) => [
        { table, column: 'series_id', segments: true, orders: false },
        { table, column: 'time', segments: false, orders: true },
      ]),
    );
    const { rows: jobs } = await database.pool.query(
      `select proc_name as job, count(*)::int as jobs from timescaledb_information.jobs
       where job_id >= 1000 group by 1 order by 1`,
    );
    expect(jobs).toEqual([
      { job: 'policy_compression', jobs: 2 },
      { job: 'policy_refresh_continuous_aggregate', jobs: 1 },
    ]);
  });
});

describe('a database of plain PostgreSQL', () => {
  let url: string;
  let drop: () => Promise<void>;
  beforeEach(async () => {
    ({ url, drop } = await createEmptyDatabase(inject('databaseUrl')));
    await withClient(url, async (client) => {
      await client.query(await readFile(new URL('../../migrations/0001_foundation.sql', import.meta.url), 'utf8'));
      await client.query('create table pgmigrations (id serial primary key, name text, run_on timestamp)');
      await client.query(`insert into pgmigrations (name, run_on) values ('0001_foundation', now())`);
      await ensureMinutesView(client, `date_bin('1 minute', time, 'epoch')`);
    });
  });
  afterEach(() => drop());

  test('becomes what its server now offers at the next start, with its rows', async () => {
    await withClient(url, (client) => client.query(READINGS));
    const { level, applied } = await migrate({ databaseUrl: url, log });
    expect({ level, applied }).toEqual({ level: inject('databaseLevel'), applied: MIGRATION_NAMES.slice(1) });
    await withClient(url, async (client) => {
      expect(await minutesOf(client)).toEqual(MINUTES);
      expect((await client.query('select from vitals')).rowCount).toBe(7);
    });
  });

  test('becomes it also when it was partitioned by day, with the rows of every part', async ({ skip }) => {
    const reason = skipReasonBelow('apache');
    skip(reason !== undefined, reason);
    await withClient(url, async (client) => {
      await client.query(READINGS);
      for (const table of ['vitals', 'waves']) await ensurePartitioned(client, table, log);
      await makeDays(client, 'vitals', Date.now(), log);
      await client.query(
        `insert into vitals (time, received_at, value, series_id, quality, late)
         select time, time, 70, 3, 0, false from unnest(array[now(), now() + interval '1 day', now() + interval '400 days']) time`,
      );
    });
    const { level } = await migrate({ databaseUrl: url, log });
    expect(level).toBe(inject('databaseLevel'));
    await withClient(url, async (client) => {
      expect((await client.query('select from vitals')).rowCount).toBe(7 + 3);
      expect((await minutesOf(client)).slice(0, MINUTES.length)).toEqual(MINUTES);
      const { rows } = await client.query(
        `select hypertable_name as table from timescaledb_information.hypertables where hypertable_schema = 'public' order by 1`,
      );
      expect(rows).toEqual([{ table: 'vitals' }, { table: 'waves' }]);
    });
  });

  test('misses none of its minutes while the server first works them out, and has corrections in them later', async ({
    skip,
  }) => {
    const reason = skipReasonBelow('community');
    skip(reason !== undefined, reason);
    await withClient(url, async (client) => {
      await client.query(
        `insert into vitals (time, received_at, value, series_id, quality, late)
         select time, time, 70, series, 0, false
         from generate_series(1, 4) series, generate_series(now() - interval '20 days', now(), interval '1 minute') time`,
      );
      const sum = async () => (await client.query('select sum(count) from vitals_1m')).rows[0].sum;
      const before = await sum();
      await migrate({ databaseUrl: url, log });
      const seen = new Set<string>();
      const isWorkedOut = async () => {
        seen.add(await sum());
        const { rows } = await client.query(
          `select from timescaledb_information.job_stats join timescaledb_information.jobs using (job_id)
           where proc_name = 'policy_refresh_continuous_aggregate' and last_run_status = 'Success'`,
        );
        return rows.length === 1;
      };
      await expect.poll(isWorkedOut, { timeout: 100_000, interval: 10 }).toBe(true);
      expect([...seen]).toEqual([before]);
      await client.query(`update vitals set value = 90 where time < now() - interval '19 days'`);
      await client.query(`call refresh_continuous_aggregate('vitals_1m', null, now() - interval '1 hour')`);
      const { rows: after } = await client.query('select max(max), sum(count) from vitals_1m');
      expect(after).toEqual([{ max: 90, sum: before }]);
    });
  });
});

describe('a compressed chunk', () => {
  test('takes a late reading and a correction, however many in one transaction', async ({ skip }) => {
    const reason = skipReasonBelow('community');
    skip(reason !== undefined, reason);
    const database = await createTestDatabase();
    try {
      const write = (value: number, everySeconds: number) =>
        database.pool.query(
          `insert into vitals (time, received_at, value, series_id, quality, late)
           select time, time, $1, series, 0, false
           from generate_series(1, 50) series,
             generate_series(timestamptz '2026-11-01Z', '2026-11-01 01:59:59Z', make_interval(secs => $2)) time
           on conflict (series_id, time) do update set value = excluded.value
           where vitals.value is distinct from excluded.value`,
          [value, everySeconds],
        );
      await write(70, 2);
      await database.pool.query(`select compress_chunk(chunk) from show_chunks('vitals') chunk`);
      // 360,000 rows over all of the chunk: half of them are corrections, half are late.
      expect((await write(71, 1)).rowCount).toBe(360_000);
      const { rows } = await database.pool.query('select value, count(*)::int as rows from vitals group by 1');
      expect(rows).toEqual([{ value: 71, rows: 360_000 }]);
    } finally {
      await database.drop();
    }
  });
});
