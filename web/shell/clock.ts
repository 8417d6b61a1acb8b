/**
 * Where the screens take their time from, and what calls when some of it has passed. Injected, so that tests have their own;
 * nothing else in the browser sets a timer or reads the computer's clocks.
 */
export type PageClock = {
  /** Epoch milliseconds of the computer that shows the page; it may be wrong, and may be set. */
  readonly now: () => number;
  /** Milliseconds since the page was loaded; goes on evenly when the computer's clock is set. */
  readonly elapsed: () => number;
  /** Calls `act` once, after so long. */
  readonly after: (delayMs: number, act: () => void) => Cancel;
  /** Calls `act` again and again, first after one period. */
  readonly every: (periodMs: number, act: () => void) => Cancel;
};

/** May be called twice, and after the timer has gone off. */
export type Cancel = () => void;

export const pageClock: PageClock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(delayMs, act) {
    const timer = setTimeout(act, delayMs);
    return () => clearTimeout(timer);
  },
  every(periodMs, act) {
    const timer = setInterval(act, periodMs);
    return () => clearInterval(timer);
  },
};
