import { type Backoff, backoffDelayMs, sleep } from '#platform/backoff.ts';
import { coerceError, errorCode } from '#platform/errors.ts';
import type { Entry, Journal } from './journal.ts';
import { encodeRecord } from './record.ts';
import type { Store, Stored } from './store.ts';

/**
 * Drains the journal into the database, in order, for as long as the station lives.
 *
 *   wait ─▶ read ─▶ write ─▶ trim, if settled ─▶ wait …
 *                     │ database away: the same batch again, later
 *                     └ database refuses the data: halve until the one record is found, set it aside, go on
 */

const RETRY: Backoff = { firstMs: 100, maxMs: 5_000 };

/** A little patience makes one statement of what comes meanwhile. */
const LINGER_MS = 100;

/** How long it is left to the next batch to settle the store. */
const SETTLE_MS = 1_000;

/** About 20,000 readings, a tenth of a second of the database's work. */
const BATCH_BYTES = 512 * 1_024;

/** How long a stop waits for the batch in hand. What is broken off is still in the journal. */
const STOP_PATIENCE_MS = 3_000;

/** SQLSTATE classes that mean "this data, ever": data exception, integrity constraint violation. */
const REFUSAL_CLASSES = new Set(['22', '23']);

const isRefusal = (error: unknown): boolean => REFUSAL_CLASSES.has(errorCode(error)?.slice(0, 2) ?? '');

export type WriterState = {
  /** Why the last write failed, until one succeeds again. */
  readonly failure: string | undefined;
  readonly failingSince: number | undefined;
  /** How long the batch in hand has been waiting for the database. */
  readonly waitingMs: number;
};

export type Writer = {
  readonly start: () => void;
  /** Finishes the batch in hand, unless the database takes too long for it, and leaves the rest in the journal. */
  readonly stop: () => Promise<void>;
  /** Resolves once everything that was in the journal when asked is in the database. */
  readonly drained: () => Promise<void>;
  readonly state: () => WriterState;
};

export const createWriter = ({
  journal,
  store,
  now,
  onStored,
  onFailure,
  onRefused,
  random = Math.random,
}: {
  journal: Journal;
  store: Store;
  now: () => number;
  onStored: (stored: Stored) => void;
  /** The database could not be written; it is tried again. Called once for each time it goes away. */
  onFailure: (error: Error) => void;
  /** The database refused one record for good. */
  onRefused: (error: Error) => void;
  random?: () => number;
}): Writer => {
  let running: Promise<void> | undefined;
  let stopping = new AbortController();
  let written = 0;
  let failure: string | undefined;
  let failingSince: number | undefined;
  let writingSince: number | undefined;
  const drainWaiters = new Set<{ through: number; done: () => void }>();

  const setAside = async (entry: Entry, cause: Error): Promise<void> => {
    onRefused(cause);
    const payload = entry.bytes;
    const reject = encodeRecord({
      kind: 'reject',
      receivedAt: now(),
      topic: '',
      device: '',
      reason: 'storage-refused',
      detail: cause.message.slice(0, 500),
      payload,
      payloadBytes: payload.length,
    });
    await store.write([{ position: entry.position, bytes: reject }]);
  };

  const writeOrSplit = async (entries: readonly Entry[]): Promise<void> => {
    try {
      onStored(await store.write(entries));
    } catch (error) {
      // A record that cannot even be read is refused in the same way.
      if (!isRefusal(error) && !(error instanceof RangeError)) throw error;
      const [only, ...others] = entries;
      if (only && others.length === 0) return await setAside(only, coerceError(error));
      const middle = Math.ceil(entries.length / 2);
      await writeOrSplit(entries.slice(0, middle));
      await writeOrSplit(entries.slice(middle));
    }
  };

  const writeUntilDone = async (entries: readonly Entry[], signal: AbortSignal): Promise<boolean> => {
    for (let attempt = 0; !signal.aborted; attempt++) {
      writingSince ??= performance.now();
      try {
        await writeOrSplit(entries);
        writingSince = undefined;
        failure = undefined;
        failingSince = undefined;
        return true;
      } catch (error) {
        if (failure === undefined) {
          failingSince = now();
          onFailure(coerceError(error));
        }
        failure = coerceError(error).message;
        await sleep(backoffDelayMs(RETRY, attempt, random), signal);
      }
    }
    return false;
  };

  const noteDrained = (): void => {
    for (const waiter of drainWaiters) {
      if (waiter.through > written) continue;
      drainWaiters.delete(waiter);
      waiter.done();
    }
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const isSettled = store.isSettled();
      await journal.waitForData(
        written,
        isSettled ? signal : AbortSignal.any([signal, AbortSignal.timeout(SETTLE_MS)]),
      );
      const batch = journal.read(written, BATCH_BYTES);
      // A journal that was trimmed to its end: what is waited for comes after that.
      if (!batch) written = Math.max(written, journal.lastStored());
      if (!batch && isSettled) continue;
      if (!(await writeUntilDone(batch?.entries ?? [], signal))) return;
      written = batch?.through ?? written;
      if (store.isSettled()) journal.trim(written);
      noteDrained();
      // With a backlog there is nothing to wait for.
      if (journal.read(written, 1) === undefined) await sleep(LINGER_MS, signal);
    }
  };

  return {
    start() {
      if (running) return;
      stopping = new AbortController();
      running = run(stopping.signal);
    },
    async stop() {
      stopping.abort();
      const losingPatience = setTimeout(store.abandon, STOP_PATIENCE_MS);
      await running;
      clearTimeout(losingPatience);
      running = undefined;
    },
    drained: () =>
      new Promise((resolve) => {
        const through = journal.lastStored();
        if (through <= written || journal.state().storedBytes === 0) return resolve();
        drainWaiters.add({ through, done: resolve });
      }),
    state: () => ({
      failure,
      failingSince,
      waitingMs: writingSince === undefined ? 0 : performance.now() - writingSince,
    }),
  };
};
