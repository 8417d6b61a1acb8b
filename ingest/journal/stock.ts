import type { FoundSegments } from './file.ts';

/** Which segments the journal holds, and how large they are together. */
export type Stock = {
  readonly reset: (found: FoundSegments) => void;
  /** The number that the next segment gets. */
  readonly next: () => number;
  /** The next segment is flushed and has so many bytes. */
  readonly add: (bytes: number) => void;
  /** Segments up to this one are not counted any more. */
  readonly trim: (through: number) => void;
  /** Those that were trimmed and are still in the file, the oldest first. */
  readonly trimmed: () => readonly number[];
  readonly forgetTrimmed: () => void;
  /** Segments up to this one are not read any more, in the file or not. */
  readonly trimmedThrough: () => number;
  readonly lastStored: () => number;
  readonly storedBytes: () => number;
  /** True when nothing may be added until something was trimmed. */
  readonly isFull: () => boolean;
};

export const createStock = ({ maxBytes }: { maxBytes: number }): Stock => {
  const sizes = new Map<number, number>();
  let trimmed: number[] = [];
  let trimmedThrough = 0;
  let lastStored = 0;
  let storedBytes = 0;

  const add = (bytes: number): void => {
    lastStored += 1;
    sizes.set(lastStored, bytes);
    storedBytes += bytes;
  };

  return {
    reset(found) {
      sizes.clear();
      trimmed = [];
      trimmedThrough = 0;
      storedBytes = 0;
      for (const [segmentNumber, bytes] of found.sizes) {
        sizes.set(segmentNumber, bytes);
        storedBytes += bytes;
      }
      lastStored = found.lastStored;
    },
    next: () => lastStored + 1,
    add,
    trim(through) {
      for (const [segmentNumber, bytes] of sizes) {
        if (segmentNumber > through) break;
        sizes.delete(segmentNumber);
        storedBytes -= bytes;
        trimmed.push(segmentNumber);
        trimmedThrough = segmentNumber;
      }
    },
    trimmed: () => trimmed,
    forgetTrimmed() {
      trimmed = [];
    },
    trimmedThrough: () => trimmedThrough,
    lastStored: () => lastStored,
    storedBytes: () => storedBytes,
    isFull: () => storedBytes >= maxBytes,
  };
};
