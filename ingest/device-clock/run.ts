import { type Heard, type Mark, type Run, STEADY_FOR_MS, STEADY_MESSAGES, STEP_MS } from './clock.ts';

/** The order of the payloads of a device, and how long their delays have stayed within a narrow band. */

export type Order = 'first' | 'next' | 'gap' | 'again';

export const orderOf = (mark: Mark | undefined, { boot, firstSeq, lastSeq }: Heard): Order => {
  if (!mark || mark.boot !== boot) return 'first';
  if (lastSeq < 0 || firstSeq === mark.seq + 1) return 'next';
  if (lastSeq > mark.seq) return 'gap';
  // One that names no boots begins to count anew.
  return boot === '' && firstSeq <= 1 && mark.seq > 1 ? 'first' : 'again';
};

const gaplessSince = (run: Run, order: Order, { receivedAt, lastSeq }: Heard): number | null => {
  if (lastSeq < 0) return null;
  return order === 'next' ? (run.gaplessSince ?? receivedAt) : receivedAt;
};

export const extend = (run: Run, delayMs: number, order: Order, heard: Heard): Run => {
  const { receivedAt } = heard;
  const lowMs = Math.min(run.lowMs, delayMs);
  const highMs = Math.max(run.highMs, delayMs);
  const gapless = gaplessSince(run, order, heard);
  if (run.count === 0 || highMs - lowMs > STEP_MS) {
    return { since: receivedAt, count: 1, lowMs: delayMs, highMs: delayMs, gaplessSince: gapless };
  }
  return { since: run.since, count: run.count + 1, lowMs, highMs, gaplessSince: gapless };
};

export const isSteadyRun = (run: Run, at: number): boolean =>
  run.count >= STEADY_MESSAGES && at - run.since >= STEADY_FOR_MS;
