import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { findClaimHolder } from '#platform/claim-holder.ts';
import type { Config } from '#platform/config.ts';
import { databasePlace, explainDatabaseError } from '#platform/database-fault.ts';
import { coerceError, UserError } from '#platform/errors.ts';
import { findPostgresBinaries } from '#platform/postgres-cluster.ts';
import { withClient } from '../../migrations/client.ts';
import { appliedMigrations, refuseNewer, sqlFiles } from '../../migrations/history.ts';
import { detectLevel } from '../../migrations/levels.ts';
import { databaseFault } from '../database.ts';
import type { FoundStation } from '../station-client.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations/', import.meta.url));

const checkSchema = async (client: pg.ClientBase): Promise<Finding> => {
  const applied = await appliedMigrations(client);
  const pending = (await sqlFiles(MIGRATIONS)).filter((name) => !applied.includes(name));
  try {
    await refuseNewer(client, MIGRATIONS);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return fail('schema', error.message, 'update wardwatch, or use another database');
  }
  return pending.length > 0
    ? warn('schema', `not yet applied: ${pending.join(', ')}`, 'the next start does it, or `wardwatch migrate`')
    : ok('schema', `up to date, ${applied.at(-1)}`);
};

/** Finds what a start would be refused, before it starts: writing at all, and creating what a new version brings. */
const checkRights = async (client: pg.ClientBase, databaseUrl: string, hasPending: boolean): Promise<Finding> => {
  const { rows } = await client.query<{ is_read_only: boolean; may_create: boolean; may_write: boolean }>(
    `select pg_is_in_recovery() or current_setting('transaction_read_only')::bool as is_read_only,
       coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as may_create,
       coalesce(has_table_privilege(to_regclass('vitals'), 'INSERT, UPDATE'), true) as may_write`,
  );
  const [rights] = rows;
  const refuse = (code: string, message: string): Finding => {
    const { detail, remedy } = explainDatabaseError(Object.assign(new Error(message), { code }), databaseUrl);
    return fail('database rights', detail, remedy);
  };
  if (rights?.is_read_only) return refuse('25006', 'the database is read-only');
  if (hasPending && !rights?.may_create) return refuse('42501', 'permission denied for schema public');
  if (!rights?.may_write) return refuse('42501', 'permission denied for table vitals');
  return ok('database rights', hasPending ? 'may write and create' : 'may write');
};

const checkClaim = async (client: pg.ClientBase, { dataDir }: Config): Promise<Finding> => {
  const holder = await findClaimHolder(client);
  if (holder === undefined) return ok('database claim', 'free');
  return holder.isOf(dataDir)
    ? ok('database claim', holder.text)
    : warn(
        'database claim',
        holder.text,
        'a station started here will be refused: stop that one, or use another database',
      );
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

const checkServer = (databaseUrl: string, config: Config): Promise<Finding[]> =>
  withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
    const level = await detectLevel(client);
    const schema = await checkSchema(client);
    return [
      ok('database', `${databasePlace(databaseUrl)}, PostgreSQL ${rows[0]?.version}, level ${level}`),
      schema,
      await checkRights(client, databaseUrl, schema.status === 'warn'),
      await checkClaim(client, config),
      await checkDatabaseClock(client, config.ingest.clockToleranceMs),
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
