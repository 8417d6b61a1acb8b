// The door of a thread of the station, as wardwatch.js is that of the program: what reads TypeScript must be there before
// the file that is asked for, and a thread does not take it over from who started it.

import { workerData } from 'node:worker_threads';

if (!process.features.typescript) {
  const tsx = await import('tsx/esm/api');
  tsx.register();
}
await import(workerData.entry);
