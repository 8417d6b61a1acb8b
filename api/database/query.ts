import pg, { type QueryResultRow } from 'pg';
import { sleep } from '#platform/backoff.ts';
import type { Database, DatabaseClient } from '#platform/database.ts';
import { coerceError } from '#platform/errors.ts';
import { isAway, toProblem } from './faults.ts';

/** A pool, or one of its clients within a transaction. */
export type Queryable = Pick<Database | DatabaseClient, 'query'>;

const SECOND = 1_000;
const QUICK_MS = 5 * SECOND;
/** `begin` does no work: when it takes longer than this, the server is frozen. */
const BEGIN_WITHIN_MS = SECOND;

/** After so long without an answer the API asks whether the database answers at all; that may take as long again. */
const PING_AFTER_MS = 500;

const PING_WITHIN_MS = 500;

/** Rejects with a 503 when the database does not answer. */
export const requireDatabase = async (database: Database): Promise<void> => {
  const ping = { text: 'select 1', query_timeout: PING_WITHIN_MS };
  const silence = sleep(2 * PING_WITHIN_MS).then(() => Promise.reject(new Error('the database is silent')));
  await Promise.race([database.query(ping), silence]).catch((error: unknown) => Promise.reject(toProblem(error)));
};

/**
 * A slow statement is waited for, a frozen server is not: the caller hears of it within about a second. Within a transaction
 * there is only its own connection to ask, and its beginning has told.
 */
const answerOf = async <Answer>(database: Queryable, answer: Promise<Answer>): Promise<Answer> => {
  if (!(database instanceof pg.Pool)) return answer;
  // The answer may reject after this function has thrown: then nobody listens to it.
  answer.catch(() => undefined);
  const waiting = new AbortController();
  const silence = sleep(PING_AFTER_MS, waiting.signal).then(() =>
    waiting.signal.aborted ? undefined : requireDatabase(database),
  );
  try {
    const first = await Promise.race([answer.then((rows) => ({ rows })), silence]);
    return first ? first.rows : await answer;
  } finally {
    waiting.abort();
  }
};

/** Rows of one statement. Rejects with a ProblemError for what the caller did or should know: see `toProblem`. */
export const query = async <Row extends QueryResultRow>(
  database: Queryable,
  text: string,
  values: readonly unknown[] = [],
  timeoutMs: number = QUICK_MS,
): Promise<Row[]> => {
  try {
    const config = { text, values: [...values], query_timeout: timeoutMs };
    return (await answerOf(database, database.query<Row>(config))).rows;
  } catch (error) {
    throw toProblem(error);
  }
};

/** Runs `work` in one transaction, rolled back when it throws. */
export const inTransaction = async <Result>(
  database: Database,
  work: (client: DatabaseClient) => Promise<Result>,
): Promise<Result> => {
  const client = await connect(database);
  try {
    await query(client, 'begin', [], BEGIN_WITHIN_MS);
    const result = await work(client);
    await query(client, 'commit');
    client.release();
    return result;
  } catch (error) {
    if (isAway(error)) {
      client.release(coerceError(error));
      throw error;
    }
    // A connection that cannot even roll back is not given to the next caller.
    await client.query('rollback').then(
      () => client.release(),
      (broken: Error) => client.release(broken),
    );
    throw error;
  }
};

/** A connection of the pool, to be released by the caller. */
export const connect = async (database: Database): Promise<DatabaseClient> => {
  try {
    return await database.connect();
  } catch (error) {
    throw toProblem(error);
  }
};
