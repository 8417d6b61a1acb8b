import type { Registry as MetricsRegistry } from 'prom-client';
import type { Ownership } from '#contracts/ports/ownership.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database.ts';
import type { Logger } from '#platform/log.ts';
import type { Store } from './store.ts';

/** What ingest is given by who composes it. */
export type IngestDependencies = {
  readonly dataDir: string;
  readonly database: Database;
  /** False: another station writes there, and nothing leaves the journal. */
  readonly mayStore?: () => boolean;
  readonly ownership?: Ownership;
  /** Where records go from the journal; left out: into `database`, by this thread. */
  readonly openStore?: ((journalId: () => string) => Store) | undefined;
  readonly settings: {
    readonly lateAfterMs: number;
    readonly retentionDays: number;
    readonly journalMaxBytes: number;
    readonly maxPayloadBytes: number;
    readonly tickMs: number;
    /** How often the registry is read even when nobody said that it changed. */
    readonly registryEveryMs: number;
  };
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
};
