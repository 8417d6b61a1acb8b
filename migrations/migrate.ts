import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { UserError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import { type Patience, withClient } from './client.ts';
import { adoptHistory, namesIn, RUN_TABLE, refuseNewer, sqlFiles, tellOlderPrograms } from './history.ts';
import { ensureLevel, type Level } from './levels.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/**
 * The number of the lock that lets one migration run at a time on a database: any number that no other program uses.
 */
const LOCK = 7_783_201_119;

/** A person who migrates can wait for another to finish, and for what has to look at every row. */
const PATIENCE: Patience = { lockMs: 60_000, statementMs: 3_600_000 };

/** A ward is not kept waiting for a database that does not answer, or whose tables somebody has locked. */
const LOOK_WITHIN_MS = 2_000;
const LOOK_PATIENCE: Patience = { lockMs: 500, statementMs: LOOK_WITHIN_MS };

/** The schema uses `nulls not distinct`, which came with this version. */
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
  patience = PATIENCE,
}: {
  databaseUrl: string;
  log: Logger;
  /** Where the numbered SQL files are. */
  folder?: string;
  patience?: Patience;
}): Promise<{ level: Level; applied: string[] }> => {
  const run = async (client: pg.Client) => {
    await refuseOldServer(client);
    await refuseReadOnly(client);
    // Freed with the connection, whatever happens.
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await refuseNewer(client, folder);
    await refuseWithoutRights(client, folder);
    await adoptHistory(client);
    // Loaded only now: it takes a tenth of a second, in which a ward that is known already takes messages.
    const { runner } = await import('node-pg-migrate');
    const applied = await runner({
      dbClient: client,
      dir: folder,
      ignorePattern: String.raw`(?!.*\.sql$).*`,
      migrationsTable: RUN_TABLE,
      direction: 'up',
      singleTransaction: true,
      noLock: true,
      logger: quiet(log),
    });
    await tellOlderPrograms(client, folder);
    const level = await ensureLevel({ databaseUrl, log, patience });
    return { level, applied: applied.map(({ name }) => name) };
  };
  return withClient(databaseUrl, run, { patience });
};

/**
 * Looks, before anything is touched, whether the database is of a newer version: throws a UserError then. One that
 * cannot be reached now is looked at when it can be.
 */
export const refuseNewerDatabase = async (databaseUrl: string, folder = FOLDER): Promise<void> => {
  try {
    await withClient(databaseUrl, (client) => refuseNewer(client, folder), {
      connectWithinMs: LOOK_WITHIN_MS,
      patience: LOOK_PATIENCE,
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
  }
};

const refuseOldServer = async (client: pg.ClientBase): Promise<void> => {
  const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
  const version = rows[0]?.version ?? '';
  if (Number.parseInt(version, 10) < OLDEST_SERVER) {
    throw new UserError(`the database server is PostgreSQL ${version}: use ${OLDEST_SERVER} or newer`);
  }
};

/** An error with the SQLSTATE that a statement would have met: `explainDatabaseError` has the words for it. */
const refusal = (code: string, message: string): Error => Object.assign(new Error(message), { code });

const refuseReadOnly = async (client: pg.ClientBase): Promise<void> => {
  const { rows } = await client.query<{ is_read_only: boolean }>(
    `select pg_is_in_recovery() or current_setting('transaction_read_only')::bool as is_read_only`,
  );
  if (rows[0]?.is_read_only) throw refusal('25006', 'the database is read-only');
};

/** Asks before the library fails, because it reports the failure as text only; and only when there is something to create. */
const refuseWithoutRights = async (client: pg.ClientBase, folder: string): Promise<void> => {
  const { rows } = await client.query<{ schema: string | null; may_create: boolean }>(
    `select current_schema() as schema, coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as may_create`,
  );
  const [state] = rows;
  if (state?.may_create) return;
  const applied = await namesIn(client, RUN_TABLE);
  if ((await sqlFiles(folder)).every((name) => applied.includes(name))) return;
  throw refusal('42501', `permission denied for schema ${state?.schema ?? 'public'}`);
};

/** The library logs every step, and prints the SQL of a failed one. The error itself tells enough. */
const quiet = (log: Logger) => ({
  debug: (message: string) => log.debug(message),
  info: (message: string) => log.debug(message),
  warn: (message: string) => log.debug(message),
  error: (message: string) => log.debug(message),
});
