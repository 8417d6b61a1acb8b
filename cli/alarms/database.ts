import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEmbeddedPostgres } from '#platform/embedded-postgres.ts';
import { UserError } from '#platform/errors.ts';
import { createLog } from '#platform/log.ts';
import { POSTGRES_USER } from '#platform/postgres-cluster.ts';
import { readOrCreateSecret } from '#platform/secrets.ts';
import { createStationLock } from '#platform/station-lock.ts';
import { readConfig } from '../settings.ts';
import { findStation } from '../station-client.ts';

export type FoundDatabase = { readonly url: string; readonly release: () => Promise<void> };

/** Line of postmaster.pid, see PostgreSQL's miscadmin.h. */
const PORT_LINE = 3;

/** The embedded database of a station that runs. */
export const runningDatabase = async (dataDir: string): Promise<FoundDatabase> => {
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  const port = (await readFile(file, 'utf8').catch(() => '')).split('\n')[PORT_LINE];
  if (!port) throw new UserError(`${file} cannot be read: if the station has a database elsewhere, set DATABASE_URL`);
  const password = (await readOrCreateSecret(dataDir, 'postgres.password')).toString('base64url');
  return { url: `postgresql://${POSTGRES_USER}:${password}@127.0.0.1:${port}/wardwatch`, release: async () => {} };
};

/** Starts the one of a station that does not run. Nobody else can meanwhile. */
const ownDatabase = async (dataDir: string, logLevel: string): Promise<FoundDatabase> => {
  const lock = createStationLock({ dataDir });
  await lock.acquire();
  const embedded = createEmbeddedPostgres({ dataDir, log: createLog({ level: logLevel }) });
  const release = async () => {
    await embedded.stop();
    await lock.release();
  };
  try {
    return { url: (await embedded.start()).url, release };
  } catch (error) {
    await release();
    throw error;
  }
};

/** The database at DATABASE_URL, else that of the station that runs on the folder, else the one in the folder. */
export const findDatabase = async (options: { dataDir?: string }): Promise<FoundDatabase> => {
  const { databaseUrl, dataDir, logLevel } = readConfig(options);
  if (databaseUrl !== undefined) return { url: databaseUrl, release: async () => {} };
  const station = await findStation(dataDir);
  return station ? runningDatabase(station.dataDir) : ownDatabase(dataDir, logLevel);
};
