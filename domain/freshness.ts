import { isSpot, unheardAfterMs } from './interval.ts';
import { type MeasurementClass, type VitalId, vital } from './vitals.ts';

/**
 * How old a value may be. Used by the server and by every screen, so that a value that is blank on one is
 * blank on all. `live`: show it. `old`: show it with its age. `stale`: blank it, never carry it forward.
 */
export type Freshness = 'live' | 'old' | 'stale';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type FreshnessLimits = { readonly oldAfterMs: number; readonly staleAfterMs: number };

/** ISO 80601-2-61 asks that an update period over 30 s be indicated; we are stricter for what is sent each second. */
export const FRESHNESS = {
  continuous: { oldAfterMs: 5 * SECOND, staleAfterMs: unheardAfterMs(null) },
  intermittent: { oldAfterMs: 15 * MINUTE, staleAfterMs: 60 * MINUTE },
} as const satisfies Record<MeasurementClass, FreshnessLimits>;

/** Waveform samples older than this are not drawn. */
export const WAVE_STALE_AFTER_MS = 5 * SECOND;

export const MAX_STALE_AFTER_MS = Math.max(...Object.values(FRESHNESS).map((limits) => limits.staleAfterMs));

/** A little is a frame's delay on the way to a screen. More is a clock that was set back, and then no age is known. */
export const MAX_AHEAD_MS = 5 * SECOND;

/** `intervalMs`: how often the device is expected to send; null: continuously. A spot reading is always told with its age. */
export const freshness = (id: VitalId, ageMs: number, intervalMs: number | null = null): Freshness => {
  if (ageMs < -MAX_AHEAD_MS) return 'stale';
  const { measured } = vital(id);
  const { oldAfterMs, staleAfterMs } = FRESHNESS[measured];
  if (ageMs > Math.max(staleAfterMs, unheardAfterMs(intervalMs))) return 'stale';
  const isSpotReading = measured === 'continuous' && isSpot(intervalMs);
  return isSpotReading || ageMs > oldAfterMs ? 'old' : 'live';
};
