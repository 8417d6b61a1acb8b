import type { Entry } from '#contracts/ports/journal.ts';
import { type Backoff, backoffDelayMs, sleep } from '#platform/backoff.ts';
import type { Clock } from '#platform/clock.ts';
import { coerceError } from '#platform/errors.ts';
import type { WriteSplitting } from './splitting.ts';

const RETRY: Backoff = { firstMs: 100, maxMs: 5_000 };

/** A batch takes some tens of milliseconds. When it takes this long the database is frozen or blocked. */
const SLOW_AFTER_MS = 5_000;

export type WriterState = {
  /** Why the last write failed, until one succeeds again. */
  readonly failure: string | undefined;
  readonly failingSince: number | undefined;
  /** True when the batch in hand has been waiting for the database for longer than it takes when all is well. */
  readonly isSlow: boolean;
};

/** Writes each batch again and again until the database has taken it. */
export type Retrying = {
  /** Resolves with false when it was aborted before. */
  readonly writeUntilDone: (entries: readonly Entry[], signal: AbortSignal) => Promise<boolean>;
  readonly state: () => WriterState;
};

export const createRetrying = ({
  write,
  clock,
  random,
  onFailure,
}: {
  write: WriteSplitting;
  clock: Clock;
  random: () => number;
  /** Called once for each time the database goes away. */
  onFailure: (error: Error) => void;
}): Retrying => {
  let failure: string | undefined;
  let failingSince: number | undefined;
  let isSlow = false;

  const fail = (error: Error): void => {
    if (failure === undefined) {
      failingSince = clock.now();
      onFailure(error);
    }
    failure = error.message;
  };

  const writeUntilDone = async (entries: readonly Entry[], signal: AbortSignal): Promise<boolean> => {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await write(entries);
        failure = undefined;
        failingSince = undefined;
        return true;
      } catch (error) {
        fail(coerceError(error));
        await sleep(backoffDelayMs(RETRY, attempt, random), signal, clock);
      }
    }
    return false;
  };

  return {
    async writeUntilDone(entries, signal) {
      const stopWatching = clock.after(SLOW_AFTER_MS, () => {
        isSlow = true;
      });
      try {
        return await writeUntilDone(entries, signal);
      } finally {
        stopWatching();
        isSlow = false;
      }
    },
    state: () => ({ failure, failingSince, isSlow }),
  };
};
