import type { Journal } from '#contracts/ports/journal.ts';
import { sleep } from '#platform/backoff.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import type { Store, Stored } from '../store.ts';
import { createRetrying, type WriterState } from './retrying.ts';
import { createWriteSplitting } from './splitting.ts';

/**
 * Drains the journal into the database, in order, for as long as the station lives.
 *
 *   wait ─▶ read ─▶ write ─▶ trim, if settled ─▶ wait …
 *                     │ database away: the same batch again, later
 *                     └ database refuses the data: halve until the one record is found, set it aside, go on
 */

/** After this short wait one statement takes all that came meanwhile. */
const LINGER_MS = 100;

/** How long the store may wait for the next batch to settle it. */
const SETTLE_MS = 1_000;

/** About 20,000 readings, a tenth of a second of the database's work. */
const BATCH_BYTES = 512 * 1_024;

/** How long a stop waits for the batch in hand. What is broken off is still in the journal. */
const STOP_PATIENCE_MS = 3_000;

export type Writer = {
  readonly start: () => void;
  /** Finishes the batch in hand, unless the database takes too long for it, and leaves the rest in the journal. */
  readonly stop: () => Promise<void>;
  /** Resolves once everything that was in the journal when asked is in the database. */
  readonly drained: () => Promise<void>;
  readonly state: () => WriterState;
};

export type WriterDependencies = {
  readonly journal: Journal;
  readonly store: Store;
  readonly clock?: Clock;
  readonly onStored: (stored: Stored) => void;
  /** The database could not be written; it is tried again. Called once for each time it goes away. */
  readonly onFailure: (error: Error) => void;
  /** The database refused one record for good. */
  readonly onRefused: (error: Error) => void;
  readonly random?: () => number;
};

export const createWriter = ({
  journal,
  store,
  clock = systemClock,
  random = Math.random,
  ...deps
}: WriterDependencies): Writer => {
  const write = createWriteSplitting({ ...deps, store, now: clock.now });
  const { writeUntilDone, state } = createRetrying({ write, clock, random, onFailure: deps.onFailure });
  const draining = createDraining();
  let running: Promise<void> | undefined;
  let stopping = new AbortController();
  let written = 0;

  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const isSettled = store.isSettled();
      if (isSettled) await journal.waitForData(written, signal);
      else await waitForSome(SETTLE_MS, signal, clock, (within) => journal.waitForData(written, within));
      const batch = await journal.read(written, BATCH_BYTES);
      // The journal was trimmed to its end: the next record comes after that.
      if (!batch) written = Math.max(written, journal.lastStored());
      if (!batch && isSettled) continue;
      if (!(await writeUntilDone(batch?.entries ?? [], signal))) return;
      written = batch?.through ?? written;
      if (store.isSettled()) journal.trim(written);
      draining.reached(written);
      // With a backlog the next batch need not wait.
      if (journal.lastStored() <= written) await sleep(LINGER_MS, signal, clock);
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
      const keepPatience = clock.after(STOP_PATIENCE_MS, store.abandon);
      await running;
      keepPatience();
      running = undefined;
    },
    async drained() {
      const through = journal.lastStored();
      if (through > written && journal.state().storedBytes > 0) await draining.wait(through);
    },
    state,
  };
};

/** Resolves when the waiting is over, and after so long in any case. */
const waitForSome = async (
  mostMs: number,
  signal: AbortSignal,
  clock: Clock,
  wait: (within: AbortSignal) => Promise<void>,
): Promise<void> => {
  const enough = new AbortController();
  const cancel = clock.after(mostMs, () => enough.abort());
  await wait(AbortSignal.any([signal, enough.signal]));
  cancel();
};

/** Who waits until the writer has come to some place. */
const createDraining = () => {
  const waiting = new Set<{ readonly through: number; readonly done: () => void }>();
  return {
    wait: (through: number): Promise<void> => new Promise((resolve) => waiting.add({ through, done: resolve })),
    reached(written: number): void {
      for (const waiter of waiting) {
        if (waiter.through > written) continue;
        waiting.delete(waiter);
        waiter.done();
      }
    },
  };
};
