import type { Journal, JournalState } from '#contracts/ports/journal.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import { type Appending, createAppending } from './appending.ts';
import { freeBytesOf } from './disk-room.ts';
import { checkpointsIn, closeFile, type JournalFile, openFile, readSegments } from './file.ts';
import { createRemoving } from './removing.ts';
import { createStock, type Stock } from './stock.ts';
import { createWaiters } from './waiters.ts';

/**
 * The journal of a station, on its own disk:
 *
 *   append ─▶ pending ──(one group at a time)──▶ LMDB put + flush ─▶ onFlushed of each
 *                                                     │
 *                         writer ◀── read(after) ─────┤
 *                         writer ── trim(through) ───▶ removed with the next group
 *
 * Records that wait together are stored as one segment: one put and one flush however many beds speak at once, so
 * the group grows by itself when the disk is slow. Measured: 0.5 ms a flush, 200 B or 20 kB alike.
 *
 * Beside the segments are checkpoints, the newest of each key. One is put with the records it came from.
 */
export type StationJournal = Journal & {
  /** Throws a NewerFormatError, and leaves all as it is, when a newer release wrote anything in it. */
  readonly start: () => void;
  /** Flushes what is pending, unless the journal is full or the disk fails: that was never acknowledged. */
  readonly stop: () => Promise<void>;
  /** Names this journal in the database, for as long as its files live. */
  readonly id: () => string;
};

export type JournalOptions = {
  readonly path: string;
  readonly maxBytes: number;
  /** A flush failed; it is tried again until it succeeds. */
  readonly onFailure: (error: Error) => void;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** What is left on the disk. */
  readonly freeBytes?: () => number;
};

export const createJournal = (options: JournalOptions): StationJournal => {
  const { path, maxBytes, onFailure, clock = systemClock, random = Math.random } = options;
  const { freeBytes = () => freeBytesOf(path) } = options;
  const stock = createStock({ maxBytes });
  const waiters = createWaiters();
  let file: JournalFile | undefined;
  let id = '';

  const removing = createRemoving({ stock, freeBytes, onFailure });
  const removeTrimmed = (): void => {
    if (file) removing.goOn(file);
  };
  const onGroupFlushed = (): void => {
    removeTrimmed();
    waiters.wake();
  };
  const appending = createAppending({ clock, random, stock, freeBytes, onGroupFlushed, onFailure });

  return {
    start() {
      if (file) return;
      const opened = openFile(path, maxBytes);
      file = opened.file;
      id = file.id;
      stock.reset(opened.found);
      appending.begin(file);
    },
    async stop() {
      if (!file) return;
      await appending.end();
      const closing = file;
      file = undefined;
      await removing.finish(closing);
      await closeFile(closing);
    },
    id: () => id,
    append: (records, onFlushed, checkpoint) => appending.append(records, onFlushed, checkpoint),
    checkpoints: () => checkpointsIn(file),
    async read(from, mostBytes) {
      if (!file) throw new Error('the journal is not started');
      const after = Math.max(from, stock.trimmedThrough());
      return readSegments(file, { after, through: stock.lastStored(), maxBytes: mostBytes });
    },
    trim(through) {
      stock.trim(through);
      removeTrimmed();
      appending.goOn();
    },
    async waitForData(after, signal) {
      if (stock.lastStored() <= after && !signal.aborted) await waiters.wait(signal);
    },
    lastStored: stock.lastStored,
    state: () => stateOf(stock, appending),
  };
};

const stateOf = (stock: Stock, appending: Appending): JournalState => ({
  storedBytes: stock.storedBytes(),
  pendingAppends: appending.pending(),
  full: stock.isFull(),
  failure: appending.failure(),
});
