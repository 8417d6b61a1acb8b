import { sleep } from '#platform/backoff.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database.ts';
import { coerceError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import { createDayUpkeep, type DayUpkeep } from './day-upkeep.ts';
import type { Level } from './levels.ts';

/**
 * Removes what is older than the retention, at the start and then hourly. Measurements go by the server's own policies,
 * by chunks or by days, whichever is the best the level has; the station's records always by rows. The registry,
 * alarm settings and the audit log stay, and so does an alarm that is open, with what happened to it.
 */
export type Retention = {
  readonly start: () => void;
  /** Resolves when the batch at hand is done. */
  readonly stop: () => Promise<void>;
  /** Once, now. Resolves with the rows removed by rows. */
  readonly trim: () => Promise<number>;
};

const DAY_MS = 86_400_000;
const EVERY_MS = 3_600_000;

/** Half a day: shorter than the shortest retention. */
const DOUBT_MS = 12 * 3_600_000;

/** A batch is about 20 ms of work here. The pause after it leaves the server to the writer, which may need all of it. */
const BATCH_ROWS = 5_000;
const PAUSE_MS = 100;

/**
 * Rows are found by series, because the only index on time is (series_id, time): the scan stops at the first row that
 * is young enough. $1 is the oldest time kept, $2 the size of a batch.
 */
const oldMeasurements = (table: string) => `
  delete from ${table} where ctid = any(array(
    select old.ctid
    from series cross join lateral (
      select ctid from ${table} where series_id = series.id and time < $1 limit $2
    ) old
    limit $2))`;

const oldRecords = (table: string, time: string) =>
  `delete from ${table} where ctid = any(array(select ctid from ${table} where ${time} < $1 limit $2))`;

/** Removes from a table that refuses removals otherwise: they are allowed for this statement alone, before its first row goes. */
const oldHistory = (table: string, isKept = 'false') => `
  with allowed as materialized (select set_config('wardwatch.retention', 'on', true))
  delete from ${table} where ctid = any(array(
    select ${table}.ctid from ${table} cross join allowed where at < $1 and not ${isKept} limit $2))`;

const RECORDS = [
  oldRecords('rejected_messages', 'received_at'),
  // Open gaps are removed too: the missing message would be refused by now, because it is too old.
  oldRecords('gaps', 'opened_at'),
  oldRecords('device_progress', 'updated_at'),
  oldMeasurements('vitals_replaced'),
  oldRecords('late_assumptions', 'measured_to'),
  `delete from alarms where ctid = any(array(
    select ctid from alarms where decided_at < $1 and ended_at < $1 and state = 'ended' limit $2))`,
  oldHistory('alarm_events', `exists (select from alarms where alarms.id = alarm_id and state <> 'ended')`),
  oldHistory('alarm_inputs'),
  `delete from monitor_alarms where ctid = any(array(
    select ctid from monitor_alarms where decided_at < $1 and ended_at < $1 and state = 'ended' limit $2))`,
  oldHistory(
    'monitor_alarm_events',
    `exists (select from monitor_alarms where monitor_alarms.id = alarm_id and state <> 'ended')`,
  ),
  oldHistory('monitor_alarm_inputs'),
  // Annotations are removed together with those that took them back.
  oldHistory('annotations'),
];

const MEASUREMENTS = ['vitals', 'waves'] as const;

export type RetentionOptions = {
  readonly database: Database;
  readonly level: Level;
  readonly retentionDays: number;
  readonly clock: Clock;
  readonly log: Logger;
};

type Remove = (statement: string, oldest: Date, signal?: AbortSignal) => Promise<number>;

/** Answers how many rows it removed: all there are, a batch at a time. */
const createBatches =
  ({ database, clock }: RetentionOptions): Remove =>
  async (statement, oldest, signal) => {
    let total = 0;
    while (!signal?.aborted) {
      const { rowCount } = await database.query(statement, [oldest, BATCH_ROWS]);
      total += rowCount ?? 0;
      if ((rowCount ?? 0) < BATCH_ROWS) break;
      await sleep(PAUSE_MS, signal, clock);
    }
    return total;
  };

type RemoveMeasurements = (oldest: Date, signal?: AbortSignal) => Promise<number>;

/** How each level gets rid of measurements. Answers how many rows were removed by rows. */
const createRemovals = (
  { database, retentionDays }: RetentionOptions,
  inBatches: Remove,
  days: DayUpkeep,
): Readonly<Record<Level, RemoveMeasurements>> => {
  let policiesAreSet = false;
  return {
    async postgresql(oldest, signal) {
      let total = 0;
      for (const table of MEASUREMENTS) {
        const byRows = await days.removeOld(table, oldest, signal);
        for (const name of byRows) total += await inBatches(oldMeasurements(name), oldest, signal);
      }
      return total;
    },
    async apache(oldest) {
      for (const table of MEASUREMENTS) {
        await database.query('select drop_chunks($1::regclass, $2::timestamptz)', [table, oldest]);
      }
      return 0;
    },
    async community() {
      if (!policiesAreSet) {
        for (const relation of [...MEASUREMENTS, 'vitals_1m']) await setPolicy(database, relation, retentionDays);
        policiesAreSet = true;
      }
      return 0;
    },
  };
};

export const createRetention = (options: RetentionOptions): Retention => {
  const { database, level, retentionDays, clock, log } = options;
  const inBatches = createBatches(options);
  const days = createDayUpkeep(options);
  const removeMeasurements = createRemovals(options, inBatches, days)[level];
  let ending: AbortController | undefined;
  let running = Promise.resolve();

  const trim = async (signal?: AbortSignal): Promise<number> => {
    if (level === 'postgresql') for (const table of MEASUREMENTS) await days.makeAhead(table);
    const now = clock.now();
    const oldest = new Date(now - retentionDays * DAY_MS);
    // A clock that was set years ahead makes everything old. Better to keep too much than to believe it.
    if (await isClockInDoubt(database, oldest, new Date(now - DOUBT_MS))) {
      log.warn({ oldest }, 'retention: all that was stored would be too old; is the clock right? Nothing is removed');
      return 0;
    }
    let total = await removeMeasurements(oldest, signal);
    for (const statement of RECORDS) total += await inBatches(statement, oldest, signal);
    return total;
  };

  const keepTrimming = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await trim(signal).then(
        (rows) => log.debug({ rows }, 'removed what is older than the retention'),
        (error: unknown) =>
          log.warn({ err: coerceError(error) }, 'retention: could not remove old data, trying in an hour'),
      );
      await sleep(EVERY_MS, signal, clock);
    }
  };

  return {
    start() {
      if (ending) return;
      ending = new AbortController();
      running = keepTrimming(ending.signal);
    },
    async stop() {
      ending?.abort();
      ending = undefined;
      await running;
    },
    trim: () => trim(),
  };
};

/**
 * A clock that is wrong makes what it stores young. So only what was stored for a while by the clock as it is counts against
 * it: a person has that long to see it, before all is gone in a moment.
 */
const isClockInDoubt = async (database: Database, oldest: Date, settled: Date): Promise<boolean> => {
  // The newest series first: the older ones are of patients who left, and each costs a look into every day.
  const anyIn = (range: string) => `exists (
    select from (select id from series order by id desc) as newest
    cross join lateral (select from vitals where series_id = newest.id and ${range} limit 1) as found)`;
  const { rows } = await database.query<{ doubt: boolean }>(
    `select ${anyIn('time < $1')} and not ${anyIn('time >= $1 and time < $2')} as doubt`,
    [oldest, settled],
  );
  return rows[0]?.doubt ?? false;
};

/** Replaces the policy that is there: the setting can have changed since the last start. */
const setPolicy = async (database: Database, relation: string, retentionDays: number): Promise<void> => {
  await database.query('select remove_retention_policy($1::regclass, if_exists => true)', [relation]);
  await database.query(
    'select add_retention_policy($1::regclass, drop_after => make_interval(days => $2), if_not_exists => true)',
    [relation, retentionDays],
  );
};
