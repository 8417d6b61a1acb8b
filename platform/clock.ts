/** Where the time comes from. Injected, so that tests and replays have their own. */
export type Clock = {
  /** Epoch milliseconds. */
  readonly now: () => number;
};

export const systemClock: Clock = { now: () => Date.now() };
