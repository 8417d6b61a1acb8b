import { sleep } from '#platform/backoff.ts';

/** Live goes first: whoever works beside it rests as long as it worked. Measured from one `rest` to the next. */
export const createCourtesy = (): { readonly rest: () => Promise<void> } => {
  let beganAt = performance.now();
  return {
    async rest() {
      await sleep(Math.max(1, performance.now() - beganAt));
      beganAt = performance.now();
    },
  };
};
