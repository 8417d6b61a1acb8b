import type { ServerResponse } from 'node:http';
import { busy } from './problems.ts';

/**
 * Bounds how many files are sent at once: each holds a connection to the database, or memory, for as long as its reader
 * takes.
 */
export type ExportLimit = {
  /** Counts an export until its answer is over. Throws a 503 when there are as many as may be. */
  readonly begin: (answer: ServerResponse) => void;
};

export const createExportLimit = (most: number): ExportLimit => {
  let running = 0;
  return {
    begin(answer) {
      if (running >= most) throw busy(`there are ${most} exports already: wait for one to end`);
      // Who left before is not heard to close again.
      if (answer.destroyed) return;
      running += 1;
      answer.once('close', () => {
        running -= 1;
      });
    },
  };
};
