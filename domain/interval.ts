/**
 * How far apart a device's messages are expected to be. `null` is a device of which nobody said anything: it is taken to
 * send continuously. A device whose messages are further apart is watched by spot readings, and is never to look as if
 * it were watched continuously.
 */

const SECOND = 1_000;

export const MIN_INTERVAL_MS = SECOND;
/** [?] However seldom a device sends, a value older than this is no answer to "how is the patient now". */
export const MAX_STANDS_MS = 600 * SECOND;

/** What is sent more seldom cannot be watched for silence: two of these are as long as anything stands. */
export const MAX_INTERVAL_MS = 300 * SECOND;

/** What `null` stands for: two messages may be lost before a silence of 10 to 15 seconds is one. */
export const CONTINUOUS_MS = 5 * SECOND;

/** Above this a bed has spot readings: what is sent continuously would be blank before the next one comes. */
export const SPOT_ABOVE_MS = 15 * SECOND;

/** One message may be lost, and the next a little late, before a device has fallen silent. */
export const SILENT_AFTER_INTERVALS = 2.5;

export const isSpot = (intervalMs: number | null): boolean => intervalMs !== null && intervalMs > SPOT_ABOVE_MS;

/** How long after its last live message a device is no longer heard. */
export const unheardAfterMs = (intervalMs: number | null): number =>
  Math.max(SPOT_ABOVE_MS, Math.min(SILENT_AFTER_INTERVALS * (intervalMs ?? 0), MAX_STANDS_MS));

/** What comes of an interval that a device told, or that was seen. */
export type IntervalNews =
  | { readonly news: 'none' }
  | { readonly news: 'shorter'; readonly intervalMs: number | null }
  | { readonly news: 'longer'; readonly intervalMs: number };

/** What is seen wavers with the network by less than this share. */
const SEEN_SHARE = 1.25;

/**
 * A shorter interval is in force by itself, for silence is then noticed sooner. A longer one waits for a person: a link
 * that loses ever more must not teach the station to expect ever less. One that is too long is none to be put in force.
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

/** Measurements that are nearer than this are parts of one. */
const ONE_READING_MS = MIN_INTERVAL_MS;
const SPACINGS_KEPT = 8;
const SPACINGS_NEEDED = 4;

/** The newest spacings of a device's measurements. Never changed in place. */
export type Spacings = { readonly lastAt: number; readonly ms: readonly number[] };

export const NO_SPACINGS: Spacings = { lastAt: Number.NEGATIVE_INFINITY, ms: [] };

/** With a measurement of this time. A clock that was set back begins anew. */
export const withMeasurement = (spacings: Spacings, timeMs: number): Spacings => {
  const ms = timeMs - spacings.lastAt;
  if (ms >= 0 && ms < ONE_READING_MS) return spacings;
  if (ms < 0 || !Number.isFinite(ms)) return { lastAt: timeMs, ms: [] };
  return { lastAt: timeMs, ms: [...spacings.ms.slice(1 - SPACINGS_KEPT), ms] };
};

/**
 * The median, which neither a message that was lost nor an hour without the device can move; null until five
 * measurements were seen.
 */
export const typicalSpacingMs = ({ ms }: Spacings): number | null => {
  if (ms.length < SPACINGS_NEEDED) return null;
  const sorted = ms.toSorted((one, other) => one - other);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
};
