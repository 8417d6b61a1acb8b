import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop of this thread gets to what is due: by work of its own, or because others have the processor. */
export type Lateness = {
  /** In the mean since the last look. Timers of Node are up to one millisecond late by themselves. */
  readonly lookMs: () => number;
  readonly stop: () => void;
};

const SAMPLING_MS = 10;

export const createLateness = (): Lateness => {
  const delays = monitorEventLoopDelay({ resolution: SAMPLING_MS });
  delays.enable();
  return {
    lookMs() {
      // What is counted is from one sample to the next.
      const lateMs = delays.count === 0 ? 0 : delays.mean / 1e6 - SAMPLING_MS;
      delays.reset();
      return Math.max(0, lateMs);
    },
    stop: () => void delays.disable(),
  };
};
