/**
 * Whether the next batch is tried with COPY, which is broken off by the first key that is there already and has then done its
 * work for nothing. A device that repeats itself must not double the work for all: while tries fail, more and more batches
 * pass between two of them.
 */
export type CopyTurns = {
  /**
   * Called once for each batch, with the place of its first record. What is not after all that was written is written
   * again, and surely there.
   */
  readonly isNext: (first: bigint) => boolean;
  readonly tried: (areNew: boolean) => void;
  /** All up to this place was written. */
  readonly wrote: (last: bigint) => void;
};

const MOST_BATCHES_BETWEEN = 64;

export const createCopyTurns = (): CopyTurns => {
  let writtenThrough = -1n;
  let between = 0;
  let left = 0;
  return {
    isNext(first) {
      if (first <= writtenThrough) return false;
      if (left === 0) return true;
      left--;
      return false;
    },
    tried(areNew) {
      between = areNew ? Math.floor(between / 2) : Math.min(MOST_BATCHES_BETWEEN, Math.max(1, between * 2));
      left = areNew ? 0 : between;
    },
    wrote(last) {
      if (last > writtenThrough) writtenThrough = last;
    },
  };
};
