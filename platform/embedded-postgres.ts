import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { backoffDelayMs, sleep } from './backoff.ts';
import { coerceError, errorCode, UserError } from './errors.ts';
import type { Logger } from './log.ts';
import { choosePostgresAccount } from './postgres-account.ts';
import { ensureCluster, findPostgresBinaries, POSTGRES_USER } from './postgres-cluster.ts';
import { createPostmaster, type Postmaster } from './postmaster.ts';
import { readOrCreateSecret } from './secrets.ts';

/**
 * A PostgreSQL of our own under DATA_DIR/postgres, on 127.0.0.1 and a free port. It outlives a `kill -9` of this
 * process, and the next start takes it over; if the server itself is killed, it is started again on the same port.
 */
export type EmbeddedPostgres = {
  /** Resolves when the database `wardwatch` takes connections. Throws a UserError that says what to do. */
  readonly start: () => Promise<{ readonly url: string; readonly port: number }>;
  /** Leaves nothing running. */
  readonly stop: () => Promise<void>;
};

type Address = { readonly url: string; readonly port: number };

const DATABASE = 'wardwatch';
const WATCH_MS = 200;
const RESTART = { firstMs: 100, maxMs: 10_000 };
const PORT_TRIES = 5;
const CONNECT_TRIES = 5;

/** PostgreSQL's code for it, see its Appendix A. */
const WRONG_PASSWORD = '28P01';

export const createEmbeddedPostgres = ({ dataDir, log }: { dataDir: string; log: Logger }): EmbeddedPostgres => {
  let life: Life | undefined;
  const end = async (ending: Life | undefined) => {
    await ending?.end();
    if (life === ending) life = undefined;
  };
  return {
    async start() {
      life ??= begin(dataDir, log);
      const current = life;
      try {
        return await current.ready;
      } catch (error) {
        await end(current);
        throw error;
      }
    },
    stop: () => end(life),
  };
};

/** One life of the database, from a start to its stop. */
type Life = { readonly ready: Promise<Address>; readonly end: () => Promise<void> };

const begin = (dataDir: string, log: Logger): Life => {
  const ending = new AbortController();
  const { signal } = ending;
  let server: Postmaster | undefined;
  let watching: Promise<void> | undefined;

  const open = async (): Promise<Address> => {
    const folder = join(dataDir, 'postgres');
    const logFile = join(dataDir, 'postgres.log');
    await mkdir(dataDir, { recursive: true });
    const binaries = await findPostgresBinaries();
    const account = await choosePostgresAccount(folder, binaries.postgres);
    const password = (await readOrCreateSecret(dataDir, 'postgres.password')).toString('base64url');
    await ensureCluster({ folder, password, account, binaries });
    const postmaster = createPostmaster({ folder, logFile, binary: binaries.postgres, account });
    server = postmaster;
    const urlOf = (port: number, database: string) =>
      `postgresql://${POSTGRES_USER}:${password}@127.0.0.1:${port}/${database}`;
    for (let attempt = 0; ; attempt++) {
      const port = (await postmaster.adopt(signal)) ?? (await launchOnFreePort(postmaster, logFile, signal));
      try {
        await ensureDatabase(urlOf(port, 'postgres'));
        watching = watch(postmaster, port, signal, log);
        return { url: urlOf(port, DATABASE), port };
      } catch (error) {
        // The server that was found may have been ending. Then the next look finds none.
        if (attempt === CONNECT_TRIES || errorCode(error) === WRONG_PASSWORD) throw refusal(error, folder);
        await sleep(backoffDelayMs(RESTART, attempt, Math.random), signal);
      }
    }
  };

  const ready = open();
  return {
    ready,
    async end() {
      ending.abort(new UserError('the embedded database was stopped while it started: start it again'));
      await ready.catch(() => undefined);
      await watching;
      await server?.shutDown();
    },
  };
};

const launchOnFreePort = async (server: Postmaster, logFile: string, signal: AbortSignal): Promise<number> => {
  for (let tries = 1; ; tries++) {
    const port = await freePort();
    try {
      await server.launch(port, signal);
      return port;
    } catch (error) {
      signal.throwIfAborted();
      const { message } = coerceError(error);
      // Somebody else took the port between our look and PostgreSQL's.
      if (tries < PORT_TRIES && /could not bind|could not create any TCP/.test(message)) continue;
      throw new UserError(`the embedded database did not start (${message}): see ${logFile}, or set DATABASE_URL`, {
        cause: error,
      });
    }
  }
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

const ensureDatabase = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rows.length === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end().catch(() => undefined);
  }
};

const refusal = (error: unknown, folder: string): UserError => {
  const remedy =
    errorCode(error) === WRONG_PASSWORD
      ? `its password in DATA_DIR/secrets is not the one it was made with: put that file back, or move ${folder} away`
      : `see postgres.log beside ${folder}`;
  return new UserError(`the embedded database refuses us (${coerceError(error).message}): ${remedy}`, { cause: error });
};

/** Starts the server again whenever it is gone, on the same port: pools that hold the URL come back by themselves. */
const watch = async (server: Postmaster, port: number, signal: AbortSignal, log: Logger): Promise<void> => {
  for (let failures = 0; !signal.aborted; ) {
    await sleep(WATCH_MS, signal);
    if (signal.aborted || (await server.isRunning())) continue;
    log.error('the embedded database ended: starting it again');
    try {
      await server.launch(port, signal);
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      log.error({ err: coerceError(error) }, 'the embedded database did not start: trying again');
      await sleep(backoffDelayMs(RESTART, failures++, Math.random), signal);
    }
  }
};
