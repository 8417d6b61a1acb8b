import type { Database, DatabaseClient } from '#platform/database.ts';
import { createCopyTurns } from './copy-turns.ts';
import { openSession, SessionChangedError, type StoreSession } from './session.ts';

/** The database that records go into, by one session after the other. */
export type Store = {
  /** Rejects when the database is away. A session that is open must be closed first. */
  readonly open: () => Promise<OpenSession>;
  /** Breaks off what the session in hand does, which then rejects. */
  readonly abandon: () => void;
};

export type OpenSession = StoreSession & {
  /** Its connection broke while nothing was asked of it. */
  readonly isBroken: () => boolean;
  /** Resolves when its connection broke or was closed. */
  readonly ended: Promise<void>;
  /** May be called twice. */
  readonly close: () => void;
};

export const createStore = ({ database, journalId }: { database: Database; journalId: () => string }): Store => {
  const copyTurns = createCopyTurns();
  let isAsynchronous = true;
  let inHand: DatabaseClient | undefined;

  /** A pooler that hands sessions around does it again: from then on each commit waits for the disk. */
  const noteSessionChanged = (error: unknown): never => {
    if (error instanceof SessionChangedError) isAsynchronous = false;
    throw error;
  };

  return {
    async open() {
      const client = await database.connect();
      inHand = client;
      let isBroken = false;
      const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
      void ended.then(() => {
        isBroken = true;
      });
      const close = (): void => {
        if (inHand !== client) return;
        inHand = undefined;
        // The connection may be in the middle of anything; a new one is cheap.
        client.release(true);
      };
      try {
        const session = await openSession({ client, journalId: journalId(), copyTurns, isAsynchronous });
        return {
          ...session,
          settle: () => session.settle().catch(noteSessionChanged),
          isBroken: () => isBroken,
          ended,
          close,
        };
      } catch (error) {
        close();
        throw error;
      }
    },
    abandon() {
      // `end` of pg does not wait for a query that is on its way.
      void inHand?.end();
    },
  };
};
