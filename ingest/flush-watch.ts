import type { Journal } from '#contracts/ports/journal.ts';
import type { Clock } from '#platform/clock.ts';

/** Sees how long the same records have been waiting for the journal, to the second. */
export type FlushWatch = {
  /** Must be called about every second. */
  readonly look: () => void;
  /** 0 when no flush waits, or none has waited for long. */
  readonly waitingMs: () => number;
};

export const createFlushWatch = ({
  journal,
  clock,
}: {
  journal: Pick<Journal, 'state' | 'lastStored'>;
  clock: Pick<Clock, 'elapsed'>;
}): FlushWatch => {
  let flushedThrough = 0;
  let waitsSince: number | undefined;
  return {
    look() {
      const isWaiting = journal.state().pendingAppends > 0 && journal.lastStored() === flushedThrough;
      flushedThrough = journal.lastStored();
      waitsSince = isWaiting ? (waitsSince ?? clock.elapsed()) : undefined;
    },
    waitingMs: () => (waitsSince === undefined ? 0 : clock.elapsed() - waitsSince),
  };
};
