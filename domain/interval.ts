/**
 * The interval of a device is how far apart its messages are expected to be. `null` means that it is unknown: the
 * device is then taken to send continuously. A device with a long interval gives spot readings, and must never look as
 * if it watched the patient continuously.
 */

const SECOND = 1_000;

export const MIN_INTERVAL_MS = SECOND;
/** [?] However seldom a device sends, an older value says nothing about the patient's present state. */
export const MAX_STANDS_MS = 600 * SECOND;

/**
 * A device with a longer interval could not be watched for silence: two such intervals are as long as any value stays
 * valid.
 */
export const MAX_INTERVAL_MS = 300 * SECOND;

/**
 * The interval that `null` stands for. Two messages in a row may be lost before the device counts as silent, which it
 * does after 10 to 15 s.
 */
export const CONTINUOUS_MS = 5 * SECOND;

/**
 * A device with a longer interval gives spot readings: if its values counted as continuous, each would be blank before
 * the next one comes.
 */
export const SPOT_ABOVE_MS = 15 * SECOND;

/** A device counts as silent after this many intervals: one message may be lost, and the next may be a little late. */
export const SILENT_AFTER_INTERVALS = 2.5;

export const isSpot = (intervalMs: number | null): boolean => intervalMs !== null && intervalMs > SPOT_ABOVE_MS;

/** How long after its last live message a device counts as not heard any more. */
export const unheardAfterMs = (intervalMs: number | null): number =>
  Math.max(SPOT_ABOVE_MS, Math.min(SILENT_AFTER_INTERVALS * (intervalMs ?? 0), MAX_STANDS_MS));

/** What follows from an interval that a device reported, or that was observed between its messages. */
export type IntervalNews =
  | { readonly news: 'none' }
  | { readonly news: 'shorter'; readonly intervalMs: number | null }
  | { readonly news: 'longer'; readonly intervalMs: number };

/** The network changes an observed interval by less than this factor. */
const SEEN_SHARE = 1.25;

/**
 * A shorter interval takes effect by itself, because silence is then noticed sooner. A longer one waits for a person: a
 * link that loses more and more messages must not teach the station to expect fewer and fewer. An interval above the
 * maximum is ignored.
 */
export const judgeInterval = (
  inForceMs: number | null,
  claim: { readonly intervalMs: number; readonly isSeen: boolean },
): IntervalNews => {
  const present = inForceMs ?? CONTINUOUS_MS;
  const share = claim.isSeen ? SEEN_SHARE : 1;
  const intervalMs = claim.isSeen ? Math.round(claim.intervalMs / SECOND) * SECOND : claim.intervalMs;
  if (intervalMs > MAX_INTERVAL_MS) return { news: 'none' };
  if (intervalMs > present * share) return { news: 'longer', intervalMs };
  if (inForceMs === null || intervalMs * share >= present) return { news: 'none' };
  return { news: 'shorter', intervalMs: intervalMs <= CONTINUOUS_MS ? null : intervalMs };
};

/** Measurements that are nearer to each other than this count as one. */
const ONE_READING_MS = MIN_INTERVAL_MS;
const SPACINGS_KEPT = 8;
const SPACINGS_NEEDED = 4;

/** The newest spacings between a device's measurements. The object is never changed in place. */
export type Spacings = { readonly lastAt: number; readonly ms: readonly number[] };

export const NO_SPACINGS: Spacings = { lastAt: Number.NEGATIVE_INFINITY, ms: [] };

/** Adds a measurement of this time. After a clock was set back the spacings begin anew. */
export const withMeasurement = (spacings: Spacings, timeMs: number): Spacings => {
  const ms = timeMs - spacings.lastAt;
  if (ms >= 0 && ms < ONE_READING_MS) return spacings;
  if (ms < 0 || !Number.isFinite(ms)) return { lastAt: timeMs, ms: [] };
  return { lastAt: timeMs, ms: [...spacings.ms.slice(1 - SPACINGS_KEPT), ms] };
};

/**
 * The median spacing: neither a lost message nor an hour without the device can shift it. It is null until five
 * measurements were seen.
 */
export const typicalSpacingMs = ({ ms }: Spacings): number | null => {
  if (ms.length < SPACINGS_NEEDED) return null;
  const sorted = ms.toSorted((one, other) => one - other);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
};
