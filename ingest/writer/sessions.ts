import type { Entry } from '#contracts/ports/journal.ts';
import { type Backoff, backoffDelayMs, sleep } from '#platform/backoff.ts';
import type { Clock } from '#platform/clock.ts';
import { coerceError } from '#platform/errors.ts';
import type { Stored } from '../session.ts';
import type { OpenSession, Store } from '../store.ts';

const RETRY: Backoff = { firstMs: 100, maxMs: 5_000 };

/** A batch takes some tens of milliseconds. When it takes this long the database is frozen or blocked. */
const SLOW_AFTER_MS = 5_000;

export type WriterState = {
  /** Why the last write failed, until one succeeds again. */
  readonly failure: string | undefined;
  readonly failingSince: number | undefined;
  /** True when what is in hand has been waiting for the database for longer than it takes when all is well. */
  readonly isSlow: boolean;
};

export type Session = Omit<OpenSession, 'close' | 'ended'>;

/** Has one session with the database after the other, a new one whenever the last failed. */
export type Sessions = {
  /** Resolves after an abort. `work` is begun anew with each session, and goes on until the session is at its end, or an abort. */
  readonly run: (work: (session: Session) => Promise<void>, signal: AbortSignal) => Promise<void>;
  readonly state: () => WriterState;
};

/** Tells when what is in hand takes too long. */
const createPatience = (clock: Clock) => {
  let isSlow = false;
  return {
    isSlow: () => isSlow,
    async watch<Result>(work: Promise<Result>): Promise<Result> {
      const stopWatching = clock.after(SLOW_AFTER_MS, () => {
        isSlow = true;
      });
      try {
        return await work;
      } finally {
        stopWatching();
        isSlow = false;
      }
    },
  };
};

/** How the last write went, and how many failed since one succeeded. */
const createOutcome = (now: () => number, onFailure: (error: Error) => void) => {
  let failure: string | undefined;
  let failingSince: number | undefined;
  let failures = 0;
  return {
    failures: () => failures,
    fail(error: Error): void {
      if (failure === undefined) {
        failingSince = now();
        onFailure(error);
      }
      failure = error.message;
      failures++;
    },
    succeed(): void {
      failure = undefined;
      failingSince = undefined;
      failures = 0;
    },
    state: () => ({ failure, failingSince }),
  };
};

export const createSessions = ({
  store,
  clock,
  random,
  onFailure,
}: {
  store: Pick<Store, 'open'>;
  clock: Clock;
  random: () => number;
  /** Called once for each time the database goes away. */
  onFailure: (error: Error) => void;
}): Sessions => {
  const { watch, isSlow } = createPatience(clock);
  const outcome = createOutcome(clock.now, onFailure);

  /** `work` with one session, which is closed after it. */
  const runOnce = async (work: (session: Session) => Promise<void>): Promise<void> => {
    const { write, settle, isBroken, close } = await watch(store.open());
    const writeAndTell = async (entries: readonly Entry[]): Promise<Stored> => {
      const stored = await watch(write(entries));
      outcome.succeed();
      return stored;
    };
    try {
      await work({ write: writeAndTell, settle: () => watch(settle()), isBroken });
    } finally {
      close();
    }
  };

  return {
    async run(work, signal) {
      while (!signal.aborted) {
        try {
          await runOnce(work);
        } catch (error) {
          const delayMs = backoffDelayMs(RETRY, outcome.failures(), random);
          outcome.fail(coerceError(error));
          await sleep(delayMs, signal, clock);
        }
      }
    },
    state: () => ({ ...outcome.state(), isSlow: isSlow() }),
  };
};
