import type { Cancel, Clock } from '#platform/clock.ts';

/**
 * A flush costs about the same however little is in it: measured, 19 to 25 µs of processor time a message in groups of
 * 20 and under 3 in groups of 200. So flushes begin at least this far apart; one that comes alone waits for nothing.
 */
const FLUSH_EVERY_MS = 4;

/** After a flush of so many messages the next waits twice as long: who is as busy as that has no processor time to spare. */
const BUSY_FROM = 32;
const BUSY_FLUSH_EVERY_MS = 8;

/** Has one flush run at a time. */
export type FlushTurns = {
  /** Must be called when there is something to flush. */
  readonly soon: () => void;
  /** Begins the flush that is due at once, and resolves when none runs. */
  readonly finish: () => Promise<void>;
};

export const createFlushTurns = ({
  clock,
  flush,
  waiting,
  mustGoOn,
}: {
  clock: Pick<Clock, 'elapsed' | 'after'>;
  /** Never rejects. */
  flush: () => Promise<void>;
  /** How many messages wait for a flush. */
  waiting: () => number;
  /** Whether a flush left something that can be flushed. */
  mustGoOn: () => boolean;
}): FlushTurns => {
  let flushing: Promise<void> | undefined;
  let cancelScheduled: Cancel | undefined;
  let lastBeganAt = Number.NEGATIVE_INFINITY;
  let everyMs = FLUSH_EVERY_MS;

  const begin = (): void => {
    cancelScheduled = undefined;
    lastBeganAt = clock.elapsed();
    everyMs = waiting() < BUSY_FROM ? FLUSH_EVERY_MS : BUSY_FLUSH_EVERY_MS;
    flushing = flush().finally(goOn);
  };

  const goOn = (): void => {
    flushing = undefined;
    if (mustGoOn()) soon();
  };

  const soon = (): void => {
    if (cancelScheduled || flushing) return;
    const waitMs = lastBeganAt + everyMs - clock.elapsed();
    if (waitMs > 0) {
      cancelScheduled = clock.after(waitMs, begin);
      return;
    }
    // The flush begins after the poll phase, so that all sockets read in this turn share it.
    const immediate = setImmediate(begin);
    cancelScheduled = () => clearImmediate(immediate);
  };

  return {
    soon,
    async finish() {
      if (cancelScheduled) {
        cancelScheduled();
        begin();
      }
      await flushing;
    },
  };
};
