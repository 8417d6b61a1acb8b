import { type Clock, systemClock } from './clock.ts';

/** Waits between tries: doubled each time up to a cap, with jitter so that many do not come back at once. */
export type Backoff = { readonly firstMs: number; readonly maxMs: number };

export const backoffDelayMs = ({ firstMs, maxMs }: Backoff, attempt: number, random: () => number): number =>
  Math.min(maxMs, firstMs * 2 ** attempt) * (0.5 + random() / 2);

/** Resolves after the time, or at once when the signal aborts. Never rejects. */
export const sleep = (ms: number, signal?: AbortSignal, clock: Pick<Clock, 'after'> = systemClock): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal?.addEventListener('abort', done);
  });
