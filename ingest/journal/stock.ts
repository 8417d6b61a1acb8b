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
  /** Those that were trimmed and are still in the file, the oldest first, at most so many: they are not told again. */
  readonly takeTrimmed: (most: number) => readonly number[];
  readonly trimmedBytes: () => number;
  /** Segments up to this one are not read any more, in the file or not. */
  readonly trimmedThrough: () => number;
  readonly lastStored: () => number;
  readonly storedBytes: () => number;
  /** With what was trimmed and is still in the file. */
  readonly bytesInFile: () => number;
  /** True when nothing may be added until something was trimmed. */
  readonly isFull: () => boolean;
};

export const createStock = ({ maxBytes }: { maxBytes: number }): Stock => {
  const sizes = new Map<number, number>();
  let trimmed: { readonly segmentNumber: number; readonly bytes: number }[] = [];
  let trimmedBytes = 0;
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
      trimmedBytes = 0;
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
        trimmed.push({ segmentNumber, bytes });
        trimmedBytes += bytes;
        trimmedThrough = segmentNumber;
      }
    },
    takeTrimmed(most) {
      const taken = trimmed.slice(0, most);
      trimmed = trimmed.slice(most);
      for (const { bytes } of taken) trimmedBytes -= bytes;
      return taken.map(({ segmentNumber }) => segmentNumber);
    },
    trimmedBytes: () => trimmedBytes,
    trimmedThrough: () => trimmedThrough,
    lastStored: () => lastStored,
    storedBytes: () => storedBytes,
    bytesInFile: () => storedBytes + trimmedBytes,
    isFull: () => storedBytes >= maxBytes,
  };
};
