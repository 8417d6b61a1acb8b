/** Where the time comes from. Injected, so that tests and replays have their own. */
export type Clock = {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds since some moment: goes on evenly when the clock is put forward or back. Left out: it never is. */
  readonly elapsed?: () => number;
};

export const systemClock: Clock = { now: () => Date.now(), elapsed: () => performance.now() };
