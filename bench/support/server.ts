import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { createEmbeddedPostgres } from '#platform/embedded-postgres.ts';
import { coerceError, UserError } from '#platform/errors.ts';
import { createLog } from '#platform/log.ts';
import { withClient } from '../../migrations/client.ts';
import type { Level } from '../../migrations/levels.ts';
import { migrate } from '../../migrations/migrate.ts';

/** The database server of a run, and databases on it: a fresh one for each row of the table. */
export type Server = {
  /** What it is, for the table. */
  readonly kind: string;
  /** A fresh migrated database. */
  readonly createDatabase: () => Promise<BenchDatabase>;
  /** Stops the server in mid-air and lets it go on; undefined where we have no hand on it. */
  readonly freeze: (() => Promise<{ readonly thaw: () => Promise<void> }>) | undefined;
  readonly stop: () => Promise<void>;
};

export type BenchDatabase = {
  readonly url: string;
  readonly level: Level;
  readonly query: <Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]) => Promise<Row[]>;
  readonly drop: () => Promise<void>;
};

type Place = Pick<Server, 'kind' | 'freeze' | 'stop'> & { readonly url: string };

const log = createLog({ level: 'error' });
const run = promisify(execFile);

/** `wanted`: `embedded`, a PostgreSQL URL, or the name of a container image. */
export const startServer = async (wanted: string): Promise<Server> => {
  const place = await startPlace(wanted);
  return { ...place, createDatabase: () => createDatabase(place.url) };
};

const startPlace = async (wanted: string): Promise<Place> => {
  if (wanted === 'embedded') return startEmbedded();
  if (URL.canParse(wanted) && /^postgres(ql)?:$/.test(new URL(wanted).protocol)) {
    return { url: wanted, kind: 'the server of a URL', freeze: undefined, stop: async () => {} };
  }
  return startContainer(wanted);
};

const startEmbedded = async (): Promise<Place> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'wardwatch-bench-database-'));
  const postgres = createEmbeddedPostgres({ dataDir, log });
  const remove = () => rm(dataDir, { recursive: true, force: true });
  const { url } = await postgres.start().catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return {
    url,
    kind: 'embedded',
    async freeze() {
      const { rows } = await withClient(url, (client) =>
        client.query<{ pid: number }>('select pid from pg_stat_activity where pid <> pg_backend_pid()'),
      );
      const postmaster = Number.parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
      const signal = (name: NodeJS.Signals) => {
        for (const pid of [postmaster, ...rows.map((row) => row.pid)]) {
          try {
            process.kill(pid, name);
          } catch {
            // A backend that has ended since.
          }
        }
      };
      signal('SIGSTOP');
      return { thaw: async () => signal('SIGCONT') };
    },
    async stop() {
      await postgres.stop();
      await remove();
    },
  };
};

const startContainer = async (image: string): Promise<Place> => {
  const { GenericContainer, Wait } = await import('testcontainers');
  const password = randomBytes(16).toString('hex');
  const container = await new GenericContainer(image)
    .withEnvironment({ POSTGRES_PASSWORD: password, TIMESCALEDB_TELEMETRY: 'off' })
    .withExposedPorts(5432)
    .withSharedMemorySize(2 ** 30)
    // By TCP: the official image first runs a server of its own that only has a socket.
    .withWaitStrategy(Wait.forSuccessfulCommand('pg_isready --host=127.0.0.1'))
    .start()
    .catch((error: unknown) => {
      throw new UserError(
        `no container of ${image} starts (${coerceError(error).message}): name another --database, or start Docker`,
        { cause: error },
      );
    });
  return {
    url: `postgresql://postgres:${password}@${container.getHost()}:${container.getMappedPort(5432)}/postgres`,
    kind: `container of ${image}`,
    async freeze() {
      await run('docker', ['pause', container.getId()]);
      return {
        thaw: async () => {
          await run('docker', ['unpause', container.getId()]);
        },
      };
    },
    async stop() {
      await container.stop({ timeout: 0, removeVolumes: true });
    },
  };
};

const createDatabase = async (serverUrl: string): Promise<BenchDatabase> => {
  const name = `wardwatch_bench_${randomBytes(6).toString('hex')}`;
  const target = new URL(serverUrl);
  target.pathname = `/${name}`;
  await withClient(serverUrl, (client) => client.query(`create database ${name}`));
  const { level } = await migrate({ databaseUrl: target.href, log });
  const pool = new pg.Pool({ connectionString: target.href, max: 2, application_name: 'wardwatch bench' });
  pool.on('error', () => undefined);
  return {
    url: target.href,
    level,
    query: async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await pool.query<Row>(text, [...values])).rows,
    async drop() {
      await pool.end();
      await withClient(serverUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
};
