import { randomBytes } from 'node:crypto';
import { createLog } from '#platform/log.ts';
import { withClient } from '../../migrations/client.ts';
import type { Level } from '../../migrations/levels.ts';
import { migrate } from '../../migrations/migrate.ts';

const log = createLog({ level: 'warn' });

/** An empty database on the server. `drop` also ends the connections to it. */
export const createEmptyDatabase = async (serverUrl: string): Promise<{ url: string; drop: () => Promise<void> }> => {
  const name = `wardwatch_test_${randomBytes(6).toString('hex')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await withClient(serverUrl, (client) => client.query(`create database ${name}`));
  return {
    url: url.href,
    async drop() {
      await withClient(serverUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
};

/** A fresh database, migrated. Not a copy of a template: TimescaleDB's workers hold those (timescaledb#4048). */
export const createMigratedDatabase = async (
  serverUrl: string,
): Promise<{ url: string; level: Level; drop: () => Promise<void> }> => {
  const database = await createEmptyDatabase(serverUrl);
  const { level } = await migrate({ databaseUrl: database.url, log });
  return { ...database, level };
};
