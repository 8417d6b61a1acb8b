import { statfsSync } from 'node:fs';

/**
 * LMDB must never meet a full disk: on a failed write lmdb 3.5 prints its reason past the end of a buffer (mdb.c,
 * mdb_page_flush) and the process ends with a corrupted heap. So new records need some room; below that they may only
 * go where trimmed ones were, because the file never shrinks; and below the least nothing is written at all.
 */
const MIN_FREE_BYTES = 16 * 2 ** 20;
const LEAST_FREE_BYTES = 4 * 2 ** 20;
const REUSABLE_BYTES = 4 * 2 ** 20;

/** What is left on the disk that holds this path. */
export const freeBytesOf = (path: string): number => {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
};

/** `unusedBytes`: in the file already, and free; asked only when it matters. */
export const hasRoomToAdd = (freeBytes: number, unusedBytes: () => number): boolean =>
  freeBytes >= MIN_FREE_BYTES || (freeBytes >= LEAST_FREE_BYTES && unusedBytes() >= REUSABLE_BYTES);

export const hasRoomToRemove = (freeBytes: number): boolean => freeBytes >= LEAST_FREE_BYTES;
