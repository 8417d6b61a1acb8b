import { test as base, describe, expect, inject } from 'vitest';
import { createLog } from '#platform/log.ts';
import { DAYS_AHEAD, listParts } from '../../migrations/days.ts';
import { migrate } from '../../migrations/migrate.ts';
import { ensureOneTable } from '../../migrations/partitioning.ts';
import { releaseAfterEach } from '../support/releases.ts';
import {
  addDevice,
  asBefore,
  compact,
  DAY_MS,
  day,
  liveThrough,
  open,
  partsOf,
  RETENTION_DAYS,
  retentionOf,
  rowsOf,
  todayMs,
  write,
} from './support/days.ts';

const log = createLog({ level: 'silent' });

/** What partitions is plain PostgreSQL; with TimescaleDB there are its own. */
const test = base.skipIf(inject('databaseLevel') !== 'postgresql');
const releases = releaseAfterEach();

describe('a database of the release before', () => {
  test('is partitioned with the rows where they are, its views and rights, and a second start changes nothing', async () => {
    const database = await open(releases, async (before) => {
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
    const before = await listParts(database, 'vitals');
    await migrate({ databaseUrl: String(database.options.connectionString), log });
    expect(await listParts(database, 'vitals')).toEqual(before);
  });

  test('a start that was cut short between the look at the rows and the step is taken up by the next', async () => {
    const database = await open(releases, async (before) => {
      await asBefore(before);
      await write(before, todayMs);
      await before.query(`alter table vitals add constraint vitals_before check (time < '2100-01-01Z') not valid`);
    });
    await write(database, Date.UTC(2150, 0, 1));
    const { rows: checks } = await database.query(
      `select conname from pg_constraint where contype = 'c' and conrelid = any(array(
         select relid from pg_partition_tree('vitals')))`,
    );
    expect(checks).toEqual([]);
    expect(Object.values(await partsOf(database))).toEqual([20, 20]);
  });

  test('what an operator built upon the table keeps it as it is; retention goes by rows then', async () => {
    const database = await open(releases, async (before) => {
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
    const database = await open(releases, async (before) => {
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
    const database = await open(releases);
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
    const database = await open(releases);
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
    const database = await open(releases);
    await addDevice(database);
    const backMs = todayMs + 20 * DAY_MS;
    for (let inDays = 0; inDays <= 20; inDays++) await write(database, todayMs + inDays * DAY_MS);
    await retentionOf(database, backMs).trim();
    expect(await partsOf(database)).toMatchObject({ [day(DAYS_AHEAD)]: 20, vitals_other: 12 * 20, [day(20)]: 20 });
    expect(await rowsOf(database, 'vitals')).toBe(21 * 20);
  });
});

test('a database that can be more later becomes one table again, with all rows, its views, keys and triggers', async () => {
  const database = await open(releases);
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
