/**
 * Estimates how far a device's clock is from ours, from the delay between measurement and arrival.
 *
 * A live stream has a steady delay; a backfill does not, because it is played faster than it was measured. So the
 * delay counts only when it stayed within a narrow band for a while, and then its least value does: what the
 * network adds is never negative. Until then there is no estimate, rather than a wrong one.
 */

const STEADY_WITHIN_MS = 2_000;
const STEADY_FOR_MS = 10_000;
const STEADY_MESSAGES = 5;

export type ClockOffset = {
  readonly estimateMs: number | null;
  readonly runSince: number;
  readonly runMessages: number;
  readonly runLowMs: number;
  readonly runHighMs: number;
};

export const NO_CLOCK_OFFSET: ClockOffset = {
  estimateMs: null,
  runSince: 0,
  runMessages: 0,
  runLowMs: Number.POSITIVE_INFINITY,
  runHighMs: Number.NEGATIVE_INFINITY,
};

/** `estimateMs` is station clock minus device clock: positive for a device that is behind. */
export const observeDelay = (offset: ClockOffset, measuredAt: number, receivedAt: number): ClockOffset => {
  const delayMs = receivedAt - measuredAt;
  const lowMs = Math.min(offset.runLowMs, delayMs);
  const highMs = Math.max(offset.runHighMs, delayMs);
  if (highMs - lowMs > STEADY_WITHIN_MS) {
    return {
      estimateMs: offset.estimateMs,
      runSince: receivedAt,
      runMessages: 1,
      runLowMs: delayMs,
      runHighMs: delayMs,
    };
  }
  const runMessages = offset.runMessages + 1;
  const runSince = offset.runMessages === 0 ? receivedAt : offset.runSince;
  const steady = runMessages >= STEADY_MESSAGES && receivedAt - runSince >= STEADY_FOR_MS;
  return { estimateMs: steady ? lowMs : offset.estimateMs, runSince, runMessages, runLowMs: lowMs, runHighMs: highMs };
};

/**
 * When it was really measured, as far as that makes it older, never younger: a clock that runs ahead is taken
 * back; one that is behind is believed, because its messages could as well be late, and late must not look live.
 */
export const correctedTime = (offset: ClockOffset, measuredAt: number): number =>
  measuredAt + Math.min(0, offset.estimateMs ?? 0);
