import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop of this thread gets to what is due: by work of its own, or because others have the processor. */
export type Lateness = {
  /** In the mean of the last samples, of which there is one each ten milliseconds. */
  readonly lookMs: () => number;
  readonly stop: () => void;
};

const SAMPLING_MS = 10;
/** Fewer say little, and looks may follow each other quickly: until then it is as late as it was. */
const ENOUGH_SAMPLES = 5;

export const createLateness = (): Lateness => {
  const delays = monitorEventLoopDelay({ resolution: SAMPLING_MS });
  delays.enable();
  let lateMs = 0;
  return {
    lookMs() {
      if (delays.count < ENOUGH_SAMPLES) return lateMs;
      // What is counted is from one sample to the next.
      lateMs = Math.max(0, delays.mean / 1e6 - SAMPLING_MS);
      delays.reset();
      return lateMs;
    },
    stop: () => void delays.disable(),
  };
};
