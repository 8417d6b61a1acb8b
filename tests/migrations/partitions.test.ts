import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { test as base, describe, expect, inject } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { createDatabase, type Database } from '#platform/database.ts';
import { createLog } from '#platform/log.ts';
import { DAYS_AHEAD, listParts } from '../../migrations/days.ts';
import { migrate } from '../../migrations/migrate.ts';
import { ensureMinutesView } from '../../migrations/minutes.ts';
import { ensureOneTable } from '../../migrations/partitioning.ts';
import { createRetention } from '../../migrations/retention.ts';
import { createEmptyDatabase } from '../support/migrated-database.ts';
import { MIGRATION_NAMES } from '../support/migrations.ts';
import { releaseAfterEach } from '../support/releases.ts';

const log = createLog({ level: 'silent' });
const DAY_MS = 86_400_000;
const RETENTION_DAYS = 30;

/** What partitions is plain PostgreSQL; with TimescaleDB there are its own. */
const test = base.skipIf(inject('databaseLevel') !== 'postgresql');
const releases = releaseAfterEach();

const open = async (prepare: (database: Database) => Promise<void> = async () => {}): Promise<Database> => {
  const { url, drop } = await createEmptyDatabase(inject('databaseUrl'));
  releases.push(drop);
  const database = createDatabase({ url, maxConnections: 5, name: 'test', onError: () => undefined });
  releases.push(() => database.end());
  await prepare(database);
  await migrate({ databaseUrl: url, log });
  return database;
};

/** As release 0.2.0 leaves a database: all migrations that it knows, and plain tables. */
const asBefore = async (database: Database): Promise<void> => {
  for (const name of MIGRATION_NAMES) {
    await database.query(await readFile(new URL(`../../migrations/${name}.sql`, import.meta.url), 'utf8'));
  }
  await database.query('create table migrations_run (id serial primary key, name text, run_on timestamp)');
  await database.query('insert into migrations_run (name, run_on) select name, now() from unnest($1::text[]) name', [
    MIGRATION_NAMES,
  ]);
  const client = await database.connect();
  await ensureMinutesView(client, `date_bin('1 minute', time, 'epoch')`);
  client.release();
  await addDevice(database);
};

const addDevice = (database: Database) =>
  database.query(`
    insert into units values ('icu', 'Intensive care');
    insert into devices (id, unit_id, secret_hash) values ('m1', 'icu', '');
    insert into series (device_id, signal) values ('m1', 'heart-rate'), ('m1', 'spo2')`);

/** Readings of both series, a minute apart. */
const write = async (database: pg.Pool | pg.ClientBase, fromMs: number, count = 10): Promise<void> => {
  await database.query(
    `insert into vitals (time, received_at, value, series_id, quality, late)
     select $1::timestamptz + make_interval(mins => n), $1, 70 + n, series, 0, false
     from generate_series(0, $2 - 1) n, generate_series(1, 2) series
     on conflict (series_id, time) do update set value = excluded.value, received_at = excluded.received_at
     where vitals.value is distinct from excluded.value`,
    [new Date(fromMs), count],
  );
};

const rowsOf = async (database: Database, table: string): Promise<number> =>
  (await database.query(`select count(*)::int as rows from ${table}`)).rows[0].rows;

/** The rows of each part that has some. */
const partsOf = async (database: Database): Promise<Record<string, number>> => {
  const { rows } = await database.query<{ part: string; rows: number }>(
    `select tableoid::regclass::text as part, count(*)::int as rows from vitals group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map(({ part, rows }) => [part, rows]));
};

const todayMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const compact = (ms: number): string => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '');
const day = (inDays: number): string => `vitals_${compact(todayMs + inDays * DAY_MS)}`;

const retentionOf = (database: Database, nowMs: number, retentionDays = RETENTION_DAYS) =>
  createRetention({
    database,
    level: 'postgresql',
    retentionDays,
    clock: { ...systemClock, now: () => nowMs },
    log,
  });

/** A database in which days have passed: readings of each, and a pass of retention by its clock. */
const liveThrough = async (database: Database, days: number): Promise<void> => {
  for (let passed = 0; passed <= days; passed++) {
    const nowMs = todayMs + passed * DAY_MS;
    await retentionOf(database, nowMs).trim();
    await write(database, nowMs);
  }
};

describe('a new database', () => {
  test('has a table for today and for some days ahead, and readings of any time have a place', async () => {
    const database = await open();
    for (const table of ['vitals', 'waves']) expect(await listParts(database, table)).toHaveLength(DAYS_AHEAD + 1);
    await write(database, todayMs);
    await write(database, todayMs + DAYS_AHEAD * DAY_MS);
    await write(database, todayMs - 40 * DAY_MS);
    await write(database, todayMs + 4_000 * DAY_MS);
    expect(await partsOf(database)).toEqual({ [day(0)]: 20, [day(DAYS_AHEAD)]: 20, vitals_other: 40 });
  });

  test('takes a redelivered reading once, and keeps what a correction replaced, in every part', async () => {
    const database = await open();
    for (const ms of [todayMs, todayMs - 40 * DAY_MS]) {
      await write(database, ms);
      await write(database, ms);
      await database.query('update vitals set value = 99, received_at = now() where time = $1 and series_id = 1', [
        new Date(ms),
      ]);
    }
    expect(await rowsOf(database, 'vitals')).toBe(40);
    expect((await database.query('select value from vitals_replaced')).rows).toEqual([{ value: 70 }, { value: 70 }]);
  });
});

describe('days that pass', () => {
  test('old days go as a whole, what is of no day by rows, and all else stays', async () => {
    const database = await open();
    await addDevice(database);
    await write(database, todayMs - 20 * DAY_MS);
    await liveThrough(database, 3);
    const nowMs = todayMs + (RETENTION_DAYS + 2) * DAY_MS;
    await write(database, nowMs - DAY_MS);
    expect(await retentionOf(database, nowMs).trim()).toBe(20);
    const parts = await listParts(database, 'vitals');
    expect(parts?.map(({ name }) => name)).not.toContain(day(1));
    expect(await partsOf(database)).toEqual({ [day(2)]: 20, [day(3)]: 20, vitals_other: 20 });
  });

  test('a shorter retention takes effect in the next pass', async () => {
    const database = await open();
    await addDevice(database);
    await liveThrough(database, 5);
    await retentionOf(database, todayMs + 6 * DAY_MS, 2).trim();
    expect(await partsOf(database)).toEqual({ [day(4)]: 20, [day(5)]: 20 });
  });

  test('readings that came before the table of their day move into it when it is made', async () => {
    const database = await open();
    const laterMs = todayMs + 10 * DAY_MS;
    await write(database, laterMs);
    await write(database, laterMs + 300 * DAY_MS);
    expect(await partsOf(database)).toEqual({ vitals_other: 40 });
    await retentionOf(database, laterMs).trim();
    expect(await partsOf(database)).toEqual({ [day(10)]: 20, vitals_other: 20 });
  });

  test('a clock that was set years ahead, and stored by it, does not empty the database within half a day', async () => {
    const database = await open();
    await addDevice(database);
    await liveThrough(database, 1);
    const aheadMs = todayMs + 4_000 * DAY_MS;
    await retentionOf(database, aheadMs).trim();
    await write(database, aheadMs);
    await retentionOf(database, aheadMs + 3_600_000).trim();
    expect(await rowsOf(database, 'vitals')).toBe(60);
    await retentionOf(database, aheadMs + 13 * 3_600_000).trim();
    expect(await rowsOf(database, 'vitals')).toBe(20);
  });
});

describe('beside a ward that goes on', () => {
  test('who reads all of time keeps neither a writer nor retention for long, and the rows go meanwhile', async () => {
    const database = await open();
    await addDevice(database);
    await liveThrough(database, 3);
    const reader = await database.connect();
    // It names a day only, as an export does; the table itself is locked by it too.
    await reader.query('begin');
    await reader.query('select from vitals where time >= $1', [new Date(todayMs + 3 * DAY_MS)]);
    const trimming = retentionOf(database, todayMs + 4 * DAY_MS, 2).trim();
    await expect.poll(() => rowsOf(database, day(0))).toBe(0);
    const stillThere = (await listParts(database, 'vitals'))?.some(({ name }) => name === day(0));
    await write(database, todayMs + 4 * DAY_MS);
    await reader.query('commit');
    reader.release();
    await trimming;
    expect(stillThere).toBe(true);
    expect((await listParts(database, 'vitals'))?.some(({ name }) => name === day(0))).toBe(false);
    expect(await partsOf(database)).toEqual({ [day(2)]: 20, [day(3)]: 20, [day(4)]: 20 });
  });
});

describe('a database of the release before', () => {
  test('is partitioned with the rows where they are, its views and rights, and a second start changes nothing', async () => {
    const database = await open(async (before) => {
      await asBefore(before);
      await write(before, todayMs - 10 * DAY_MS);
      await write(before, todayMs + DAY_MS);
      // By a clock that was wrong.
      await write(before, todayMs + 4_000 * DAY_MS);
      await before.query('create view mine as select series_id, value from vitals');
      await before.query('grant select on vitals to public');
    });
    const first = `vitals_before_${compact(todayMs + DAYS_AHEAD * DAY_MS)}`;
    expect(await partsOf(database)).toEqual({ [first]: 40, vitals_other: 20 });
    await write(database, todayMs + DAYS_AHEAD * DAY_MS);
    expect(await partsOf(database)).toEqual({ [day(DAYS_AHEAD)]: 20, [first]: 40, vitals_other: 20 });
    for (const view of ['mine', 'readings', 'vitals_1m']) expect(await rowsOf(database, view)).toBe(80);
    const { rows } = await database.query(`select has_table_privilege('public', 'vitals', 'select') as may_read`);
    expect(rows).toEqual([{ may_read: true }]);
    const { rows: checks } = await database.query(
      `select conname from pg_constraint where contype = 'c' and conrelid in ('vitals'::regclass, $1::regclass)`,
      [first],
    );
    expect(checks).toEqual([]);
    const before = await listParts(database, 'vitals');
    await migrate({ databaseUrl: String(database.options.connectionString), log });
    expect(await listParts(database, 'vitals')).toEqual(before);
  });

  test('a start that was cut short between the look at the rows and the step is taken up by the next', async () => {
    const database = await open(async (before) => {
      await asBefore(before);
      await write(before, todayMs);
      await before.query(`alter table vitals add constraint vitals_before check (time < '2100-01-01Z') not valid`);
    });
    await write(database, Date.UTC(2150, 0, 1));
    expect(Object.values(await partsOf(database))).toEqual([20, 20]);
  });

  test('what an operator built upon the table keeps it as it is; retention goes by rows then', async () => {
    const database = await open(async (before) => {
      await asBefore(before);
      await write(before, todayMs - 40 * DAY_MS);
      await write(before, todayMs - DAY_MS);
      await before.query('create materialized view mine as select series_id, value from vitals');
    });
    expect(await listParts(database, 'vitals')).toBeUndefined();
    expect(await listParts(database, 'waves')).toHaveLength(DAYS_AHEAD + 1);
    expect(await retentionOf(database, Date.now()).trim()).toBe(20);
    expect(await rowsOf(database, 'vitals')).toBe(20);
  });

  test('its old rows go by rows, and its table when all of it is old', async () => {
    const database = await open(async (before) => {
      await asBefore(before);
      await write(before, todayMs - 40 * DAY_MS);
      await write(before, todayMs - DAY_MS);
    });
    expect(await retentionOf(database, Date.now()).trim()).toBe(20);
    const laterMs = todayMs + (RETENTION_DAYS + DAYS_AHEAD + 1) * DAY_MS;
    await write(database, laterMs - DAY_MS);
    expect(await retentionOf(database, laterMs).trim()).toBe(0);
    expect((await listParts(database, 'vitals'))?.every(({ isDay }) => isDay)).toBe(true);
    expect(await rowsOf(database, 'vitals')).toBe(20);
  });
});

/** The statement by which release 0.2.0 removes what is too old. */
const DELETE_OF_0_2_0 = `
  delete from vitals where ctid = any(array(
    select old.ctid
    from series cross join lateral (
      select ctid from vitals where series_id = series.id and time < $1 limit $2
    ) old
    limit $2))`;

describe('the release before, on the partitioned tables', () => {
  test('is refused its removal by ctid, which would take rows of every day, and loses nothing', async () => {
    const database = await open();
    await addDevice(database);
    await liveThrough(database, 2);
    const removal = database.query(DELETE_OF_0_2_0, [new Date(todayMs + DAY_MS), 5_000]);
    await expect(removal).rejects.toMatchObject({ code: '55000', message: /vitals is partitioned/ });
    expect(await rowsOf(database, 'vitals')).toBe(60);
    // Without the guard each old row takes a young one of every day along.
    await database.query('drop trigger no_delete_by_ctid on vitals');
    await database.query(DELETE_OF_0_2_0, [new Date(todayMs + DAY_MS), 5_000]);
    expect(await rowsOf(database, 'vitals')).toBeLessThan(40);
  });

  test('may remove and move rows in the other way it has, when an assignment is corrected', async () => {
    const database = await open();
    await write(database, todayMs);
    await database.query(
      `delete from vitals using vitals as present
       where vitals.series_id = 1 and vitals.time < $1 and present.series_id = 2 and present.time = vitals.time`,
      [new Date(todayMs + 300_000)],
    );
    await database.query('update vitals set series_id = 3 where series_id = 2');
    expect(await rowsOf(database, 'vitals')).toBe(15);
  });

  test('makes no days: after weeks of it the days of this release are made, with what came meanwhile', async () => {
    const database = await open();
    await addDevice(database);
    const backMs = todayMs + 20 * DAY_MS;
    for (let inDays = 0; inDays <= 20; inDays++) await write(database, todayMs + inDays * DAY_MS);
    await retentionOf(database, backMs).trim();
    expect(await partsOf(database)).toMatchObject({ [day(DAYS_AHEAD)]: 20, vitals_other: 12 * 20, [day(20)]: 20 });
    expect(await rowsOf(database, 'vitals')).toBe(21 * 20);
  });
});

test('a database that can be more later becomes one table again, with all rows, its views, keys and triggers', async () => {
  const database = await open();
  await write(database, todayMs);
  await write(database, todayMs - 400 * DAY_MS);
  const client = await database.connect();
  releases.push(() => client.release());
  await ensureOneTable(client, 'vitals', async () => undefined);
  expect(await listParts(database, 'vitals')).toBeUndefined();
  await write(database, todayMs);
  await database.query('update vitals set value = 99, received_at = now() where time = $1', [new Date(todayMs)]);
  expect(await partsOf(database)).toEqual({ vitals: 40 });
  expect(await rowsOf(database, 'vitals_replaced')).toBe(2);
  for (const view of ['readings', 'vitals_1m']) await database.query(`select from ${view}`);
  const { rows } = await database.query(
    `select relname::text as name from pg_class where relname ~ '^vitals' and relkind in ('r', 'p', 'i') order by 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual([
    'vitals',
    'vitals_late',
    'vitals_replaced',
    'vitals_replaced_pkey',
    'vitals_series_id_time_key',
  ]);
});
