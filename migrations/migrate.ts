import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import type pg from 'pg';
import { UserError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import { withClient } from './client.ts';
import { ensureLevel, type Level } from './levels.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const TABLE = 'pgmigrations';

/** One at a time on a database, over the migrations and over what the level needs. Any number that is ours. */
const LOCK = 7_783_201_119;

/** A person who migrates can wait for another to finish. */
const LOCK_PATIENCE_MS = 60_000;

/** `nulls not distinct` came with it. */
const OLDEST_SERVER = 15;

/**
 * Brings the database to this version and to the best level its server offers. Harmless when repeated, and safe when
 * two stations start at once: the second waits. Forward only: throws a UserError for a database made by a newer version.
 * Rejects as `pg` does when the server cannot be reached.
 */
export const migrate = ({
  databaseUrl,
  log,
  folder = FOLDER,
  lockPatienceMs = LOCK_PATIENCE_MS,
}: {
  databaseUrl: string;
  log: Logger;
  /** Where the numbered SQL files are. */
  folder?: string;
  /** How long somebody else's lock is waited for; then it rejects with SQLSTATE 55P03. */
  lockPatienceMs?: number;
}): Promise<{ level: Level; applied: string[] }> =>
  withClient(databaseUrl, async (client) => {
    await refuseOldServer(client);
    await refuseReadOnly(client);
    // For tables too: somebody who idles in a transaction must not hold up a station for ever.
    await client.query(`select set_config('lock_timeout', $1, false)`, [String(lockPatienceMs)]);
    // Freed with the connection, whatever happens.
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await refuseNewerDatabase(client, folder);
    await refuseWithoutRights(client, folder);
    const applied = await runner({
      dbClient: client,
      dir: folder,
      ignorePattern: String.raw`(?!.*\.sql$).*`,
      migrationsTable: TABLE,
      direction: 'up',
      singleTransaction: true,
      noLock: true,
      logger: quiet(log),
    });
    const level = await ensureLevel({ databaseUrl, log });
    return { level, applied: applied.map(({ name }) => name) };
  });

const refuseOldServer = async (client: pg.ClientBase): Promise<void> => {
  const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
  const version = rows[0]?.version ?? '';
  if (Number.parseInt(version, 10) < OLDEST_SERVER) {
    throw new UserError(`the database server is PostgreSQL ${version}: use ${OLDEST_SERVER} or newer`);
  }
};

/** With the SQLSTATE that a statement would have met: what it means is said in one place. */
const refusal = (code: string, message: string): Error => Object.assign(new Error(message), { code });

const refuseReadOnly = async (client: pg.ClientBase): Promise<void> => {
  const { rows } = await client.query<{ is_read_only: boolean }>(
    `select pg_is_in_recovery() or current_setting('transaction_read_only')::bool as is_read_only`,
  );
  if (rows[0]?.is_read_only) throw refusal('25006', 'the database is read-only');
};

/** The library would report it as text. Asked only when there is something to create. */
const refuseWithoutRights = async (client: pg.ClientBase, folder: string): Promise<void> => {
  const { rows } = await client.query<{ schema: string | null; may_create: boolean; applied: boolean }>(
    `select current_schema() as schema, to_regclass($1) is not null as applied,
       coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as may_create`,
    [TABLE],
  );
  const [state] = rows;
  if (state?.may_create) return;
  if (state?.applied && (await pendingMigrations(client, folder)).length === 0) return;
  throw refusal('42501', `permission denied for schema ${state?.schema ?? 'public'}`);
};

const sqlFiles = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((file) => file.endsWith('.sql')).map((file) => basename(file, '.sql'));

const pendingMigrations = async (client: pg.ClientBase, folder: string): Promise<string[]> => {
  const { rows } = await client.query<{ name: string }>(`select name from ${TABLE}`);
  const applied = new Set(rows.map(({ name }) => name));
  return (await sqlFiles(folder)).filter((name) => !applied.has(name));
};

const refuseNewerDatabase = async (client: pg.ClientBase, folder: string): Promise<void> => {
  const { rows: tables } = await client.query(`select from pg_tables where schemaname = 'public' and tablename = $1`, [
    TABLE,
  ]);
  if (tables.length === 0) return;
  const known = new Set(await sqlFiles(folder));
  const { rows } = await client.query<{ name: string }>(`select name from ${TABLE} order by name`);
  const unknown = rows.map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new UserError(
      `the database was made by a newer wardwatch (it has ${unknown.join(', ')}): update this one, or use another database`,
    );
  }
};

/** The library tells every step, and prints the SQL of a failed one; the error itself says enough. */
const quiet = (log: Logger) => ({
  debug: (message: string) => log.debug(message),
  info: (message: string) => log.debug(message),
  warn: (message: string) => log.debug(message),
  error: (message: string) => log.debug(message),
});
