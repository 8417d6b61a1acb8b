import type { Database, DatabaseClient } from './database.ts';
import { coerceError } from './errors.ts';
import { backendOf } from './priority.ts';

/** Ends on the server what a connection is still busy with. pg has no way but another connection. */
export type EndQuery = (backend: number) => Promise<unknown>;

export const createEndQuery =
  (database: Database): EndQuery =>
  (backend) =>
    database.query('select pg_cancel_backend($1)', [backend]);

/**
 * The same pool for one who may leave: once the signal is aborted, the queries that run for it are ended on the server too,
 * and so is one that failed here, as by a timeout, while the server may still be at it. Its connection is given to nobody
 * afterwards, so that nobody else's query is ended.
 */
export const untilLeft = (database: Database, signal: AbortSignal, endQuery: EndQuery): Database => {
  const busy = new Set<DatabaseClient>();

  const endQueryOf = async (client: DatabaseClient): Promise<void> => {
    const backend = backendOf(client);
    // It may be over by now, and so may the database.
    if (backend !== undefined) await endQuery(backend).catch(() => undefined);
  };

  /** Throws the signal's reason when it came while the connection was waited for. */
  const borrow = (client: DatabaseClient): DatabaseClient => {
    const giveBack = client.release;
    if (signal.aborted) {
      giveBack();
      throw signal.reason;
    }
    busy.add(client);
    client.release = (failure) => {
      busy.delete(client);
      if (failure && !signal.aborted) void endQueryOf(client);
      giveBack(signal.aborted || failure);
    };
    return client;
  };

  signal.addEventListener('abort', () => {
    for (const client of busy) void endQueryOf(client);
  });

  const connect = async (): Promise<DatabaseClient> => {
    signal.throwIfAborted();
    return borrow(await database.connect());
  };

  type Callback = Parameters<Database['connect']>[0];

  // The pool's own `query` borrows by `connect` with a callback.
  const connectFor = (callback?: Callback): Promise<DatabaseClient> | undefined => {
    if (!callback) return connect();
    connect().then(
      (client) => callback(undefined, client, client.release),
      (error: unknown) => callback(coerceError(error), undefined, () => undefined),
    );
    return undefined;
  };
  return Object.assign(Object.create(database), { connect: connectFor });
};
