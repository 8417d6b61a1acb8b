import type { Database } from '#platform/database.ts';
import type { Ingest } from '../../ingest/ingest.ts';
import { type BringUp, createBringUp } from '../../migrations/bring-up.ts';
import type { Level } from '../../migrations/levels.ts';
import { migrate } from '../../migrations/migrate.ts';
import { createRetention } from '../../migrations/retention.ts';
import type { ArchiveDesk } from '../archive/archive.ts';
import type { Foundation } from './foundation.ts';
import type { Opening } from './opening.ts';

/** The jobs that run beside the live path, on a database that is ready. */
const startUpkeep = async (
  { config, log, clock, releases }: Opening,
  database: Database,
  level: Level,
  { scoreLate }: ArchiveDesk,
): Promise<void> => {
  const retention = createRetention({ database, level, retentionDays: config.retentionDays, clock, log });
  retention.start();
  releases.add('retention', retention.stop);
  // Loaded only now, when messages are taken in already.
  const { createLateScorer } = await import('../../review/late.ts');
  const lateScorer = createLateScorer({ database, clock, log, score: scoreLate });
  lateScorer.start();
  releases.add('late scorer', lateScorer.stop);
};

/** The database, claimed, migrated and taken into use: at once, or beside the live path when that takes long. */
export const bringUpDatabase = async (
  opening: Opening,
  { databaseUrl, apiDatabase, claim }: Foundation,
  ingest: Ingest,
  desk: ArchiveDesk,
): Promise<{ readonly bringUp: BringUp; readonly databaseLevel: Level | 'away' }> => {
  const { log, releases } = opening;
  const bringUp = createBringUp({
    databaseUrl,
    claim,
    migrate: (options) => migrate({ databaseUrl, log, ...options }),
    async onReady(level) {
      await ingest.databaseIsReady();
      await startUpkeep(opening, apiDatabase, level, desk);
    },
    knowsItsDevices: await ingest.directory.hasDevices(),
    log,
  });
  releases.add('database start', bringUp.stop);
  return { bringUp, databaseLevel: await bringUp.start() };
};
