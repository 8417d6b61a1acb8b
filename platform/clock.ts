/**
 * Where the time comes from, and what calls when some of it has passed. Injected, so that tests and replays have their own;
 * nothing else on the server sets a timer.
 */
export type Clock = {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds since some moment: goes on evenly when the clock is put forward or back. */
  readonly elapsed: () => number;
  /** Calls `act` once, after so long. */
  readonly after: (delayMs: number, act: () => void, keepAlive?: KeepAlive) => Cancel;
  /** Calls `act` again and again, first after one period. */
  readonly every: (periodMs: number, act: () => void, keepAlive?: KeepAlive) => Cancel;
};

/** What a part is handed that only needs to know the time. */
export type WallClock = Pick<Clock, 'now'>;

/** May be called twice, and after the timer has gone off. */
export type Cancel = () => void;

/** `background`: the process may end before it goes off. */
export type KeepAlive = 'process' | 'background';

const release = (timer: NodeJS.Timeout, keepAlive: KeepAlive): void => {
  if (keepAlive === 'background') timer.unref();
};

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(delayMs, act, keepAlive = 'process') {
    const timer = setTimeout(act, delayMs);
    release(timer, keepAlive);
    return () => clearTimeout(timer);
  },
  every(periodMs, act, keepAlive = 'process') {
    const timer = setInterval(act, periodMs);
    release(timer, keepAlive);
    return () => clearInterval(timer);
  },
};
