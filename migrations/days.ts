import type pg from 'pg';
import type { Logger } from '#platform/log.ts';
import { inTransaction } from './client.ts';

/**
 * On plain PostgreSQL `vitals` and `waves` are partitioned by day, so that a day is removed as a whole:
 *
 *   vitals ─┬ vitals_before_20261207   all that was there when the table was partitioned, up to a day
 *           ├ vitals_20261207 …        a day (UTC), made before it comes
 *           └ vitals_other             what is of no day that was made: too old, or by a clock that was wrong
 *
 * So no reading is ever without a place, whichever program writes it. Partitions of other names are left alone.
 */
export type Part = {
  readonly name: string;
  /** Nothing in it is of this time or later. */
  readonly endsAtMs: number;
  readonly isDay: boolean;
};

type Queryable = Pick<pg.ClientBase, 'query'>;

const DAY_MS = 86_400_000;

/** So long a station may be without a pass of retention, or run a program that makes no days, before rows go to `_other`. */
export const DAYS_AHEAD = 7;

/** About a second of moving: so long the writer may have to wait with readings that are of no day. */
const MOST_MOVED_ROWS = 100_000;

const compact = (dayMs: number): string => new Date(dayMs).toISOString().slice(0, 10).replaceAll('-', '');
const bound = (ms: number): string => `'${new Date(ms).toISOString()}'`;

const dayName = (table: string, dayMs: number): string => `${table}_${compact(dayMs)}`;
export const beforeName = (table: string, endsAtMs: number): string => `${table}_before_${compact(endsAtMs)}`;
export const otherName = (table: string): string => `${table}_other`;

const NAME = /^_(before_)?(\d{4})(\d{2})(\d{2})$/;

const parseName = (table: string, name: string): Part | undefined => {
  const [, before, year, month, day] = NAME.exec(name.slice(table.length)) ?? [];
  const dateMs = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (Number.isNaN(dateMs)) return undefined;
  return { name, isDay: before === undefined, endsAtMs: before === undefined ? dateMs + DAY_MS : dateMs };
};

/** Oldest first; undefined for a table that is not partitioned. */
export const listParts = async (database: Queryable, table: string): Promise<Part[] | undefined> => {
  const { rows } = await database.query<{ is_partitioned: boolean; parts: string[] }>(
    `select relkind = 'p' as is_partitioned, array(
       select relname::text from pg_inherits join pg_class as part on part.oid = inhrelid where inhparent = parent.oid
     ) as parts
     from pg_class as parent where oid = $1::regclass`,
    [table],
  );
  if (!rows[0]?.is_partitioned) return undefined;
  return rows[0].parts.flatMap((name) => parseName(table, name) ?? []).sort((a, b) => a.endsAtMs - b.endsAtMs);
};

/** Makes a day, and moves there what came for it before. */
const makeDay = async (client: pg.ClientBase, table: string, dayMs: number, log: Logger): Promise<void> => {
  const [day, other] = [dayName(table, dayMs), otherName(table)];
  const from = bound(dayMs);
  const to = bound(dayMs + DAY_MS);
  const { rows } = await client.query<{ early: number }>(
    `select count(*)::int as early from (
       select from ${other} where time >= ${from} and time < ${to} limit ${MOST_MOVED_ROWS + 1}
     ) as early`,
  );
  if ((rows[0]?.early ?? 0) > MOST_MOVED_ROWS) {
    log.warn(
      { table, day },
      `readings of a day came before its table was made: they stay in ${other}, and so does that day`,
    );
    return;
  }
  await client.query(`create table ${day} (like ${table} including all excluding indexes)`);
  await client.query(
    `with moved as (delete from ${other} where time >= ${from} and time < ${to} returning *)
     insert into ${day} select * from moved`,
  );
  await client.query(`alter table ${table} attach partition ${day} for values from (${from}) to (${to})`);
};

/**
 * How long a lock is waited for, and so how long others wait behind us: longer than a batch of the writer takes on a busy
 * server, and so short that its journal takes it up.
 */
const LOCK_MS = 500;

/** For a part that is too old: only who reads it waits behind us, and a vacuum gives way after a second (`deadlock_timeout`). */
const OLD_PART_LOCK_MS = 2_000;

const waitAtMost = (ms: number): string => `select set_config('lock_timeout', '${ms}', true)`;

/**
 * Makes the days that are missing from today on. Does nothing for a table that is not partitioned. Rejects with 55P03 when
 * somebody reads across all of time meanwhile; there are days in hand then, and it can be tried later.
 */
export const makeDays = async (client: pg.ClientBase, table: string, nowMs: number, log: Logger): Promise<void> => {
  const parts = await listParts(client, table);
  if (!parts) return;
  const taken = new Set(parts.map(({ name }) => name));
  const todayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const firstMs = Math.max(todayMs, ...parts.filter(({ isDay }) => !isDay).map(({ endsAtMs }) => endsAtMs));
  const missing: number[] = [];
  for (let dayMs = firstMs; dayMs <= todayMs + DAYS_AHEAD * DAY_MS; dayMs += DAY_MS) {
    if (!taken.has(dayName(table, dayMs))) missing.push(dayMs);
  }
  if (missing.length === 0) return;
  await inTransaction(client, async () => {
    await client.query(waitAtMost(LOCK_MS));
    // In the order in which a writer takes them, so that neither waits for the other for ever.
    await client.query(`lock table only ${table} in share update exclusive mode`);
    await client.query(`lock table ${otherName(table)} in access exclusive mode`);
    for (const dayMs of missing) await makeDay(client, table, dayMs, log);
  });
};

/**
 * The tables of which rows are to be removed one by one, and the parts of which all is older than a time. A table that is not
 * partitioned is of the first kind.
 */
export const findOld = async (
  database: Queryable,
  table: string,
  oldestMs: number,
): Promise<{ readonly whole: readonly Part[]; readonly byRows: readonly string[] }> => {
  const parts = await listParts(database, table);
  if (!parts) return { whole: [], byRows: [table] };
  const isOld = ({ endsAtMs }: Part) => endsAtMs <= oldestMs;
  const mixed = parts.filter((part) => !part.isDay && !isOld(part)).map(({ name }) => name);
  return { whole: parts.filter(isOld), byRows: [...mixed, otherName(table)] };
};

/**
 * Removes a part. Its rows go first, with a lock on it alone; what is left is empty, and goes when the table can be had for a
 * moment. `detach … concurrently` would hold up nobody, but is refused for a table that has a default partition. Rejects with 55P03 when a lock was not to be had: it can be called again.
 */
export const removePart = async (database: Queryable, { name }: Part): Promise<void> => {
  await database.query(`${waitAtMost(OLD_PART_LOCK_MS)}; truncate ${name}`);
  await database.query(`${waitAtMost(LOCK_MS)}; drop table ${name}`);
};
