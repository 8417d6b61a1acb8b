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
}: {
  databaseUrl: string;
  log: Logger;
  /** Where the numbered SQL files are. */
  folder?: string;
}): Promise<{ level: Level; applied: string[] }> =>
  withClient(databaseUrl, async (client) => {
    await refuseOldServer(client);
    // Freed with the connection, whatever happens.
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await refuseNewerDatabase(client, folder);
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

const refuseNewerDatabase = async (client: pg.ClientBase, folder: string): Promise<void> => {
  const { rows: tables } = await client.query(`select from pg_tables where schemaname = 'public' and tablename = $1`, [
    TABLE,
  ]);
  if (tables.length === 0) return;
  const files = await readdir(folder);
  const known = new Set(files.filter((file) => file.endsWith('.sql')).map((file) => basename(file, '.sql')));
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
