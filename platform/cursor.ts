import Cursor from 'pg-cursor';
import { within } from './backoff.ts';
import type { DatabaseClient } from './database.ts';
import { coerceError } from './errors.ts';

/** A frozen server must look like an absent one, as it does to other queries. The time counts for each page anew. */
const PAGE_TIMEOUT_MS = 60_000;

/** The pool's own timeout would break off a cursor that is read for longer, and pg never ends that timer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Timed = { query_timeout?: number; callback?: () => void };

const withTimeout = async <Result>(work: Promise<Result>): Promise<Result> => {
  const answer = await within(
    PAGE_TIMEOUT_MS,
    work.then((result) => ({ result })),
  );
  if (!answer) throw new Error(`the database sent nothing for ${PAGE_TIMEOUT_MS} ms`);
  return answer.result;
};

export type CursorQuery = { readonly text: string; readonly values: readonly unknown[] };

/**
 * Rows as arrays, a page at a time, of one query after another on one connection, only as fast as they are taken. It
 * stops when the caller stops asking, and the connection is held until then. An empty page says that one query is at
 * its end. Rejects when the database is away.
 */
export async function* readByCursor<Row extends readonly unknown[]>(
  database: { readonly connect: () => Promise<DatabaseClient> },
  queries: Iterable<CursorQuery>,
  rowsAtOnce: number,
): AsyncGenerator<Row[]> {
  const client = await database.connect();
  let failure: Error | undefined;
  try {
    for (const { text, values } of queries) {
      const cursor = new Cursor<Row>(text, [...values], { rowMode: 'array' });
      const timed: Timed = Object.assign(cursor, { query_timeout: LONGEST_TIMER_MS });
      client.query(cursor);
      try {
        for (;;) {
          const rows = await withTimeout(cursor.read(rowsAtOnce));
          yield rows;
          if (rows.length === 0) break;
        }
      } catch (error) {
        failure = coerceError(error);
        throw error;
      } finally {
        // Ends pg's timer, which would keep the process.
        timed.callback?.();
        if (!failure) await withTimeout(cursor.close());
      }
    }
  } catch (error) {
    failure ??= coerceError(error);
    throw error;
  } finally {
    client.release(failure);
  }
}
