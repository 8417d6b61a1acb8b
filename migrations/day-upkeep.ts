import { type Backoff, backoffDelayMs, sleep } from '#platform/backoff.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database.ts';
import { coerceError, errorCode } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import { findOld, listParts, makeDays, type Part, removePart } from './days.ts';

/** Keeps the days of partitioned tables, beside a ward that goes on: nobody waits long for it, and it waits for everybody. */
export type DayUpkeep = {
  /** What cannot be made now is made in an hour: there are days in hand, and past them readings have a place too. */
  readonly makeAhead: (table: string) => Promise<void>;
  /** Removes the parts of which all is too old. Resolves with the tables in which rows must be looked for. */
  readonly removeOld: (table: string, oldest: Date, signal?: AbortSignal) => Promise<readonly string[]>;
};

/** Long enough for whoever reads to be done; what was not to be had then is removed in the next pass. */
const TRIES = 6;
const BETWEEN_TRIES: Backoff = { firstMs: 500, maxMs: 5_000 };

/** SQLSTATE of a lock that was not to be had in time. */
const LOCK_NOT_AVAILABLE = '55P03';

export const createDayUpkeep = ({
  database,
  clock,
  log,
}: {
  database: Database;
  clock: Clock;
  log: Logger;
}): DayUpkeep => {
  const remove = async (part: Part, signal: AbortSignal | undefined): Promise<void> => {
    for (let failed = 0; failed < TRIES && !signal?.aborted; failed++) {
      try {
        await removePart(database, part);
        log.info({ part: part.name }, 'removed what is older than the retention');
        return;
      } catch (error) {
        if (errorCode(error) !== LOCK_NOT_AVAILABLE) throw error;
        await sleep(backoffDelayMs(BETWEEN_TRIES, failed, Math.random), signal, clock);
      }
    }
    log.info({ part: part.name }, 'retention: a part is in use by who reads long, trying in an hour');
  };

  return {
    async makeAhead(table) {
      if (!(await listParts(database, table))) return;
      const client = await database.connect();
      try {
        await makeDays(client, table, clock.now(), log);
        client.release();
      } catch (error) {
        client.release(coerceError(error));
        log.warn({ err: coerceError(error), table }, 'the days ahead could not be made, trying in an hour');
      }
    },
    async removeOld(table, oldest, signal) {
      const { whole, byRows } = await findOld(database, table, oldest.getTime());
      for (const part of whole) await remove(part, signal);
      return byRows;
    },
  };
};
