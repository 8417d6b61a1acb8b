import { TimescaleDB } from '@timescaledb/core';
import type pg from 'pg';
import { coerceError, UserError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import { inTransaction, type Patience, withClient } from './client.ts';
import { makeDays } from './days.ts';
import { ensureCompression, ensureHypertable } from './hypertables.ts';
import { ensureContinuousMinutes, ensureMinutesView, TIME_BUCKET } from './minutes.ts';
import { ensurePartitioned } from './partitioning.ts';

/**
 * What a server offers, from least to most. One schema serves all three, and queries name the same tables and views:
 *
 *               vitals, waves   compression   vitals_1m              retention (retention.ts)
 *   postgresql  a part a day    no            view                   drop of parts by our job
 *   apache      hypertables     no            view                   drop_chunks by our job
 *   community   hypertables     yes           continuous aggregate   the server's own policies
 */
export const LEVELS = ['postgresql', 'apache', 'community'] as const;
export type Level = (typeof LEVELS)[number];

export const isBelow = (level: Level, wanted: Level): boolean => LEVELS.indexOf(level) < LEVELS.indexOf(wanted);

/** What this database is at now. Ask on a connection that was opened after the extension was made. */
export const detectLevel = async (client: pg.ClientBase): Promise<Level> => {
  const { rows } = await client.query<{ license: string | null }>(
    `select current_setting('timescaledb.license', true) as license from pg_extension where extname = 'timescaledb'`,
  );
  const [extension] = rows;
  if (!extension) return 'postgresql';
  return extension.license === 'timescale' ? 'community' : 'apache';
};

/**
 * Brings the database to the best level its server offers; also from a lower level, with the rows that are there.
 * Harmless when repeated. What goes beyond tables and views is tried and, when the server refuses, warned of. Throws a
 * UserError when the server can no longer read what a better one wrote.
 */
export const ensureLevel = async ({
  databaseUrl,
  log,
  patience,
}: {
  databaseUrl: string;
  log: Logger;
  patience?: Patience;
}): Promise<Level> => {
  const options = patience ? { patience } : {};
  await withClient(databaseUrl, (client) => ensureExtension(client, log), options);
  // A connection opened after the extension was made: an older one has not loaded its settings.
  const ensure = async (client: pg.ClientBase): Promise<Level> => {
    const level = await detectLevel(client);
    await STEPS[level](client, log);
    return level;
  };
  return withClient(databaseUrl, ensure, options);
};

const TABLES = ['vitals', 'waves'];

const STEPS: Record<Level, (client: pg.ClientBase, log: Logger) => Promise<void>> = {
  async postgresql(client, log) {
    for (const table of TABLES) {
      await attempt(`parts of ${table} by day`, log, async () => {
        await ensurePartitioned(client, table, log);
        await makeDays(client, table, Date.now(), log);
      });
    }
    await ensureMinutesView(client, `date_bin('1 minute', time, 'epoch')`);
  },
  async apache(client, log) {
    await refuseLostLicence(client);
    for (const table of TABLES) await ensureHypertable(client, table, log);
    await ensureMinutesView(client, TIME_BUCKET);
  },
  async community(client, log) {
    for (const table of TABLES) await ensureHypertable(client, table, log);
    for (const table of TABLES) {
      await attempt(`compression of ${table}`, log, () =>
        inTransaction(client, () => ensureCompression(client, table)),
      );
    }
    const what = 'the continuous aggregate vitals_1m';
    const isContinuous = await attempt(what, log, () => inTransaction(client, () => ensureContinuousMinutes(client)));
    if (!isContinuous) await ensureMinutesView(client, TIME_BUCKET);
  },
};

/** The Apache edition can read and write neither compressed nor aggregated data of the community edition. */
const refuseLostLicence = async (client: pg.ClientBase): Promise<void> => {
  const { rows } = await client.query(
    `select from timescaledb_information.hypertables where compression_enabled
     union all select from timescaledb_information.continuous_aggregates`,
  );
  if (rows.length === 0) return;
  throw new UserError(
    `the database uses TimescaleDB's community edition and its server now runs the Apache edition: set timescaledb.license = 'timescale' there, or use the image timescale/timescaledb`,
  );
};

/** Makes the extension where that can work. A server that has it and did not preload it would end the connection. */
const ensureExtension = async (client: pg.ClientBase, log: Logger): Promise<void> => {
  const { rows } = await client.query<{ preloaded: boolean }>(
    // The loader defines this setting; shared_preload_libraries itself is hidden from ordinary users.
    `select current_setting('timescaledb.disable_load', true) is not null as preloaded
     from pg_available_extensions where name = 'timescaledb' and installed_version is null`,
  );
  const [available] = rows;
  if (!available) return;
  if (!available.preloaded) {
    log.warn('the server has TimescaleDB but does not load it: add it to shared_preload_libraries to use it');
    return;
  }
  try {
    await client.query(TimescaleDB.createExtension().up().build());
  } catch (error) {
    log.warn({ err: coerceError(error) }, 'TimescaleDB could not be switched on: going on as plain PostgreSQL');
  }
};

const attempt = async (what: string, log: Logger, run: () => Promise<void>): Promise<boolean> =>
  run().then(
    () => true,
    (error: unknown) => {
      log.warn({ err: coerceError(error) }, `going on without ${what}: the server refused it`);
      return false;
    },
  );
