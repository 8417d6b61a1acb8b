/**
 * The log that stands before the database: what is in it is acknowledged, and what is acknowledged is in it. In the station
 * it is files on its own disk; in a cluster it is a queue that a majority has flushed.
 */
export type Journal = {
  /**
   * Called with what came of one message or one moment. `onFlushed` is called once all of it is safe, in the order of
   * appending; it is never called if that never happens. Records of one call, and the checkpoint with them, are there after
   * a crash all or none. No records are allowed only with a checkpoint; a RangeError is thrown for nothing at all, and for
   * more than 65,535 records. The buffers must not change afterwards.
   *
   * A callback and not a promise: this is the path of every message, and one flush settles hundreds of calls.
   */
  readonly append: (records: readonly Buffer[], onFlushed: () => void, checkpoint?: Checkpoint) => void;
  /**
   * Called when the alarms start: the newest checkpoint of each key, whatever was trimmed. It is what their maker must know
   * after a restart of what it has announced.
   */
  readonly checkpoints: () => AsyncIterable<Checkpoint>;
  /**
   * Called by who moves records to the database. Whole segments after `after` (0: from the oldest), at least one if there
   * is one, about `maxBytes`; undefined when there is none. Only what is flushed is given: a row in the database must never
   * be one that the journal could still lose.
   */
  readonly read: (after: number, maxBytes: number) => Promise<Batch | undefined>;
  /** Resolves when there is something after `after`, or on abort. */
  readonly waitForData: (after: number, signal: AbortSignal) => Promise<void>;
  /** Called when everything up to and with this segment is safe elsewhere: it is not read again, and its room is freed soon. */
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
  /** What was appended and is not flushed, by calls. */
  readonly pendingAppends: number;
  /** Nothing is flushed until something is trimmed. */
  readonly full: boolean;
  /** Why the last flush failed, until one succeeds again. */
  readonly failure: string | undefined;
};
