import { type Backoff, backoffDelayMs, sleep } from '#platform/backoff.ts';
import { explainDatabaseError } from '#platform/database-fault.ts';
import { UserError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import { ClaimTakenError, type StationClaim } from '#platform/station-claim.ts';
import type { Level } from './levels.ts';

/**
 * The database of a station that starts: claimed, migrated, taken into use. A ward that is known is not kept dark by it:
 * what takes longer than a moment, or fails, goes on beside the station, which works as if the database were away.
 *
 *   claim ─▶ migrate ─▶ ready
 *     └─────────┴─ fails, or takes long ─▶ away, and again until it is ready
 */
export type BringUp = {
  /**
   * `away` only for a station that knows its devices. Throws a UserError with the remedy for all others, and when the
   * database is another station's or a newer version's.
   */
  readonly start: () => Promise<Level | 'away'>;
  /** Resolves when the try in hand is over. */
  readonly stop: () => Promise<void>;
  /** Why it is not in use, for a person; undefined once it is. */
  readonly trouble: () => string | undefined;
};

const RETRY: Backoff = { firstMs: 500, maxMs: 10_000 };

/** An embedded database and a schema that is up to date take a tenth of it. */
const KNOWN_WARD_WAITS_MS = 3_000;

/** How long one try waits for somebody else's lock. */
const LOCK_PATIENCE_MS = { knownWard: 5_000, newWard: 60_000 } as const;

const STOP_PATIENCE_MS = 3_000;

export const createBringUp = ({
  databaseUrl,
  claim,
  migrate,
  onReady,
  knowsItsDevices,
  log,
}: {
  databaseUrl: string;
  claim: Pick<StationClaim, 'acquire'>;
  migrate: (options: { lockPatienceMs: number }) => Promise<{ readonly level: Level }>;
  /** Called once, with the schema there. May reject when the database went away again; then it is called again. */
  onReady: (level: Level) => Promise<void>;
  knowsItsDevices: () => boolean;
  log: Logger;
}): BringUp => {
  const stopping = new AbortController();
  let trying: Promise<void> = Promise.resolve();
  let trouble: string | undefined;

  const explain = (error: unknown): string => {
    if (error instanceof UserError) return error.message;
    const { detail, remedy } = explainDatabaseError(error, databaseUrl);
    return `${detail}: ${remedy}`;
  };

  const tryOnce = async (lockPatienceMs: number): Promise<Level> => {
    await claim.acquire();
    const { level } = await migrate({ lockPatienceMs });
    await onReady(level);
    trouble = undefined;
    log.info({ databaseLevel: level }, 'database ready');
    return level;
  };

  const note = (error: unknown): void => {
    const next = explain(error);
    const isNews = next !== trouble;
    trouble = next;
    if (!isNews) return;
    // Two stations would be worse than one without a database, and only a person can tell which is to stay.
    if (error instanceof ClaimTakenError) log.error(next);
    else log.warn({ reason: next }, 'the database is not in use yet');
  };

  const keepTrying = async (first: Promise<Level>): Promise<void> => {
    let attempt = first;
    for (let count = 0; !stopping.signal.aborted; count++) {
      try {
        await attempt;
        return;
      } catch (error) {
        note(error);
      }
      await sleep(backoffDelayMs(RETRY, count, Math.random), stopping.signal);
      if (stopping.signal.aborted) return;
      attempt = tryOnce(LOCK_PATIENCE_MS.knownWard);
    }
  };

  return {
    async start() {
      if (!knowsItsDevices()) {
        // It knows nobody whom it could let in: there is nothing to do but to wait, or to say what is wrong.
        return tryOnce(LOCK_PATIENCE_MS.newWard).catch((error: unknown) => {
          throw new UserError(explain(error), { cause: error });
        });
      }
      const first = tryOnce(LOCK_PATIENCE_MS.knownWard);
      try {
        const level = await Promise.race([first, sleep(KNOWN_WARD_WAITS_MS)]);
        if (level !== undefined) return level;
        trouble = 'the database takes long to be reached or migrated: somebody else may hold a lock there';
        log.warn(`${trouble}; starting without it`);
      } catch (error) {
        if (error instanceof UserError) throw error;
        note(error);
        log.warn('the database is away; starting without it');
      }
      trying = keepTrying(first);
      return 'away';
    },
    async stop() {
      stopping.abort();
      await Promise.race([trying, sleep(STOP_PATIENCE_MS)]);
    },
    trouble: () => trouble,
  };
};
