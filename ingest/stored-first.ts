import type { Clock } from '#platform/clock.ts';

/** G1. Groups are flushed every 4 ms or so. */
const ANNOUNCED_ANYWAY_AFTER_MS = 250;

/**
 * Announced means stored (G1): what is to be announced of a subject waits until it is stored, in its order. What could
 * not be stored in time is announced anyway, for a full disk must not silence an alarm.
 */
export type StoredFirst<Subject> = {
  /** Queues it, and returns what announces it, to be called when it is stored. Only the first call counts. */
  readonly queue: (subject: Subject, announce: () => void) => () => void;
};

export const createStoredFirst = <Subject>({
  clock,
  canStore,
}: {
  clock: Pick<Clock, 'after'>;
  /** False while the journal cannot flush: then an alarm is announced at once. */
  canStore: () => boolean;
}): StoredFirst<Subject> => {
  /** What is decided and not announced yet, in its order. */
  const queues = new Map<Subject, (() => void)[]>();

  return {
    queue(subject, announce) {
      let cancel = ignore;
      const announceThis = () => {
        cancel();
        announce();
      };
      const queue = queues.get(subject) ?? [];
      queues.set(subject, queue);
      queue.push(announceThis);
      // An earlier decision is announced first, because the last announcement is taken for the present state.
      const announceThrough = () => {
        for (const one of queue.splice(0, queue.indexOf(announceThis) + 1)) one();
      };
      if (canStore()) cancel = clock.after(ANNOUNCED_ANYWAY_AFTER_MS, announceThrough);
      else announceThrough();
      return announceThrough;
    },
  };
};

const ignore = (): void => {};
