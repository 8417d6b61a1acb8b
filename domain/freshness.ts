import { isSpot, unheardAfterMs } from './interval.ts';
import { type MeasurementClass, type VitalId, vital } from './vitals.ts';

/**
 * Whether a value is shown, by its age. The server and every screen use the same rule, so that a value that is blank on
 * one is blank on all. `live`: show it. `old`: show it with its age. `stale`: leave it blank, and never carry it
 * forward.
 */
export type Freshness = 'live' | 'old' | 'stale';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type FreshnessLimits = { readonly oldAfterMs: number; readonly staleAfterMs: number };

/**
 * ISO 80601-2-61 asks that an update period over 30 s be indicated; we are stricter for values that are sent each
 * second.
 */
export const FRESHNESS = {
  continuous: { oldAfterMs: 5 * SECOND, staleAfterMs: unheardAfterMs(null) },
  intermittent: { oldAfterMs: 15 * MINUTE, staleAfterMs: 60 * MINUTE },
} as const satisfies Record<MeasurementClass, FreshnessLimits>;

/** Waveform samples older than this are not drawn. */
export const WAVE_STALE_AFTER_MS = 5 * SECOND;

export const MAX_STALE_AFTER_MS = Math.max(...Object.values(FRESHNESS).map((limits) => limits.staleAfterMs));

/**
 * A value may seem to be this far ahead, because a frame is delayed on its way to a screen. A value further ahead shows
 * that a clock was set back, and then its age is unknown.
 */
export const MAX_AHEAD_MS = 5 * SECOND;

/**
 * `intervalMs` is how often the device is expected to send; null: continuously. A spot reading counts as `old` from the
 * start, so that it is always shown with its age.
 */
export const freshness = (id: VitalId, ageMs: number, intervalMs: number | null = null): Freshness => {
  if (ageMs < -MAX_AHEAD_MS) return 'stale';
  const { measured } = vital(id);
  const { oldAfterMs, staleAfterMs } = FRESHNESS[measured];
  if (ageMs > Math.max(staleAfterMs, unheardAfterMs(intervalMs))) return 'stale';
  const isSpotReading = measured === 'continuous' && isSpot(intervalMs);
  return isSpotReading || ageMs > oldAfterMs ? 'old' : 'live';
};
