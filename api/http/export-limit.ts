import { busy } from './problems.ts';

/** Bounds how many files are sent at once: each holds a connection to the database, or memory, for as long as its reader takes. */
export type ExportLimit = {
  /**
   * Throws a 503 when there are as many exports as may be. What it returns must be called once, when the export is
   * over.
   */
  readonly begin: () => () => void;
};

export const createExportLimit = (most: number): ExportLimit => {
  let running = 0;
  return {
    begin() {
      if (running >= most) throw busy(`there are ${most} exports already: wait for one to end`);
      running += 1;
      return () => {
        running -= 1;
      };
    },
  };
};
