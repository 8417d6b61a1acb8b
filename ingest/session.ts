import type { Entry } from '#contracts/ports/journal.ts';
import type { DatabaseClient } from '#platform/database.ts';
import type { CopyTurns } from './copy-turns.ts';
import { createBatchReader, type Rows } from './rows.ts';
import { createSeriesIds } from './series.ts';
import { writeAlarms } from './statements/alarms.ts';
import { writeDevices } from './statements/devices.ts';
import { writeMonitorAlarms } from './statements/monitor-alarms.ts';
import { writeRejects } from './statements/rejects.ts';
import { copyNewVitals, type Written, writeVitals } from './statements/vitals.ts';
import { writeWaves } from './statements/waves.ts';
import { loadStreamProgress } from './stream-progress.ts';
import { hasTwins, orderOfIndex, type VitalColumns } from './vital-columns.ts';

/** What a batch did: readings in it, rows written or changed by it, and of these how many replaced another value. */
export type Stored = { readonly readings: number; readonly written: number; readonly corrected: number };

/**
 * One connection to the database, from its opening until it breaks. What is written is seen by all at once, and is on the
 * disk of the database only after `settle`: a server that crashes before forgets it. No session outlives such a crash, so
 * what one session wrote and settled is safe, and what another wrote before it may be gone.
 */
export type StoreSession = {
  /**
   * Resolves when the whole batch is in the database. After a refusal some of it may be there, and the session goes on;
   * after any other failure the session is at its end.
   */
  readonly write: (entries: readonly Entry[]) => Promise<Stored>;
  /**
   * Resolves when all that this session wrote, and where the streams stand, is on the disk of the database: it may be
   * forgotten elsewhere. After a failure the session is at its end.
   */
  readonly settle: () => Promise<void>;
};

/** Between us and the server somebody hands its connections around, so that a session proves nothing. */
export class SessionChangedError extends Error {
  override readonly name = 'SessionChangedError';
}

export type SessionOptions = {
  readonly client: DatabaseClient;
  readonly journalId: string;
  readonly copyTurns: CopyTurns;
  /** False: each commit waits for the disk, and nothing is asked of the session. */
  readonly isAsynchronous: boolean;
};

/** For the transaction in hand alone: a setting of the session would stay with a connection that a pooler hands to another. */
const ASYNCHRONOUS = 'set local synchronous_commit = off; ';

const inTransaction = async <Result>(
  client: DatabaseClient,
  settings: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  await client.query(`begin; ${settings}`);
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    // Of a broken connection the next query tells.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
};

const BACKEND = `
select pid || ' since ' || backend_start as backend from pg_stat_activity where pid = pg_backend_pid()`;

const backendOf = async (client: DatabaseClient): Promise<string | undefined> => {
  const { rows } = await client.query<{ backend: string }>(BACKEND);
  return rows[0]?.backend;
};

/** Whoever runs the server may want more than `on`; less is not enough. */
const WAIT_FOR_DISK = `select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') = 'off'`;

/**
 * A commit waits for the disk only when it wrote something itself, and then for all that was written before it. To have been
 * given a transaction id is not enough (RecordTransactionCommit in PostgreSQL's xact.c); a message in the log, which
 * nobody reads, is.
 */
const WRITE_SOMETHING = `select pg_logical_emit_message(true, 'wardwatch', '')`;

const hasMore = ({ waves, rejects, devices, alarms, monitorAlarms }: Rows): boolean =>
  waves.length + rejects.length + devices.length + alarms.length + monitorAlarms.length > 0;

export const openSession = async (options: SessionOptions): Promise<StoreSession> => {
  const { client, journalId, copyTurns, isAsynchronous } = options;
  const settings = isAsynchronous ? ASYNCHRONOUS : '';
  const series = createSeriesIds();
  const reader = createBatchReader(series);
  const streams = await loadStreamProgress(client);
  const backend = await backendOf(client);

  /** Nearly always all readings are new. Only when some are not are they compared with those that are there. */
  const putVitals = async (vitals: VitalColumns, mayCopy: boolean): Promise<Written> => {
    const { length } = vitals.time;
    if (length === 0) return { written: 0, corrected: 0 };
    const order = mayCopy ? orderOfIndex(vitals) : undefined;
    if (order && !hasTwins(vitals, order)) {
      const areNew = await copyNewVitals(client, vitals, order, settings);
      copyTurns.tried(areNew);
      if (areNew) return { written: length, corrected: 0 };
    }
    return inTransaction(client, settings, () => writeVitals(client, vitals));
  };

  const putMore = async ({ waves, rejects, devices, alarms, monitorAlarms }: Rows): Promise<void> => {
    if (waves.length > 0) await writeWaves(client, waves);
    if (rejects.length > 0) await writeRejects(client, journalId, rejects);
    if (devices.length > 0) await writeDevices(client, devices);
    if (alarms.length > 0) await writeAlarms(client, journalId, alarms);
    if (monitorAlarms.length > 0) await writeMonitorAlarms(client, journalId, monitorAlarms);
  };

  return {
    async write(entries) {
      const batch = reader.read(entries);
      // A series is committed for good before anything is written by its id, which a crash could give to another.
      if (batch.missing.length > 0) await series.ensure(client, batch.missing);
      const rows = batch.rows();
      const count = streams.observe(rows.sequenced);
      const { written, corrected } = await putVitals(rows.vitals, copyTurns.isNext(entries[0]?.position ?? 0n));
      if (hasMore(rows)) await inTransaction(client, settings, () => putMore(rows));
      count();
      copyTurns.wrote(entries.at(-1)?.position ?? 0n);
      return { readings: rows.vitals.time.length, written, corrected };
    },
    async settle() {
      await inTransaction(client, WAIT_FOR_DISK, async () => {
        await streams.save();
        await client.query(WRITE_SOMETHING);
        if (isAsynchronous && (await backendOf(client)) !== backend) {
          throw new SessionChangedError('the database did not keep one session for what was written');
        }
      });
      streams.saved();
    },
  };
};
