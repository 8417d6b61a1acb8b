import { createIngest, type Ingest } from '../../ingest/ingest.ts';
import type { Store } from '../../ingest/store.ts';
import type { Foundation } from './foundation.ts';
import type { Opening } from './opening.ts';

const REGISTRY_EVERY_MS = 15_000;

/** Ingest, which takes messages from now on, with or without a database. */
export const openIngest = async (
  { config, log, clock, releases }: Opening,
  { ingestDatabase, claim, metrics }: Foundation,
  openStore: (journalId: () => string) => Store,
): Promise<Ingest> => {
  const ingest = createIngest({
    dataDir: config.dataDir,
    database: ingestDatabase,
    mayStore: claim.isHeld,
    openStore,
    settings: {
      ...config.ingest,
      retentionDays: config.retentionDays,
      maxPayloadBytes: config.mqtt.maxPayloadBytes,
      tickMs: config.live.tickMs,
      registryEveryMs: REGISTRY_EVERY_MS,
    },
    clock,
    log,
    metrics,
  });
  releases.add('ingest', ingest.stop);
  await ingest.start();
  return ingest;
};
