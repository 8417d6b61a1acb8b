import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { FORMAT } from '#domain/alarms/formats/upcast.ts';
import { type Backoff, backoffDelayMs, sleep } from '#platform/backoff.ts';
import { coerceError } from '#platform/errors.ts';
import { freeBytesOf, hasRoomToAdd, hasRoomToRemove } from './disk-room.ts';
import { refuseNewer } from './formats/refuse-newer.ts';
import { formatOfRecord, formatOfState } from './formats/upcast.ts';
import {
  type Bundle,
  type Checkpoint,
  type Entry,
  firstRecord,
  frame,
  MAX_RECORDS,
  nextGroup,
  unframe,
} from './segment.ts';

/**
 * The log that stands before the database: what is in it is acknowledged, what is acknowledged is in it.
 *
 *   append ─▶ pending ──(one group at a time)──▶ LMDB put + flush ─▶ onStored of each
 *                                                     │
 *                         writer ◀── read(after) ─────┤
 *                         writer ── trim(through) ───▶ removed with the next group
 *
 * Records that wait together are stored as one segment: one put and one flush however many beds speak at once, so
 * the group grows by itself when the disk is slow. Measured: 0.5 ms a flush, 200 B or 20 kB alike.
 *
 * Beside the segments are checkpoints, the newest of each key, for who must know after a restart what it has said. One
 * is put with the records it came from: lmdb commits the writes of one event turn together or, if one fails, not at all
 * (its write.js wraps them in a block, in which its writer.cpp neither commits nor goes on after a failure).
 */

const RETRY: Backoff = { firstMs: 50, maxMs: 2_000 };

/**
 * A flush costs about the same however little is in it: measured, 19 to 25 µs of processor time a message in groups of
 * 20 and under 3 in groups of 200. So groups begin at least this far apart; one that comes alone waits for nothing.
 */
const GROUP_EVERY_MS = 4;

/** For checkpoints, 10,000 of 8 kB and as much again while they are replaced, and for what is freed but still in use. */
const SPARE_MAP_BYTES = 256 * 2 ** 20;

export type { Checkpoint, Entry } from './segment.ts';

export type Batch = { readonly entries: readonly Entry[]; readonly through: number };

export type JournalState = {
  readonly storedBytes: number;
  /** What was appended and is not flushed, by calls. */
  readonly pendingAppends: number;
  readonly full: boolean;
  /** Why the last flush failed, until one succeeds again. */
  readonly failure: string | undefined;
};

export type Journal = {
  /** Throws a NewerFormatError, and leaves all as it is, when a newer release wrote anything in it. */
  readonly start: () => void;
  /** Flushes what is pending, unless the journal is full or the disk fails: that was never acknowledged. */
  readonly stop: () => Promise<void>;
  /** Names this journal in the database, for as long as its files live. */
  readonly id: () => string;
  /**
   * `onStored` is called once the records are flushed to disk, in order of appending; not at all if that never happens.
   * Records of one call, and the checkpoint with them, are there after a crash all or none. No records only with a
   * checkpoint. The buffers must not change afterwards.
   */
  readonly append: (records: readonly Buffer[], onStored: () => void, checkpoint?: Checkpoint) => void;
  /** The newest of each key. Trimming leaves them. */
  readonly checkpoints: () => Iterable<Checkpoint>;
  /** Whole segments after `after` (0: from the oldest), at least one if there is one, about `maxBytes`. */
  readonly read: (after: number, maxBytes: number) => Batch | undefined;
  /** Everything up to and with this segment is safe elsewhere. */
  readonly trim: (through: number) => void;
  /** Resolves when there is something after `after`, or on abort. */
  readonly waitForData: (after: number, signal: AbortSignal) => Promise<void>;
  /** The newest flushed segment. */
  readonly lastStored: () => number;
  readonly state: () => JournalState;
};

const CHECKPOINTS = 'checkpoints';

type Pending = Bundle & { readonly onStored: () => void };

/** What lmdb tells of a database: its own types leave it open. */
type PageCounts = Record<'pageSize' | 'treeBranchPageCount' | 'treeLeafPageCount' | 'overflowPages', number>;

const bytesOf = (database: Database<Buffer, string> | undefined): number => {
  if (!database) return 0;
  const { pageSize, treeBranchPageCount, treeLeafPageCount, overflowPages } = database.getStats() as PageCounts;
  return pageSize * (treeBranchPageCount + treeLeafPageCount + overflowPages);
};

export const createJournal = ({
  path,
  maxBytes,
  onFailure,
  random = Math.random,
  freeBytes = () => freeBytesOf(path),
}: {
  path: string;
  maxBytes: number;
  /** A flush failed; it is tried again until it succeeds. */
  onFailure: (error: Error) => void;
  random?: () => number;
  /** What is left on the disk. */
  freeBytes?: () => number;
}): Journal => {
  let root: RootDatabase<unknown, string> | undefined;
  let segments: Database<Buffer, number> | undefined;
  // Made with the first checkpoint: to make it at the start would be to write before it is known that there is room.
  let checkpoints: Database<Buffer, string> | undefined;
  let id = '';
  /** That this release writes here is said with the first that it writes. */
  let isMarked = false;
  let nextSegment = 1;
  let storedBytes = 0;
  let failure: string | undefined;
  let pending: Pending[] = [];
  let flushing: Promise<void> | undefined;
  let scheduled = false;
  let lastFlushAt = Number.NEGATIVE_INFINITY;
  let stopping = false;
  const sizes = new Map<number, number>();
  let trimmed: number[] = [];
  const waiters = new Set<() => void>();
  let lastStored = 0;

  const openCheckpoints = (database: RootDatabase<unknown, string>) =>
    database.openDB<Buffer, string>({ name: CHECKPOINTS, encoding: 'binary' });

  const opened = () => {
    if (!root || !segments) throw new Error('the journal is not started');
    return { root, segments };
  };

  const isFull = () => storedBytes >= maxBytes;

  const unusedBytes = () => statSync(join(path, 'data.mdb')).size - storedBytes - bytesOf(checkpoints);

  /** Not a turn of the event loop may pass between the puts: that is what makes them one transaction. */
  const put = async (segmentNumber: number, segment: Buffer, group: readonly Pending[]): Promise<void> => {
    const database = opened();
    const puts: Promise<boolean>[] = [];
    for (const { checkpoint } of group) {
      if (!checkpoint) continue;
      checkpoints ??= openCheckpoints(database.root);
      puts.push(checkpoints.put(checkpoint.key, checkpoint.value));
    }
    if (segment.length > 0) puts.push(database.segments.put(segmentNumber, segment));
    if (!isMarked) puts.push(database.root.put('format', FORMAT));
    await Promise.all(puts);
    await database.root.flushed;
    isMarked = true;
  };

  const store = async (segmentNumber: number, segment: Buffer, group: readonly Pending[]): Promise<void> => {
    for (let attempt = 0; ; attempt++) {
      try {
        if (!hasRoomToAdd(freeBytes(), unusedBytes)) throw new Error('the disk is full');
        await put(segmentNumber, segment, group);
        failure = undefined;
        return;
      } catch (error) {
        if (stopping) throw error;
        failure = coerceError(error).message;
        onFailure(coerceError(error));
        await sleep(backoffDelayMs(RETRY, attempt, random));
      }
    }
  };

  /** What is not removed for want of room is not counted any more, and goes with a later group. */
  const removeTrimmed = (): void => {
    const newest = trimmed.at(-1);
    if (newest === undefined || !hasRoomToRemove(freeBytes())) return;
    const database = opened();
    const report = (error: unknown) => onFailure(coerceError(error));
    for (const segmentNumber of trimmed) void database.segments.remove(segmentNumber).catch(report);
    void database.root.put('trimmed', newest).catch(report);
    trimmed = [];
  };

  /** What is pending now. What comes meanwhile waits for the next group. */
  const flushPending = async (): Promise<void> => {
    for (let left = pending.length; left > 0 && !isFull(); ) {
      const { group, bytes } = nextGroup(pending);
      left -= group.length;
      await store(nextSegment, frame(group, bytes), group);
      pending = pending.slice(group.length);
      if (bytes > 0) {
        lastStored = nextSegment++;
        sizes.set(lastStored, bytes);
        storedBytes += bytes;
      }
      for (const { onStored } of group) onStored();
      removeTrimmed();
      for (const wake of waiters) wake();
    }
  };

  const flushSoon = (): void => {
    if (scheduled || flushing || !root) return;
    scheduled = true;
    const flush = () => {
      scheduled = false;
      lastFlushAt = performance.now();
      flushing = flushPending()
        .catch((error) => onFailure(coerceError(error)))
        .finally(() => {
          flushing = undefined;
          if (pending.length > 0 && !isFull() && !stopping) flushSoon();
        });
    };
    const waitMs = lastFlushAt + GROUP_EVERY_MS - performance.now();
    if (waitMs > 0) setTimeout(flush, waitMs);
    // After the poll phase, so that all sockets read in this turn share the flush.
    else setImmediate(flush);
  };

  /** Finds out what is there. Writes nothing but the name of a journal that is new. */
  const takeStock = (opening: RootDatabase<unknown, string>): void => {
    segments = opening.openDB<Buffer, number>({ name: 'segments', encoding: 'binary', keyEncoding: 'ordered-binary' });
    checkpoints = [...opening.getKeys()].includes(CHECKPOINTS) ? openCheckpoints(opening) : undefined;
    const mark = opening.get('format');
    isMarked = mark === FORMAT;
    refuseNewer('the journal', mark);
    for (const { value } of checkpoints?.getRange({ snapshot: false }) ?? []) {
      refuseNewer('a saved state in the journal', formatOfState(value));
    }
    const stored = opening.get('id');
    id = typeof stored === 'string' ? stored : randomUUID();
    const lastTrimmed = opening.get('trimmed');
    lastStored = typeof lastTrimmed === 'number' ? lastTrimmed : 0;
    sizes.clear();
    trimmed = [];
    storedBytes = 0;
    for (const { key, value } of segments.getRange({ snapshot: false })) {
      // What is in one segment was written by one release.
      refuseNewer('a record in the journal', formatOfRecord(firstRecord(value)));
      sizes.set(key, value.length);
      storedBytes += value.length;
      lastStored = Math.max(lastStored, key);
    }
    nextSegment = lastStored + 1;
    if (stored === undefined) opening.putSync('id', id);
  };

  return {
    start() {
      if (root) return;
      stopping = false;
      // The map is address space, not memory. Freed pages are reused but not at once: leave them room.
      const opening = open<unknown, string>({ path, mapSize: maxBytes * 2 + SPARE_MAP_BYTES, maxDbs: 3, cache: false });
      try {
        takeStock(opening);
      } catch (error) {
        void opening.close();
        throw error;
      }
      root = opening;
    },
    async stop() {
      if (!root) return;
      stopping = true;
      while (scheduled) await new Promise(setImmediate);
      await flushing;
      await flushPending().catch((error) => onFailure(coerceError(error)));
      await root.flushed;
      const closing = root;
      root = undefined;
      segments = undefined;
      checkpoints = undefined;
      await closing.close();
    },
    id: () => id,
    append(records, onStored, checkpoint) {
      const isInvalid = records.length > MAX_RECORDS || (records.length === 0 && !checkpoint);
      if (isInvalid) throw new RangeError(`${records.length} records cannot be kept together`);
      pending.push({ records, onStored, checkpoint });
      flushSoon();
    },
    checkpoints: () => checkpoints?.getRange({ snapshot: false }) ?? [],
    read(after, maxBytesWanted) {
      const entries: Entry[] = [];
      let through = after;
      let bytes = 0;
      for (const { key, value } of opened().segments.getRange({ start: after + 1, snapshot: false })) {
        if (bytes > 0 && bytes + value.length > maxBytesWanted) break;
        // Only what is flushed may leave: a row in the database must never be one the journal could still lose.
        if (key > lastStored) break;
        unframe(key, value, entries);
        through = key;
        bytes += value.length;
      }
      return entries.length > 0 ? { entries, through } : undefined;
    },
    trim(through) {
      for (const [segmentNumber, bytes] of sizes) {
        if (segmentNumber > through) break;
        sizes.delete(segmentNumber);
        storedBytes -= bytes;
        trimmed.push(segmentNumber);
      }
      removeTrimmed();
      if (pending.length > 0) flushSoon();
    },
    waitForData: (after, signal) =>
      new Promise((resolve) => {
        if (lastStored > after || signal.aborted) return resolve();
        const done = () => {
          waiters.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        waiters.add(done);
        signal.addEventListener('abort', done);
      }),
    lastStored: () => lastStored,
    state: () => ({ storedBytes, pendingAppends: pending.length, full: isFull(), failure }),
  };
};
