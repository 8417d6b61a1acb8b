import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { inject } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { createDatabase, type Database } from '#platform/database.ts';
import { createLog } from '#platform/log.ts';
import { migrate } from '../../../migrations/migrate.ts';
import { ensureMinutesView } from '../../../migrations/minutes.ts';
import { createRetention } from '../../../migrations/retention.ts';
import { createEmptyDatabase } from '../../support/migrated-database.ts';
import { MIGRATION_NAMES } from '../../support/migrations.ts';
import type { Releases } from '../../support/releases.ts';

/** Databases of plain PostgreSQL, days that pass in them, and in which part readings lie. */

const log = createLog({ level: 'silent' });
export const DAY_MS = 86_400_000;
export const RETENTION_DAYS = 30;

/** A database that is migrated once it is prepared. */
export const open = async (
  releases: Releases,
  prepare: (database: Database) => Promise<void> = async () => {},
): Promise<Database> => {
  const { url, drop } = await createEmptyDatabase(inject('databaseUrl'));
  releases.push(drop);
  const database = createDatabase({ url, maxConnections: 5, name: 'test', onError: () => undefined });
  releases.push(() => database.end());
  await prepare(database);
  await migrate({ databaseUrl: url, log });
  return database;
};

/** As release 0.2.0 leaves a database: all migrations that it knows, and plain tables. */
export const asBefore = async (database: Database): Promise<void> => {
  for (const name of MIGRATION_NAMES) {
    await database.query(await readFile(new URL(`../../../migrations/${name}.sql`, import.meta.url), 'utf8'));
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

export const addDevice = (database: Database) =>
  database.query(`
    insert into units values ('icu', 'Intensive care');
    insert into devices (id, unit_id, secret_hash) values ('m1', 'icu', '');
    insert into series (device_id, signal) values ('m1', 'heart-rate'), ('m1', 'spo2')`);

/** Readings of both series, a minute apart. */
export const write = async (database: pg.Pool | pg.ClientBase, fromMs: number, count = 10): Promise<void> => {
  await database.query(
    `insert into vitals (time, received_at, value, series_id, quality, late)
     select $1::timestamptz + make_interval(mins => n), $1, 70 + n, series, 0, false
     from generate_series(0, $2 - 1) n, generate_series(1, 2) series
     on conflict (series_id, time) do update set value = excluded.value, received_at = excluded.received_at
     where vitals.value is distinct from excluded.value`,
    [new Date(fromMs), count],
  );
};

export const rowsOf = async (database: Database, table: string): Promise<number> =>
  (await database.query(`select count(*)::int as rows from ${table}`)).rows[0].rows;

/** The rows of each part that has some. */
export const partsOf = async (database: Database): Promise<Record<string, number>> => {
  const { rows } = await database.query<{ part: string; rows: number }>(
    `select tableoid::regclass::text as part, count(*)::int as rows from vitals group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map(({ part, rows }) => [part, rows]));
};

export const todayMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
export const compact = (ms: number): string => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '');
export const day = (inDays: number): string => `vitals_${compact(todayMs + inDays * DAY_MS)}`;

export const retentionOf = (database: Database, nowMs: number, retentionDays = RETENTION_DAYS) =>
  createRetention({
    database,
    level: 'postgresql',
    retentionDays,
    clock: { ...systemClock, now: () => nowMs },
    log,
  });

/** A database in which days have passed: readings of each, and a pass of retention by its clock. */
export const liveThrough = async (database: Database, days: number): Promise<void> => {
  for (let passed = 0; passed <= days; passed++) {
    const nowMs = todayMs + passed * DAY_MS;
    await retentionOf(database, nowMs).trim();
    await write(database, nowMs);
  }
};
