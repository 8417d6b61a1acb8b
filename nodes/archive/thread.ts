import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '#platform/clock.ts';
import { closeDatabase, createDatabase, type Database } from '#platform/database.ts';
import { lowerBackend, lowerThisThread, type Niceness } from '#platform/priority.ts';
import { serveThread } from '#platform/thread/serve.ts';
import { createAnswers } from './answers.ts';
import { LANES, type Lane } from './questions.ts';

/**
 * The thread of a station that reads what is stored, with connections of its own. It and the processes of the database that
 * work for it give way to the ward; a process for a deep question also gives way to one for a quick.
 */

type PoolOptions = { readonly maxConnections: number; readonly connectWithinMs: number; readonly niceness: Niceness };

/**
 * Each turn takes a connection, and another to ask whether a slow database is still there. The quick lane adds one by which
 * queries are ended, the deep lane those that are held from turn to turn: by three exports of readings, a what-if and a pass
 * over late readings.
 */
const POOLS = {
  quick: { maxConnections: 5, connectWithinMs: 1_000, niceness: 5 },
  deep: { maxConnections: 7, connectWithinMs: 30_000, niceness: 15 },
} as const satisfies Record<Lane, PoolOptions>;

const THREAD_NICENESS = 10;

export type ArchiveThreadData = { readonly databaseUrl: string };

const start = (port: NonNullable<typeof parentPort>, { databaseUrl }: ArchiveThreadData): void => {
  lowerThisThread(THREAD_NICENESS);
  const open = (lane: Lane): Database => {
    const { niceness, ...options } = POOLS[lane];
    return createDatabase({
      ...options,
      url: databaseUrl,
      name: `${lane} archive`,
      onConnect: (client) => lowerBackend(client, niceness),
      onError: (error) => tellTrouble(`a connection of the ${lane} archive broke`, error),
    });
  };
  const databases = { quick: open('quick'), deep: open('deep') };
  const { tellTrouble } = serveThread({
    port,
    answers: createAnswers({ databases, clock: systemClock }),
    async stop() {
      await Promise.all(LANES.map((lane) => closeDatabase(databases[lane])));
    },
  });
};

if (parentPort) start(parentPort, workerData.data);
