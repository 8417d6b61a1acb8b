import pg from 'pg';
import { within } from './backoff.ts';

export type Database = pg.Pool;
export type DatabaseClient = pg.PoolClient;

const CLOSE_PATIENCE_MS = 1_000;

/**
 * A pool of connections. Making it opens none, so a database that is away costs nothing here.
 * `onError` hears of connections that broke; queries reject by themselves.
 */
export const createDatabase = ({
  url,
  maxConnections,
  name,
  connectWithinMs = 5_000,
  onConnect,
  onError,
}: {
  url: string;
  maxConnections: number;
  /** How long a new connection, or one that becomes free, is waited for. */
  connectWithinMs?: number;
  /** Shown in pg_stat_activity. */
  name: string;
  /** Called with each new connection before its first query. */
  onConnect?: (client: DatabaseClient) => void;
  onError: (error: Error) => void;
}): Database => {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    application_name: `wardwatch ${name}`,
    connectionTimeoutMillis: connectWithinMs,
    // A frozen server must look like an absent one, or its callers wait for ever.
    query_timeout: 60_000,
    keepAlive: true,
    // A connection that the server does not close must not keep the process.
    allowExitOnIdle: true,
  });
  // The pool listens to a connection only while it is idle; one that breaks between two queries of its borrower would
  // otherwise end the process. The borrower's next query rejects, so to tell is all there is to do.
  pool.on('connect', (client) => {
    client.on('error', onError);
    onConnect?.(client);
  });
  pool.on('error', () => undefined);
  return pool;
};

/** Closes the connections. A server that is frozen never confirms that, and is not waited for. */
export const closeDatabase = async (database: Database): Promise<void> => {
  await within(CLOSE_PATIENCE_MS, database.end());
};
