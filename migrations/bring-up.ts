import { type Backoff, backoffDelayMs, sleep, within } from '#platform/backoff.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import { explainDatabaseError } from '#platform/database-fault.ts';
import { UserError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import { ClaimTakenError, type StationClaim } from '#platform/station-claim.ts';
import type { Patience } from './client.ts';
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

/** An embedded database with an up-to-date schema takes a tenth of this time. */
const KNOWN_WARD_WAITS_MS = 3_000;

/** How long one try waits for somebody else's lock, and for a statement: it may have to look at every row. */
const PATIENCE = {
  knownWard: { lockMs: 5_000, statementMs: 3_600_000 },
  newWard: { lockMs: 60_000, statementMs: 3_600_000 },
} as const satisfies Record<string, Patience>;

const STOP_PATIENCE_MS = 3_000;

export type BringUpOptions = {
  readonly databaseUrl: string;
  readonly claim: Pick<StationClaim, 'acquire'>;
  readonly migrate: (options: { patience: Patience }) => Promise<{ readonly level: Level }>;
  /** Called once, with the schema there. May reject when the database went away again; then it is called again. */
  readonly onReady: (level: Level) => Promise<void>;
  readonly knowsItsDevices: boolean;
  readonly log: Logger;
  readonly clock?: Clock;
};

/** Why the database is not in use: logged when it changes. */
const createTrouble = ({ databaseUrl, log }: BringUpOptions) => {
  let text: string | undefined;

  const explain = (error: unknown): string => {
    if (error instanceof UserError) return error.message;
    const { detail, remedy } = explainDatabaseError(error, databaseUrl);
    return `${detail}: ${remedy}`;
  };

  return {
    explain,
    text: () => text,
    clear(): void {
      text = undefined;
    },
    takesLong(): void {
      text = 'the database takes long to be reached or migrated: somebody else may hold a lock there';
      log.warn(`${text}; starting without it`);
    },
    note(error: unknown): void {
      const next = explain(error);
      const isNews = next !== text;
      text = next;
      if (!isNews) return;
      // Two stations would be worse than one without a database, and only a person can tell which is to stay.
      if (error instanceof ClaimTakenError) log.error(next);
      else log.warn({ reason: next }, 'the database is not in use yet');
    },
  };
};

/** The tries beside the station, one after the other until one succeeds. */
const createRetries = (
  clock: Clock,
  stopping: AbortSignal,
  { tryOnce, onFailed }: { tryOnce: () => Promise<unknown>; onFailed: (error: unknown) => void },
) => {
  let trying: Promise<void> = Promise.resolve();

  const keepTrying = async (first: Promise<unknown>): Promise<void> => {
    let attempt = first;
    for (let count = 0; !stopping.aborted; count++) {
      try {
        await attempt;
        return;
      } catch (error) {
        onFailed(error);
      }
      await sleep(backoffDelayMs(RETRY, count, Math.random), stopping, clock);
      if (stopping.aborted) return;
      attempt = tryOnce();
    }
  };

  return {
    goOnFrom(first: Promise<unknown>): void {
      trying = keepTrying(first);
    },
    ended: () => trying,
  };
};

export const createBringUp = (options: BringUpOptions): BringUp => {
  const { claim, migrate, onReady, knowsItsDevices, log, clock = systemClock } = options;
  const stopping = new AbortController();
  const trouble = createTrouble(options);

  const tryOnce = async (patience: Patience): Promise<Level> => {
    await claim.acquire();
    const { level } = await migrate({ patience });
    await onReady(level);
    trouble.clear();
    log.info({ databaseLevel: level }, 'database ready');
    return level;
  };

  const retries = createRetries(clock, stopping.signal, {
    tryOnce: () => tryOnce(PATIENCE.knownWard),
    onFailed: trouble.note,
  });

  /** A station that knows no ward can let nobody in: it waits for the database, or ends with what is wrong. */
  const startNewWard = (): Promise<Level> =>
    tryOnce(PATIENCE.newWard).catch((error: unknown) => {
      throw new UserError(trouble.explain(error), { cause: error });
    });

  const startKnownWard = async (): Promise<Level | 'away'> => {
    const first = tryOnce(PATIENCE.knownWard);
    try {
      const level = await within(KNOWN_WARD_WAITS_MS, first, clock);
      if (level !== undefined) return level;
      trouble.takesLong();
    } catch (error) {
      if (error instanceof UserError) throw error;
      trouble.note(error);
      log.warn('the database is away; starting without it');
    }
    retries.goOnFrom(first);
    return 'away';
  };

  return {
    start: () => (knowsItsDevices ? startKnownWard() : startNewWard()),
    async stop() {
      stopping.abort();
      await within(STOP_PATIENCE_MS, retries.ended(), clock);
    },
    trouble: trouble.text,
  };
};
