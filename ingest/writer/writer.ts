import type { Journal } from '#contracts/ports/journal.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import type { Stored } from '../session.ts';
import type { Store } from '../store.ts';
import { drain } from './draining.ts';
import { createSessions, type WriterState } from './sessions.ts';
import { createWriteSplitting } from './splitting.ts';

/**
 * Drains the journal into the database, in order, for as long as the station lives.
 *
 *   open a session ─▶ wait ─▶ read ─▶ write ─▶ once a second: settle, trim ─▶ wait …
 *         ▲                             │ database refuses the data: halve until the one record is found, set it aside, go on
 *         └── from the last trim ◀──────┴ database away: a new session, later
 *
 * What a session wrote before it settled may be gone with it (session.ts). So each session begins at the oldest record that is
 * in the journal, and how far it came is known to nobody but itself.
 */

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
  const sessions = createSessions({ store, clock, random, onFailure: deps.onFailure });
  const progress = createProgress();
  let running: Promise<void> | undefined;
  let stopping = new AbortController();

  const run = async (signal: AbortSignal): Promise<void> => {
    if (journal.state().storedBytes === 0) await journal.waitForData(journal.lastStored(), signal);
    await sessions.run((session) => {
      const write = createWriteSplitting({ ...deps, session, now: clock.now });
      return drain(session, { journal, write, clock, signal, onWritten: progress.reached }).finally(progress.forget);
    }, signal);
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
      if (journal.state().storedBytes > 0) await progress.wait(through);
    },
    state: sessions.state,
  };
};

/** Who waits until the writer has come to some place. */
const createProgress = () => {
  const waiting = new Set<{ readonly through: number; readonly done: () => void }>();
  let place = 0;
  return {
    /** The session is at its end, and what it wrote may be gone. */
    forget(): void {
      place = 0;
    },
    async wait(through: number): Promise<void> {
      if (through > place) await new Promise<void>((resolve) => waiting.add({ through, done: resolve }));
    },
    reached(written: number): void {
      place = written;
      for (const waiter of waiting) {
        if (waiter.through > written) continue;
        waiting.delete(waiter);
        waiter.done();
      }
    },
  };
};
