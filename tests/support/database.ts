import { inject } from 'vitest';
import { createDatabase, type Database } from '#platform/database.ts';
import { isBelow, type Level } from '../../migrations/levels.ts';
import { createMigratedDatabase } from './migrated-database.ts';

export type TestDatabase = {
  readonly url: string;
  readonly pool: Database;
  readonly level: Level;
  /** Closes the pool and removes the database, also when somebody is still connected to it. */
  readonly drop: () => Promise<void>;
};

/** A fresh migrated database of one's own, on the server of the test run. Drop it in `afterAll`. */
export const createTestDatabase = async (): Promise<TestDatabase> => {
  const { url, level, drop } = await createMigratedDatabase(inject('databaseUrl'));
  // Broken idle connections are what some tests are about; queries reject by themselves.
  const pool = createDatabase({ url, maxConnections: 5, name: 'test', onError: () => undefined });
  return {
    url,
    pool,
    level,
    async drop() {
      await pool.end();
      await drop();
    },
  };
};

/**
 * Why a test that needs the level cannot run on this server, or undefined:
 * `test('…', ({ skip }) => { const reason = skipReasonBelow('community'); skip(reason !== undefined, reason); …`
 */
export const skipReasonBelow = (wanted: Level): string | undefined => {
  const level = inject('databaseLevel');
  return isBelow(level, wanted) ? `needs a database of level ${wanted}, this server is ${level}` : undefined;
};
