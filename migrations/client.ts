import pg from 'pg';

/** How long the server is waited for. Past it a statement rejects, with SQLSTATE 55P03 for a lock and 57014 for itself. */
export type Patience = {
  /**
   * How long somebody else's lock is waited for, of a table too: a session that idles in a transaction must not hold up
   * a station for ever.
   */
  readonly lockMs: number;
  /** How long a statement may take, locks included. */
  readonly statementMs: number;
};

/**
 * Sets the patience of this connection from now on. It takes a statement, because a pooler in front may refuse it as an
 * option of the start.
 */
export const setPatience = async (client: pg.ClientBase, { lockMs, statementMs }: Patience): Promise<void> => {
  await client.query(`select set_config('lock_timeout', $1, false), set_config('statement_timeout', $2, false)`, [
    String(lockMs),
    String(statementMs),
  ]);
};

/** One connection of its own, closed afterwards. Rejects as `pg` does when the server cannot be reached. */
export const withClient = async <T>(
  databaseUrl: string,
  use: (client: pg.Client) => Promise<T>,
  { connectWithinMs = 5_000, patience }: { readonly connectWithinMs?: number; readonly patience?: Patience } = {},
): Promise<T> => {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: connectWithinMs,
    application_name: 'wardwatch migrate',
  });
  // A broken connection also rejects the query that waits on it; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    if (patience) await setPatience(client, patience);
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** Runs statements in one transaction: all of them count, or none. */
export const inTransaction = async <T>(client: pg.ClientBase, run: () => Promise<T>): Promise<T> => {
  await client.query('begin');
  try {
    const result = await run();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
};
