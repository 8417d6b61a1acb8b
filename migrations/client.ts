import pg from 'pg';

/** One connection of its own, closed afterwards. Rejects as `pg` does when the server cannot be reached. */
export const withClient = async <T>(
  databaseUrl: string,
  use: (client: pg.Client) => Promise<T>,
  { connectWithinMs = 5_000 }: { readonly connectWithinMs?: number } = {},
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
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** All of it or nothing of it. */
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
