import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { createLog } from '#platform/log.ts';
import { createRetention } from '../../migrations/retention.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const log = createLog({ level: 'silent' });
const DAY_MS = 86_400_000;
const RETENTION_DAYS = 30;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`
    insert into units values ('icu', 'Intensive care');
    insert into devices (id, unit_id, secret_hash) values ('m1', 'icu', '');
    insert into series (device_id, signal) values ('m1', 'heart-rate'), ('m1', 'spo2'), ('m1', 'ecg-ii')`);
});
afterAll(() => database.drop());

/** The pool, with the sizes of what its statements removed. */
const observed = (pool: pg.Pool) => {
  const removed: number[] = [];
  const query = async (text: string, values: unknown[]) => {
    const result = await pool.query(text, values);
    if (result.command === 'DELETE') removed.push(result.rowCount ?? 0);
    return result;
  };
  return { pool: Object.create(pool, { query: { value: query } }) as pg.Pool, removed };
};

const count = async (from: string): Promise<number> =>
  (await database.pool.query(`select count(*)::int as rows from ${from}`)).rows[0].rows;

/** At the community level the jobs of the server remove rows: they are run now. */
const runPolicies = async () => {
  if (database.level !== 'community') return;
  const { rows } = await database.pool.query(
    `select job_id from timescaledb_information.jobs where proc_name = 'policy_retention'`,
  );
  for (const { job_id: id } of rows) await database.pool.query('call run_job($1)', [id]);
};

test('only what is older than the retention is removed, a bounded number at once', async () => {
  const now = Date.now();
  const old = new Date(now - (RETENTION_DAYS + 2) * DAY_MS);
  const young = new Date(now - (RETENTION_DAYS - 1) * DAY_MS);
  for (const [time, rows] of [
    [old, 6_001],
    [young, 1_000],
  ] as const) {
    await database.pool.query(
      `insert into vitals (time, received_at, value, series_id, quality, late)
       select $1::timestamptz + make_interval(secs => n), $1, n, series, 0, false
       from generate_series(1, 2) series, generate_series(1, $2) n`,
      [time, rows],
    );
    await database.pool.query(`insert into waves values ($1, $1, 3, 250, false, '{0.1,NaN}')`, [time]);
    await database.pool.query(
      `insert into rejected_messages (journal_id, journal_seq, received_at, topic, reason, detail, payload, payload_bytes)
       values (gen_random_uuid(), 1, $1, 'ward/v1/icu/m1/vitals', 'bad-json', '', '', 0)`,
      [time],
    );
    await database.pool.query(
      `insert into device_progress (device_id, channel, boot, last_seq, updated_at)
       values ('m1', 'vitals', $1::text, 1, $1::timestamptz)`,
      [time],
    );
    await database.pool.query(
      `insert into gaps (device_id, channel, boot, from_seq, to_seq, remaining, opened_at, closed_at)
       select 'm1', 'vitals', $1::text, seq, seq, '{}', $1::timestamptz, case seq when 1 then $1::timestamptz end
       from generate_series(1, 2) seq`,
      [time],
    );
  }
  const { pool, removed } = observed(database.pool);
  const retention = createRetention({
    database: pool,
    level: database.level,
    retentionDays: RETENTION_DAYS,
    clock: { ...systemClock, now: () => now },
    log,
  });
  await retention.trim();
  await runPolicies();

  expect(await count('vitals')).toBe(2_000);
  expect(await count('waves')).toBe(1);
  expect(await count('rejected_messages')).toBe(1);
  expect(await count('device_progress')).toBe(1);
  expect(await count('gaps where closed_at is null')).toBe(1);
  expect(await count('gaps where closed_at is not null')).toBe(1);
  expect(Math.max(...removed)).toBeLessThanOrEqual(5_000);
});

test('a second pass finds nothing, and a shorter retention takes effect', async () => {
  const now = Date.now();
  const retention = (retentionDays: number) =>
    createRetention({
      database: database.pool,
      level: database.level,
      retentionDays,
      clock: { ...systemClock, now: () => now },
      log,
    });
  expect(await retention(RETENTION_DAYS).trim()).toBe(0);
  for (const time of [new Date(now), new Date(now - DAY_MS)]) {
    await database.pool.query('insert into vitals values ($1, $1, 1, 1, 0, false)', [time]);
  }
  await retention(10).trim();
  await runPolicies();
  expect(await count('vitals')).toBe(2);
});

test('of alarms goes what is old and over; settings stay, and so does an alarm that is open, with its events', async () => {
  const now = Date.now();
  const old = new Date(now - (RETENTION_DAYS + 2) * DAY_MS);
  const young = new Date(now - (RETENTION_DAYS - 1) * DAY_MS);
  await database.pool.query(
    `insert into alarms (id, kind, condition, type, priority, state, started_at, decided_at, ended_at, config)
     select id, 'spo2-low', 'low-limit', 'physiological', 'medium', state, began, began, ended, '{}'
     from (values
       ('old', 'ended', $1::timestamptz, $1::timestamptz), ('long', 'ended', $1, $2),
       ('open', 'latched', $1, null), ('young', 'ended', $2, $2)
     ) as alarm(id, state, began, ended)`,
    [old, young],
  );
  await database.pool.query(
    `insert into alarm_events (journal_id, journal_seq, place, at, alarm_id, type, detail)
     select gen_random_uuid(), 1, 0, at, alarm, 'onset', '{}'
     from (values ('old', $1::timestamptz), ('open', $1), (null, $1), ('long', $2)) as event(alarm, at)`,
    [old, young],
  );
  for (const time of [old, young]) {
    await database.pool.query(
      `insert into alarm_inputs (journal_id, journal_seq, place, at, type, input)
       values (gen_random_uuid(), 1, 0, $1, 'resumed', '{}')`,
      [time],
    );
    await database.pool.query('insert into vitals_replaced values (1, $1, $1, 70, 0, false)', [time]);
    await database.pool.query(
      `insert into alarm_settings (unit_id, age_group, overrides, reason, author, created_at)
       values ('icu', 'adult', '{}', 'r', 'a', $1)`,
      [time],
    );
  }
  const retention = createRetention({
    database: database.pool,
    level: database.level,
    retentionDays: RETENTION_DAYS,
    clock: { ...systemClock, now: () => now },
    log,
  });
  expect(await retention.trim()).toBe(5);
  const of = async (query: string) => (await database.pool.query(query)).rows.map(({ id }) => id);
  expect(await of('select id from alarms order by id')).toEqual(['long', 'open', 'young']);
  expect(await of('select alarm_id as id from alarm_events order by id')).toEqual(['long', 'open']);
  expect(await count('alarm_inputs')).toBe(1);
  expect(await count('vitals_replaced')).toBe(1);
  expect(await count('alarm_settings')).toBe(2);
  await expect(database.pool.query('delete from alarm_inputs')).rejects.toThrow('append-only');
});

test('of notes goes what is old, with what took it back, and nothing else can remove one', async () => {
  const now = Date.now();
  await database.pool.query(`insert into beds values ('icu-01', 'icu', '1') on conflict do nothing`);
  await database.pool.query(
    `insert into annotations (bed_id, at, text, author) values ('icu-01', $1, 'old', 'a'), ('icu-01', $2, 'young', 'a')`,
    [new Date(now - (RETENTION_DAYS + 2) * DAY_MS), new Date(now - DAY_MS)],
  );
  await database.pool.query(`insert into annotation_retractions select id, 'a' from annotations`);
  const deps = { database: database.pool, level: database.level, retentionDays: RETENTION_DAYS, log };
  expect(await createRetention({ ...deps, clock: { ...systemClock, now: () => now } }).trim()).toBe(1);
  const { rows } = await database.pool.query(
    'select text from annotations join annotation_retractions on annotation_id = annotations.id',
  );
  expect(rows).toEqual([{ text: 'young' }]);
  expect(await count('annotation_retractions')).toBe(1);
  await expect(database.pool.query('delete from annotations')).rejects.toThrow('append-only');
});

test('a clock that was set years ahead does not empty the database', async ({ skip }) => {
  if (database.level === 'community') return skip('at this level the server removes, by its own clock');
  const before = await count('vitals');
  expect(before).toBeGreaterThan(0);
  const retention = createRetention({
    database: database.pool,
    level: database.level,
    retentionDays: RETENTION_DAYS,
    clock: { ...systemClock, now: () => Date.now() + 10 * 365 * DAY_MS },
    log,
  });
  expect(await retention.trim()).toBe(0);
  expect(await count('vitals')).toBe(before);
});

test('it starts by itself, and ends when told, both as often as one likes', async () => {
  await database.pool.query(
    `insert into device_progress (device_id, channel, boot, last_seq, updated_at) values ('m2', 'vitals', 'b', 1, '2001-01-01Z')`,
  );
  const retention = createRetention({
    database: database.pool,
    level: database.level,
    retentionDays: RETENTION_DAYS,
    clock: { ...systemClock, now: () => Date.now() },
    log,
  });
  retention.start();
  retention.start();
  await expect.poll(() => count(`device_progress where device_id = 'm2'`)).toBe(0);
  await retention.stop();
  await retention.stop();
});

test('a database that is away is no reason to end: it says so and waits for the next hour', async () => {
  const broken = { query: () => Promise.reject(new Error('connection refused')) } as unknown as pg.Pool;
  const warnings: unknown[] = [];
  const listening = Object.create(log, { warn: { value: (_: unknown, text: string) => warnings.push(text) } });
  const retention = createRetention({
    database: broken,
    level: 'postgresql',
    retentionDays: RETENTION_DAYS,
    clock: { ...systemClock, now: () => Date.now() },
    log: listening,
  });
  retention.start();
  await expect.poll(() => warnings).toHaveLength(1);
  await retention.stop();
});
