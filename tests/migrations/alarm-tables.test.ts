import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createLog } from '#platform/log.ts';
import { withClient } from '../../migrations/client.ts';
import { migrate } from '../../migrations/migrate.ts';
import { createTestDatabase, skipReasonBelow, type TestDatabase } from '../support/database.ts';
import { createEmptyDatabase } from '../support/migrated-database.ts';
import { MIGRATION_NAMES } from '../support/migrations.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`
    insert into units values ('icu', 'Intensive care');
    insert into beds values ('b1', 'icu', '1');
    insert into patients (name) values ('Ada');
    insert into encounters (patient_id, bed_id, started_at) values (1, 'b1', '2026-01-01')`);
});
afterAll(() => database.drop());

const query = async (text: string) => (await database.pool.query(text)).rows;

describe.each(['alarm_events', 'alarm_inputs', 'alarm_settings'])('%s', (table) => {
  beforeAll(async () => {
    const row = `gen_random_uuid(), 1, 0, now(), 'resumed', '{}'`;
    const rows: Record<string, string> = {
      alarm_events: `(journal_id, journal_seq, place, at, type, detail) values (${row})`,
      alarm_inputs: `(journal_id, journal_seq, place, at, type, input) values (${row})`,
      alarm_settings: `(encounter_id, overrides, reason, author) values (1, '{}', 'because', 'Ada')`,
    };
    await query(`insert into ${table} ${rows[table]}`);
  });

  test.each([`update ${table} set`, 'delete from', 'truncate'])('F2: refuses: %s …', async (change) => {
    const column = table === 'alarm_settings' ? `reason = 'other'` : `type = 'other'`;
    const statement = change.startsWith('update') ? `${change} ${column}` : `${change} ${table}`;
    await expect(query(statement)).rejects.toMatchObject({
      code: '55000',
      message: `${table} is append-only`,
    });
    expect(await query(`select from ${table}`)).toHaveLength(1);
  });
});

test.each([
  [`'icu', null, null`, 'a unit without an age group'],
  [`null, 'adult', null`, 'an age group without a unit'],
  [`'icu', 'adult', 1`, 'a unit and a stay'],
  [`null, 'adult', 1`, 'an age group and a stay'],
  ['null, null, null', 'nothing'],
])('settings of %s are refused: %s', async (scope) => {
  const insert = `insert into alarm_settings (unit_id, age_group, encounter_id, overrides, reason, author)
    values (${scope}, '{}', 'because', 'Ada')`;
  await expect(query(insert)).rejects.toThrow('check constraint');
});

test('late readings are found by when they came', async () => {
  await query(`
    insert into vitals (time, received_at, value, series_id, quality, late)
    select time, time, 70, 1, 0, n % 1000 = 0
    from generate_series(1, 50000) n, lateral (select timestamptz '2026-11-01Z' + make_interval(secs => n) as time);
    analyze vitals`);
  const late = `select from vitals where late and received_at >= '2026-11-01 10:00Z' and received_at < '2026-11-01 11:00Z'`;
  expect(await query(late)).toHaveLength(4);
  const plan = JSON.stringify(await query(`explain ${late}`));
  // A part names its copy of the index by itself.
  expect(plan).toMatch(/vitals_late|vitals_other_received_at_idx/);
});

test('a correction in a compressed chunk is kept like any other, and late rows in it are found', async ({ skip }) => {
  const reason = skipReasonBelow('community');
  skip(reason !== undefined, reason);
  await query(`
    insert into vitals (time, received_at, value, series_id, quality, late)
    select time, time, 70, 2, 0, true from generate_series(timestamptz '2026-10-01Z', '2026-10-01 00:59Z', '1 min') time`);
  await query(`select compress_chunk(chunk) from show_chunks('vitals') chunk`);
  await query(`
    insert into vitals values ('2026-10-01 00:30Z', '2026-10-02Z', 71, 2, 0, true)
    on conflict (series_id, time) do update set value = excluded.value, received_at = excluded.received_at`);
  expect(await query('select value, received_at from vitals_replaced where series_id = 2')).toEqual([
    { value: 70, received_at: new Date('2026-10-01T00:30:00Z') },
  ]);
  expect(await query(`select from vitals where late and received_at < '2026-10-01 00:10Z'`)).toHaveLength(10);
});

/** A station's database from before there were alarms, at the level of this server. */
const migrateToFoundation = async (databaseUrl: string): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'wardwatch-migrations-'));
  try {
    const foundation = '0001_foundation.sql';
    await copyFile(fileURLToPath(new URL(`../../migrations/${foundation}`, import.meta.url)), join(folder, foundation));
    await migrate({ databaseUrl, log: createLog({ level: 'silent' }), folder });
  } finally {
    await rm(folder, { recursive: true });
  }
};

test('a database that has readings, in chunks and compressed where its server can, is brought to it', async () => {
  const { url, drop } = await createEmptyDatabase(inject('databaseUrl'));
  try {
    await migrateToFoundation(url);
    await withClient(url, async (client) => {
      await client.query(`
        insert into vitals (time, received_at, value, series_id, quality, late)
        select time, time, 70, 1, 0, true from generate_series(timestamptz '2026-10-01Z', '2026-10-03Z', '1 hour') time`);
      if (inject('databaseLevel') === 'community') {
        await client.query(
          `select compress_chunk(chunk) from (select * from show_chunks('vitals') chunk limit 2) as oldest`,
        );
      }
      const { applied } = await migrate({ databaseUrl: url, log: createLog({ level: 'silent' }) });
      expect(applied).toEqual(MIGRATION_NAMES.slice(1));
      await client.query(`update vitals set value = 71, received_at = now() where time = '2026-10-01 05:00Z'`);
      expect((await client.query('select value from vitals_replaced')).rows).toEqual([{ value: 70 }]);
      const late = await client.query(`select from vitals where late and received_at < '2026-10-02Z'`);
      expect(late.rowCount).toBe(23);
    });
  } finally {
    await drop();
  }
});
