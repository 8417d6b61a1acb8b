import { readdir } from 'node:fs/promises';
import type pg from 'pg';
import type { Config } from '#platform/config.ts';
import { coerceError } from '#platform/errors.ts';
import { findPostgresBinaries } from '#platform/postgres-cluster.ts';
import { withClient } from '../../migrations/client.ts';
import { detectLevel } from '../../migrations/levels.ts';
import { databaseFault, databasePlace } from '../database.ts';
import type { FoundStation } from '../station-client.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);

const checkSchema = async (client: pg.ClientBase): Promise<Finding> => {
  const known = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).map((file) => file.slice(0, -4));
  const { rows: tables } = await client.query(`select to_regclass('pgmigrations') as found`);
  const applied = tables[0]?.found
    ? (await client.query<{ name: string }>('select name from pgmigrations')).rows.map(({ name }) => name)
    : [];
  const newer = applied.filter((name) => !known.includes(name));
  const pending = known.filter((name) => !applied.includes(name));
  if (newer.length > 0) {
    return fail('schema', `made by a newer version (${newer.join(', ')})`, 'update wardwatch, or use another database');
  }
  return pending.length > 0
    ? warn('schema', `not yet applied: ${pending.join(', ')}`, 'the next start does it, or `wardwatch migrate`')
    : ok('schema', `up to date, ${applied.at(-1)}`);
};

/** Measurements are placed in time by this machine; what the database says about `now` should agree with it. */
const checkDatabaseClock = async (client: pg.ClientBase, toleranceMs: number): Promise<Finding> => {
  const before = Date.now();
  const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now');
  const offsetMs = (rows[0]?.now.getTime() ?? Number.NaN) - (before + Date.now()) / 2;
  const detail = `${Math.abs(offsetMs).toFixed(0)} ms from this machine's`;
  return Math.abs(offsetMs) <= toleranceMs
    ? ok('database clock', detail)
    : warn('database clock', detail, 'run an NTP client on both machines');
};

const checkServer = (databaseUrl: string, { ingest }: Config): Promise<Finding[]> =>
  withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
    const level = await detectLevel(client);
    return [
      ok('database', `${databasePlace(databaseUrl)}, PostgreSQL ${rows[0]?.version}, level ${level}`),
      await checkSchema(client),
      await checkDatabaseClock(client, ingest.clockToleranceMs),
    ];
  });

export const checkDatabase = async (config: Config, station: FoundStation | undefined): Promise<readonly Finding[]> => {
  const { databaseUrl } = config;
  if (databaseUrl === undefined) {
    if (station) return [ok('database', 'embedded, run by the station')];
    const missing = await findPostgresBinaries().then(
      () => undefined,
      (error: unknown) => coerceError(error).message,
    );
    if (missing) return [fail('database', missing, 'set DATABASE_URL, or install the packages anew with `npm ci`')];
    return [ok('database', 'embedded, started with the station')];
  }
  const fault = await databaseFault(databaseUrl);
  if (fault) return [fail('database', fault.detail, fault.remedy)];
  return checkServer(databaseUrl, config);
};
