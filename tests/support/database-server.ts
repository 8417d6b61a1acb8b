import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenericContainer, getContainerRuntimeClient, type StartedTestContainer, Wait } from 'testcontainers';
import type { TestProject } from 'vitest/node';
import { coerceError } from '#platform/errors.ts';
import { createLog } from '#platform/log.ts';
import type { Level } from '../../migrations/levels.ts';
import { createEmbeddedPostgres } from '../../platform/embedded-postgres.ts';
import { createMigratedDatabase } from './migrated-database.ts';

/**
 * The database server of a test run, chosen by the environment:
 *   TEST_DATABASE_URL        that server; the user in it must be allowed to make databases
 *   TEST_DATABASE=embedded   the embedded PostgreSQL
 *   TIMESCALEDB_IMAGE        a container of that image; without Docker the run fails
 *   none of them             a container of the official TimescaleDB image, or else the embedded PostgreSQL
 */
declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string;
    databaseLevel: Level;
  }
}

type Server = { readonly url: string; readonly stop: () => Promise<void> };

const OFFICIAL_IMAGE = 'timescale/timescaledb:latest-pg17';
const log = createLog({ level: 'warn' });
let server: Server | undefined;

export const setup = async (project: TestProject): Promise<void> => {
  const { chosen, why } = await startServer(process.env);
  server = chosen;
  const level = await bestLevel(chosen.url);
  console.log(`[${project.name}] test database: ${why}, level ${level}`);
  project.provide('databaseUrl', chosen.url);
  project.provide('databaseLevel', level);
};

export const teardown = async (): Promise<void> => {
  await server?.stop();
  server = undefined;
};

const startServer = async (environment: NodeJS.ProcessEnv): Promise<{ chosen: Server; why: string }> => {
  const { TEST_DATABASE_URL: url, TEST_DATABASE: kind, TIMESCALEDB_IMAGE: image } = environment;
  if (url) return { chosen: { url, stop: async () => {} }, why: 'the server of TEST_DATABASE_URL' };
  if (kind === 'embedded') return { chosen: await startEmbedded(), why: 'embedded PostgreSQL, by TEST_DATABASE' };
  // Whoever names an image wants that one: to go on without it would hide that it was not tested.
  if (image) return { chosen: await startWantedContainer(image), why: `container of ${image}, by TIMESCALEDB_IMAGE` };
  try {
    return { chosen: await startContainer(OFFICIAL_IMAGE), why: `container of ${OFFICIAL_IMAGE}` };
  } catch (error) {
    const reason = coerceError(error).message.split('\n')[0];
    return { chosen: await startEmbedded(), why: `embedded PostgreSQL, no container of ${OFFICIAL_IMAGE} (${reason})` };
  }
};

const startEmbedded = async (): Promise<Server> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'wardwatch-test-database-'));
  const postgres = createEmbeddedPostgres({ dataDir, log });
  const { url } = await postgres.start();
  return {
    url,
    async stop() {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};

const startContainer = async (image: string): Promise<Server> => {
  await getContainerRuntimeClient();
  const password = randomBytes(16).toString('hex');
  const container = await new GenericContainer(image)
    .withEnvironment({ POSTGRES_PASSWORD: password, TIMESCALEDB_TELEMETRY: 'off' })
    .withExposedPorts(5432)
    .withSharedMemorySize(256 * 2 ** 20)
    // The server is asked by TCP, because the official image first runs a server of its own that only has a socket.
    .withWaitStrategy(Wait.forSuccessfulCommand('pg_isready --host=127.0.0.1'))
    .start();
  const url = `postgresql://postgres:${password}@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
  return { url, stop: () => end(container) };
};

const startWantedContainer = (image: string): Promise<Server> =>
  startContainer(image).catch((error: unknown) => {
    throw new Error(
      `TIMESCALEDB_IMAGE is set and no container of ${image} starts (${coerceError(error).message}): start Docker, make the image (.ci/timescaledb-image), or unset it`,
      { cause: error },
    );
  });

const end = async (container: StartedTestContainer): Promise<void> => {
  await container.stop({ timeout: 0, removeVolumes: true });
};

/** What a database on this server can be, found out with one that is thrown away. */
const bestLevel = async (url: string): Promise<Level> => {
  const { level, drop } = await createMigratedDatabase(url);
  await drop();
  return level;
};
