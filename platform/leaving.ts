import type { Database, DatabaseClient } from './database.ts';
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

  const borrow = (client: DatabaseClient): DatabaseClient => {
    const giveBack = client.release;
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

  type Callback = Parameters<Database['connect']>[0];

  // The pool's own `query` borrows by `connect` with a callback.
  const connect = (callback?: Callback): unknown => {
    if (!callback) return database.connect().then(borrow);
    return database.connect((error, client) => {
      const borrowed = client && borrow(client);
      callback(error, borrowed, borrowed?.release ?? (() => undefined));
    });
  };
  return Object.assign(Object.create(database), { connect });
};
