import { parentPort, workerData } from 'node:worker_threads';
import { closeDatabase, createDatabase } from '#platform/database.ts';
import { lowerThisThread } from '#platform/priority.ts';
import { serveThread } from '#platform/thread/serve.ts';
import { createAnswers } from './answers.ts';

/** The thread of a station that turns records into rows and writes them, with a connection of its own. */

const NICENESS = 5;

export type StoreThreadData = { readonly databaseUrl: string };

const start = (port: NonNullable<typeof parentPort>, { databaseUrl }: StoreThreadData): void => {
  lowerThisThread(NICENESS);
  const database = createDatabase({
    url: databaseUrl,
    // One that is being closed may still be there when the next is opened.
    maxConnections: 2,
    name: 'writer',
    onError: (error) => tellTrouble('the connection of the writer broke', error),
  });
  const { tellTrouble } = serveThread({
    port,
    answers: createAnswers(database),
    stop: () => closeDatabase(database),
  });
};

if (parentPort) start(parentPort, workerData.data);
