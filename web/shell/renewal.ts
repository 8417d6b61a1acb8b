/**
 * When a page that hangs for months loads itself anew.
 *
 * After an upgrade of the station it must: an alarm of a kind that it does not know yet would not be understood. But a load
 * blanks the screen for a moment, and browsers may keep the new page silent until a person touches it. So it waits
 * while an alarm stands that nobody has answered, or while a person is at it; not longer than two minutes, since
 * what it may have missed counts for more by then. At night it does so when its memory has grown, but only in peace, and only
 * where the sound would not be lost by it.
 */
export type Renewal = 'stay' | 'reload';

export type Circumstances = {
  readonly nowMs: number;
  readonly isOutdated: boolean;
  /** True when the station is heard: without it no page could be loaded. */
  readonly isLive: boolean;
  /** An alarm of medium or high priority that nobody has answered. */
  readonly isAlarming: boolean;
  /** True while a person has something chosen, typed or open. */
  readonly isBusy: boolean;
  /** Sound is off, or came by itself when this page was loaded. */
  readonly soundSurvives: boolean;
  /** Bytes; undefined where the browser does not tell. */
  readonly heapBytes: number | undefined;
  /** The hour of the day in the time zone of the screen. */
  readonly hour: number;
};

const OUTDATED_AT_MOST_MS = 120_000;

/** The memory in use after this time is what the page needs once everything was seen. */
const SETTLED_AFTER_MS = 10 * 60_000;
const ONCE_A_NIGHT_MS = 20 * 3_600_000;
const GROWN_TIMES = 2;
const GROWN_BYTES = 64 * 1024 * 1024;
const NIGHT_HOURS: readonly number[] = [3, 4];

/** Times of the page's monotonic clock; it begins when the page was loaded, at `loadedAtMs`. */
export const createRenewal = (loadedAtMs: number) => {
  let outdatedAtMs: number | undefined;
  let settledBytes: number | undefined;

  const hasGrown = ({ nowMs, heapBytes }: Circumstances): boolean => {
    if (heapBytes === undefined || nowMs - loadedAtMs < SETTLED_AFTER_MS) return false;
    settledBytes ??= heapBytes;
    return heapBytes > Math.max(settledBytes * GROWN_TIMES, settledBytes + GROWN_BYTES);
  };

  return {
    /** Call about once a second. */
    decide(now: Circumstances): Renewal {
      const { nowMs, isOutdated, isLive, isAlarming, isBusy, soundSurvives, hour } = now;
      const isPeaceful = !isAlarming && !isBusy;
      const grown = hasGrown(now);
      outdatedAtMs = isOutdated ? (outdatedAtMs ?? nowMs) : undefined;
      if (!isLive) return 'stay';
      if (outdatedAtMs !== undefined)
        return isPeaceful || nowMs - outdatedAtMs > OUTDATED_AT_MOST_MS ? 'reload' : 'stay';
      const isNightly = NIGHT_HOURS.includes(hour) && nowMs - loadedAtMs > ONCE_A_NIGHT_MS;
      return isNightly && grown && isPeaceful && soundSurvives ? 'reload' : 'stay';
    },
  };
};

/** Loads the page anew, once it is sure that there is one: a browser's own page of failure never comes back. */
export const reloadSafely = async (request: typeof fetch, page: Pick<Location, 'href' | 'reload'>): Promise<void> => {
  try {
    const response = await request(page.href, { cache: 'no-store' });
    if (response.ok && response.headers.get('content-type')?.startsWith('text/html')) page.reload();
  } catch {
    // Asked again with the next decision.
  }
};
