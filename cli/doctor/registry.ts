import type pg from 'pg';
import type { Config } from '#platform/config.ts';
import { withClient } from '../../migrations/client.ts';
import { runningDatabase } from '../alarms/database.ts';
import type { FoundStation } from '../station-client.ts';

/**
 * Asks the database: the one at DATABASE_URL, else the embedded one of a station that runs. Resolves with undefined
 * when there is none, or it cannot be asked.
 */
export const askDatabase = async <Answer>(
  { databaseUrl }: Config,
  station: FoundStation | undefined,
  ask: (client: pg.ClientBase) => Promise<Answer>,
): Promise<Answer | undefined> => {
  const url = databaseUrl ?? (station && (await runningDatabase(station.dataDir).catch(() => undefined))?.url);
  return url === undefined ? undefined : withClient(url, ask).catch(() => undefined);
};
