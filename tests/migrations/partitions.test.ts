import { test as base, describe, expect, inject } from 'vitest';
import { DAYS_AHEAD, listParts } from '../../migrations/days.ts';
import { releaseAfterEach } from '../support/releases.ts';
import {
  addDevice,
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

/** What partitions is plain PostgreSQL; with TimescaleDB there are its own. */
const test = base.skipIf(inject('databaseLevel') !== 'postgresql');
const releases = releaseAfterEach();

describe('a new database', () => {
  test('has a table for today and for some days ahead, and readings of any time have a place', async () => {
    const database = await open(releases);
    for (const table of ['vitals', 'waves']) expect(await listParts(database, table)).toHaveLength(DAYS_AHEAD + 1);
    await write(database, todayMs);
    await write(database, todayMs + DAYS_AHEAD * DAY_MS);
    await write(database, todayMs - 40 * DAY_MS);
    await write(database, todayMs + 4_000 * DAY_MS);
    expect(await partsOf(database)).toEqual({ [day(0)]: 20, [day(DAYS_AHEAD)]: 20, vitals_other: 40 });
  });

  test('takes a redelivered reading once, and keeps what a correction replaced, in every part', async () => {
    const database = await open(releases);
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
  test('old days go as a whole, what is of no day by rows; young ones stay, and a part that a person made', async () => {
    const database = await open(releases);
    await addDevice(database);
    await write(database, todayMs - 20 * DAY_MS);
    await database.query(
      `create table vitals_of_mine_20200101 partition of vitals for values from ('2020-01-01Z') to ('2020-01-02Z')`,
    );
    await write(database, Date.UTC(2020, 0, 1));
    await liveThrough(database, 3);
    const nowMs = todayMs + (RETENTION_DAYS + 2) * DAY_MS;
    await write(database, nowMs - DAY_MS);
    expect(await retentionOf(database, nowMs).trim()).toBe(20);
    const parts = await listParts(database, 'vitals');
    expect(parts?.map(({ name }) => name)).not.toContain(day(1));
    const kept = { vitals_of_mine_20200101: 20, vitals_other: 20 };
    expect(await partsOf(database)).toEqual({ [day(2)]: 20, [day(3)]: 20, ...kept });
  });

  test('a shorter retention takes effect in the next pass', async () => {
    const database = await open(releases);
    await addDevice(database);
    await liveThrough(database, 5);
    await retentionOf(database, todayMs + 6 * DAY_MS, 2).trim();
    expect(await partsOf(database)).toEqual({ [day(4)]: 20, [day(5)]: 20 });
  });

  test('readings that came before the table of their day move into it when it is made', async () => {
    const database = await open(releases);
    const laterMs = todayMs + 10 * DAY_MS;
    await write(database, laterMs);
    await write(database, laterMs + 300 * DAY_MS);
    expect(await partsOf(database)).toEqual({ vitals_other: 40 });
    await retentionOf(database, laterMs).trim();
    expect(await partsOf(database)).toEqual({ [day(10)]: 20, vitals_other: 20 });
  });

  test('a clock that was set years ahead, and stored by it, does not empty the database within half a day', async () => {
    const database = await open(releases);
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
    const database = await open(releases);
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
