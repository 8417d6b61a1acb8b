import { sleep } from '#platform/backoff.ts';
import { type Clock, systemClock } from '#platform/clock.ts';

/**
 * The live path goes first: a long job rests as long as it worked. The work is measured from one `rest` to the next.
 */
export const createThrottle = (clock: Pick<Clock, 'elapsed'> = systemClock): { readonly rest: () => Promise<void> } => {
  let beganAt = clock.elapsed();
  return {
    async rest() {
      await sleep(Math.max(1, clock.elapsed() - beganAt));
      beganAt = clock.elapsed();
    },
  };
};
