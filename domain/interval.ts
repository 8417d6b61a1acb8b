/**
 * How far apart a device's messages are expected to be. `null` is a device that nobody said anything of: it is taken to
 * send continuously. A device whose messages are further apart is watched by spot readings, and is never to look as if
 * it were watched continuously.
 */

const SECOND = 1_000;

export const MIN_INTERVAL_MS = SECOND;
export const MAX_INTERVAL_MS = 3_600 * SECOND;

/** Above this a bed has spot readings: what is sent continuously would be blank before the next one comes. */
export const SPOT_ABOVE_MS = 15 * SECOND;

/** One message may be lost, and the next a little late, before a device has fallen silent. */
const SILENT_AFTER_INTERVALS = 2.5;

export const isSpot = (intervalMs: number | null): boolean => intervalMs !== null && intervalMs > SPOT_ABOVE_MS;

/** How long after its last live message a device is no longer heard. */
export const unheardAfterMs = (intervalMs: number | null): number =>
  Math.max(SPOT_ABOVE_MS, SILENT_AFTER_INTERVALS * (intervalMs ?? 0));
