import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, inject, test } from 'vitest';
import { UserError } from '#platform/errors.ts';
import { createLog } from '#platform/log.ts';
import { withClient } from '../../migrations/client.ts';
import { migrate, refuseNewerDatabase } from '../../migrations/migrate.ts';
import { createEmptyDatabase } from '../support/migrated-database.ts';
import { MIGRATION_NAMES } from '../support/migrations.ts';

const log = createLog({ level: 'silent' });
const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
const releases: (() => Promise<void>)[] = [];

const emptyDatabase = async (): Promise<string> => {
  const { url, drop } = await createEmptyDatabase(inject('databaseUrl'));
  releases.push(drop);
  return url;
};

/** The migrations as they are, and one more. */
const folderWith = async (file: string, sql: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'wardwatch-migrations-'));
  releases.push(() => rm(folder, { recursive: true }));
  const ours = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql'));
  await Promise.all(ours.map((name) => copyFile(join(MIGRATIONS, name), join(folder, name))));
  await writeFile(join(folder, file), sql);
  return folder;
};

const query = async (databaseUrl: string, sql: string) =>
  (await withClient(databaseUrl, (client) => client.query(sql))).rows;

afterAll(() => Promise.all(releases.map((release) => release())));

test('a second migration of the same database changes nothing', async () => {
  const databaseUrl = await emptyDatabase();
  const first = await migrate({ databaseUrl, log });
  const second = await migrate({ databaseUrl, log });
  expect(first.applied).toContain('0001_foundation');
  expect(second).toEqual({ level: first.level, applied: [] });
});

test('an older database gets what it lacks and keeps its rows', async () => {
  const databaseUrl = await emptyDatabase();
  await migrate({ databaseUrl, log });
  await query(databaseUrl, `insert into units values ('icu', 'Intensive care')`);
  const folder = await folderWith('9999_floors.sql', 'alter table units add column floor integer not null default 0');
  const { applied } = await migrate({ databaseUrl, log, folder });
  expect(applied).toEqual(['9999_floors']);
  expect(await query(databaseUrl, 'select * from units')).toEqual([{ id: 'icu', name: 'Intensive care', floor: 0 }]);
});

test('a database made by a newer version is refused in one line that says what to do, and is left alone', async () => {
  const databaseUrl = await emptyDatabase();
  const folder = await folderWith('9999_floors.sql', '-- breaking: no\nalter table units add column floor integer');
  await migrate({ databaseUrl, log, folder });
  const refusal = await migrate({ databaseUrl, log }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(UserError);
  expect(String(refusal)).toMatch(/^UserError: .*newer wardwatch.*9999_floors.*update this one.*$/);
  const names = (await query(databaseUrl, 'select name from pgmigrations order by id')).map(({ name }) => name);
  expect(names).toEqual([...MIGRATION_NAMES.slice(0, 4), '9999_floors']);
  await expect(refuseNewerDatabase(databaseUrl)).rejects.toThrow(UserError);
});

test('the previous version runs on a database that a newer one only added to', async () => {
  const databaseUrl = await emptyDatabase();
  const folder = await folderWith('9999_floors.sql', 'alter table units add column floor integer');
  await migrate({ databaseUrl, log, folder });
  expect((await migrate({ databaseUrl, log })).applied).toEqual([]);
  await refuseNewerDatabase(databaseUrl);
  expect((await migrate({ databaseUrl, log, folder })).applied).toEqual([]);
});

test('a database of 0.1.0 gets what it lacks, and 0.1.0 finds in it what it knows and nothing else', async () => {
  const databaseUrl = await emptyDatabase();
  for (const name of MIGRATION_NAMES.slice(0, 4)) {
    await query(databaseUrl, await readFile(join(MIGRATIONS, `${name}.sql`), 'utf8'));
  }
  await query(databaseUrl, 'create table pgmigrations (id serial primary key, name text, run_on timestamp)');
  for (const name of MIGRATION_NAMES.slice(0, 4)) {
    await query(databaseUrl, `insert into pgmigrations (name, run_on) values ('${name}', now())`);
  }
  expect((await migrate({ databaseUrl, log })).applied).toEqual(MIGRATION_NAMES.slice(4));
  const names = (await query(databaseUrl, 'select name from pgmigrations order by id')).map(({ name }) => name);
  expect(names).toEqual(MIGRATION_NAMES.slice(0, 4));
  // It writes what it knows, and is known by naming no format.
  await query(
    databaseUrl,
    `insert into alarm_inputs (journal_id, journal_seq, place, at, type, input)
     values (gen_random_uuid(), 1, 0, now(), 'resumed', '{}')`,
  );
  expect(await query(databaseUrl, 'select format from alarm_inputs')).toEqual([{ format: 1 }]);
});

test('a database that holds records of a newer format is refused before anything is changed', async () => {
  const databaseUrl = await emptyDatabase();
  await migrate({ databaseUrl, log });
  const marks = [
    'update stored_format set newest = 3',
    `insert into alarm_inputs (journal_id, journal_seq, place, at, type, input, format)
     values (gen_random_uuid(), 1, 0, now(), 'resumed', '{}', 3)`,
  ];
  for (const mark of marks) {
    await query(databaseUrl, 'update stored_format set newest = 2');
    await query(databaseUrl, mark);
    const word = /format 3, written by a newer wardwatch.*has changed nothing/;
    await expect(migrate({ databaseUrl, log })).rejects.toThrow(word);
    await expect(refuseNewerDatabase(databaseUrl)).rejects.toThrow(word);
  }
});

test('a migration that fails leaves nothing of itself, and the next try can succeed', async () => {
  const databaseUrl = await emptyDatabase();
  const broken = await folderWith('9999_broken.sql', 'create table half_done (id integer); select 1 / 0');
  await expect(migrate({ databaseUrl, log, folder: broken })).rejects.toThrow('division by zero');
  expect(await query(databaseUrl, `select from pg_tables where tablename in ('half_done', 'vitals')`)).toEqual([]);
  expect((await migrate({ databaseUrl, log })).applied).toEqual(MIGRATION_NAMES);
});

test('of stations that start at once on an empty database one migrates, and all find the same level', async () => {
  const databaseUrl = await emptyDatabase();
  const results = await Promise.all(Array.from({ length: 4 }, () => migrate({ databaseUrl, log })));
  expect(results.map(({ applied }) => applied.length).toSorted()).toEqual([0, 0, 0, MIGRATION_NAMES.length]);
  expect(new Set(results.map(({ level }) => level)).size).toBe(1);
});
