/**
 * The log in front of the database: a message is acknowledged when it is in the log, and not before. In the station the
 * log is files on its own disk; in a cluster it is a queue that a majority has flushed.
 */
export type Journal = {
  /**
   * Called with the records of one message or one moment. `onFlushed` is called once all of them are safe, in the order
   * of appending; it is never called if that never happens. After a crash, the records of one call and its checkpoint
   * are either all there or all missing. A call without records must have a checkpoint. A RangeError is thrown for a
   * call with neither, and for more than 65,535 records. The buffers must not change afterwards.
   *
   * It takes a callback and not a promise, because every message takes this path and one flush settles hundreds of
   * calls.
   */
  readonly append: (records: readonly Buffer[], onFlushed: () => void, checkpoint?: Checkpoint) => void;
  /**
   * Called when the alarms start. Gives the newest checkpoint of each key, whatever was trimmed: the alarm engine
   * learns from it what it had announced before a restart.
   */
  readonly checkpoints: () => AsyncIterable<Checkpoint>;
  /**
   * Called to move records to the database. Gives whole segments after the one numbered `after` (0: from the oldest),
   * about `maxBytes`, but at least one segment if there is one; undefined when there is none. Only what is flushed is
   * given: the database must never have a row that the journal could still lose.
   */
  readonly read: (after: number, maxBytes: number) => Promise<Batch | undefined>;
  /** Resolves when there is a segment after `after`, or on abort. */
  readonly waitForData: (after: number, signal: AbortSignal) => Promise<void>;
  /**
   * Called when everything up to this segment, itself included, is safe elsewhere: it is not read again, and its room
   * is freed soon.
   */
  readonly trim: (through: number) => void;
  /** The number of the newest flushed segment. Numbers grow, and are never used again. */
  readonly lastStored: () => number;
  readonly state: () => JournalState;
};

/** A record's place: the segment's number and the place in it. Never used twice for one journal. */
export type Entry = { readonly position: bigint; readonly bytes: Buffer };

export type Batch = { readonly entries: readonly Entry[]; readonly through: number };

/** A key is an id, or a short name. */
export type Checkpoint = { readonly key: string; readonly value: Buffer };

export type JournalState = {
  readonly storedBytes: number;
  /** How many calls of `append` are not flushed yet. */
  readonly pendingAppends: number;
  /** True: nothing is flushed until something is trimmed. */
  readonly full: boolean;
  /** Why the last flush failed, until one succeeds again. */
  readonly failure: string | undefined;
};
