import type pg from 'pg';
import { errorCode } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import { inTransaction } from './client.ts';
import { beforeName, DAYS_AHEAD, listParts, otherName } from './days.ts';
import { replaceTable } from './replace-table.ts';

/** SQLSTATE. */
const CHECK_VIOLATION = '23514';

/**
 * Release 0.2.0 removes old rows by `ctid`, and in a partitioned table rows of all days have the same ones: it would remove
 * as many young ones. So that is refused, which it logs as a warning, and tries again in an hour. A trigger for each statement
 * is asked only when the table itself is named, and so neither by what removes from one part nor by what writes.
 */
const GUARD = 'no_delete_by_ctid';
const REFUSE_DELETE_BY_CTID = `
  create or replace function refuse_delete_by_ctid() returns trigger language plpgsql as $$
  begin
    raise exception '% is partitioned: its ctids name a row of each day', tg_table_name
      using errcode = 'object_not_in_prerequisite_state';
  end $$`;
const guard = (table: string) => `
  create trigger ${GUARD} before delete on ${table} for each statement
  when (current_query() ilike '%ctid%') execute function refuse_delete_by_ctid()`;

/** The first day that is kept apart of a table that has rows. What is of before stays where it is. */
const chooseBoundary = async (client: pg.ClientBase): Promise<number> => {
  const { rows } = await client.query<{ boundary: number }>(
    `select (extract(epoch from date_trunc('day', now(), 'UTC') + make_interval(days => $1)) * 1000)::float8 as boundary`,
    [DAYS_AHEAD],
  );
  return rows[0]?.boundary ?? Number.NaN;
};

/**
 * Has the server look at every row once, while others read and write; it then knows that all belong into the first part.
 * A start that is cut short here leaves the constraint behind: days lie between it and what any program writes. Resolves with
 * false when there are rows of after the boundary, by a clock that was wrong.
 */
const promiseBefore = async (client: pg.ClientBase, table: string, promise: string, before: string) => {
  await client.query(`alter table ${table} drop constraint if exists ${promise}`);
  await client.query(`alter table ${table} add constraint ${promise} check (time < ${before}) not valid`);
  try {
    await client.query(`alter table ${table} validate constraint ${promise}`);
    return true;
  } catch (error) {
    await client.query(`alter table ${table} drop constraint ${promise}`);
    if (errorCode(error) !== CHECK_VIOLATION) throw error;
    return false;
  }
};

/**
 * Partitions the table by day. Its rows are neither copied nor rewritten: the table they are in becomes the first part. Rejects
 * when somebody's lock, or something that depends on the table, is in the way; then it is as it was.
 */
export const ensurePartitioned = async (client: pg.ClientBase, table: string, log: Logger): Promise<void> => {
  if (await listParts(client, table)) return;
  const boundaryMs = await chooseBoundary(client);
  const first = beforeName(table, boundaryMs);
  const before = `'${new Date(boundaryMs).toISOString()}'`;
  const promise = `${table}_before`;
  const isEmpty = (await client.query(`select from ${table} limit 1`)).rowCount === 0;
  if (!isEmpty)
    log.info({ table }, 'partitioning a table by day: its rows are looked at, about a second for 10 million');
  const isPromised = !isEmpty && (await promiseBefore(client, table, promise, before));

  await inTransaction(client, async () => {
    await replaceTable(client, table, { aside: first, how: 'partition by range (time)' });
    await client.query(`alter table ${table} drop constraint if exists ${promise}`);
    await client.query(`create table ${otherName(table)} partition of ${table} default`);
    if (isEmpty) {
      await client.query(`drop table ${first}`);
    } else {
      if (!isPromised) {
        await client.query(
          `with moved as (delete from ${first} where time >= ${before} returning *)
           insert into ${otherName(table)} select * from moved`,
        );
      }
      await client.query(`alter table ${table} attach partition ${first} for values from (minvalue) to (${before})`);
      await client.query(`alter table ${first} drop constraint if exists ${promise}`);
    }
    await client.query(REFUSE_DELETE_BY_CTID);
    await client.query(guard(table));
  });
};

/** Makes one table of the parts, once `prepare` has made of the empty table what it is to be. */
export const ensureOneTable = async (
  client: pg.ClientBase,
  table: string,
  prepare: () => Promise<unknown>,
): Promise<void> => {
  if (!(await listParts(client, table))) {
    await prepare();
    return;
  }
  const parts = `${table}_parts`;
  await inTransaction(client, async () => {
    await client.query(`drop trigger ${GUARD} on ${table}`);
    await replaceTable(client, table, { aside: parts });
    await prepare();
    await client.query(`insert into ${table} select * from ${parts}`);
    await client.query(`drop table ${parts}`);
  });
};
