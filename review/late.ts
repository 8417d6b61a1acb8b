import { sleep } from '#platform/backoff.ts';
import type { WallClock } from '#platform/clock.ts';
import type { Database } from '#platform/database.ts';
import { coerceError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import { goOn, type LatePass, listUnderWay, listWaiting, newestLate, type Waiting } from './late-passes.ts';

/**
 * Alarms that late readings would have made (G3): decided again by when things were measured, put into the record as
 * late, and never announced.
 *
 *   every 30 s: beds with new late readings, quiet for 30 s ─▶ a pass over them, a slice of hours at a time
 *
 * How far a pass has come is kept: one that was broken off goes on there, and nothing counts as scored before it was.
 */
export type LateScorer = {
  readonly start: () => void;
  /** Resolves when the bed at hand is done. */
  readonly stop: () => Promise<void>;
  /** Once, now. Resolves with how many alarms were found. */
  readonly look: () => Promise<number>;
};

const EVERY_MS = 30_000;
/** A device that sends what it kept is given time to finish. */
const QUIET_MS = 30_000;
/** A device that is always late, because its clock is behind, is not waited for. */
const PATIENCE_MS = 600_000;
/** How far the very first look goes back, after an upgrade. */
const FIRST_LOOK_BACK_MS = 7 * 86_400_000;

/** The writer may store readings out of their order: a look begins a little earlier, and misses none. */
const MARGIN_MS = 60_000;

type Look = (signal: AbortSignal) => Promise<number>;

type Deps = {
  readonly database: Database;
  readonly clock: WallClock;
  /** Goes on with the pass over a bed. Left out: here, by the same database. */
  readonly score?: (waiting: Waiting, signal: AbortSignal) => Promise<LatePass>;
};

/** Scores what waits, and remembers until when everything is scored. */
const createLook = ({ database, clock, score = (waiting, signal) => goOn(database, waiting, signal) }: Deps): Look => {
  /** Everything that arrived before this time is scored. */
  let scoredThrough: number | undefined;
  let pouringSince: number | undefined;

  return async (signal) => {
    const now = clock.now();
    const since = scoredThrough ?? now - FIRST_LOOK_BACK_MS;
    const newest = await newestLate(database, since);
    const underWay = await listUnderWay(database);
    const receivedMs = newest ?? underWay[0]?.received_ms ?? null;
    if (receivedMs === null) return 0;
    pouringSince ??= now;
    if (now - receivedMs < QUIET_MS && now - pouringSince < PATIENCE_MS) return 0;
    pouringSince = undefined;
    const fresh = await listWaiting(database, since);
    let found = 0;
    let scored = receivedMs - MARGIN_MS;
    for (const waiting of [...underWay, ...fresh]) {
      if (signal.aborted) return found;
      const isReady = now - waiting.received_ms >= QUIET_MS || now - waiting.waiting_since_ms >= PATIENCE_MS;
      const pass = isReady ? await score(waiting, signal) : { found: 0, isDone: false };
      found += pass.found;
      if (!pass.isDone) scored = Math.min(scored, waiting.waiting_since_ms - 1);
    }
    // Readings that came for a bed during its pass are looked for from where the pass began.
    scoredThrough = underWay.length > 0 ? since : Math.max(since, scored);
    return found;
  };
};

export const createLateScorer = ({ log, ...deps }: Deps & { readonly log: Logger }): LateScorer => {
  let ending: AbortController | undefined;
  let running = Promise.resolve();
  const look = createLook(deps);

  const keepLooking = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await look(signal).then(
        (found) => found > 0 && log.info({ alarms: found }, 'late data would have alarmed'),
        (error: unknown) => log.warn({ err: coerceError(error) }, 'late data could not be scored, trying again'),
      );
      await sleep(EVERY_MS, signal);
    }
  };

  return {
    start() {
      if (ending) return;
      ending = new AbortController();
      running = keepLooking(ending.signal);
    },
    async stop() {
      ending?.abort();
      ending = undefined;
      await running;
    },
    look: () => look(new AbortController().signal),
  };
};
