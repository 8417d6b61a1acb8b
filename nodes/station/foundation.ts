import { Counter, collectDefaultMetrics, Gauge, Registry as MetricsRegistry } from 'prom-client';
import type { Identities } from '#contracts/ports/identities.ts';
import { closeDatabase, createDatabase, type Database } from '#platform/database.ts';
import { createEmbeddedPostgres } from '#platform/embedded-postgres.ts';
import { standardSink } from '#platform/line-sink.ts';
import { readOrCreateSecret } from '#platform/secrets.ts';
import { createStationClaim, type StationClaim } from '#platform/station-claim.ts';
import { createStationLock } from '#platform/station-lock.ts';
import { createTokens, type Tokens } from '#platform/tokens.ts';
import { openIdentities } from '../../access/identities.ts';
import { refuseNewerDatabase } from '../../migrations/migrate.ts';
import type { Opening } from './opening.ts';

/** The folder, which is ours alone; secrets, metrics and the database. */
export type Foundation = {
  readonly metrics: MetricsRegistry;
  readonly tokens: Tokens;
  readonly identities: Identities;
  readonly databaseUrl: string;
  /** A pool of its own: no number of history queries can keep readings from being stored. */
  readonly ingestDatabase: Database;
  readonly apiDatabase: Database;
  readonly claim: StationClaim;
};

const INGEST_CONNECTIONS = 2;
/** What is measured is read by the archive, with connections of its own. */
const API_CONNECTIONS = 6;
/** A person waits for it. */
const API_CONNECTS_WITHIN_MS = 1_000;

const createMetrics = (): MetricsRegistry => {
  const metrics = new MetricsRegistry();
  collectDefaultMetrics({ register: metrics });
  new Counter({
    name: 'wardwatch_log_dropped_total',
    help: 'Lines that standard error did not take: a full disk, a closed pipe, a reader that does not read.',
    registers: [metrics],
    collect() {
      this.reset();
      this.inc(standardSink(2).dropped());
    },
  });
  return metrics;
};

const openDatabaseServer = async ({ config, log, releases }: Opening): Promise<string> => {
  if (config.databaseUrl) return config.databaseUrl;
  const embedded = createEmbeddedPostgres({ dataDir: config.dataDir, log });
  releases.add('embedded database', embedded.stop);
  return (await embedded.start()).url;
};

const openPool = (
  { log, releases }: Opening,
  options: Pick<Parameters<typeof createDatabase>[0], 'url' | 'name' | 'maxConnections' | 'connectWithinMs'>,
): Database => {
  const { name } = options;
  const pool = createDatabase({
    ...options,
    onError: (error) => log.warn({ err: error }, `an idle connection of ${name} broke`),
  });
  releases.add(`${name} connections`, () => closeDatabase(pool));
  return pool;
};

const openClaim = (
  { config, log, releases }: Opening,
  databaseUrl: string,
  secret: Uint8Array,
  metrics: MetricsRegistry,
): StationClaim => {
  const claim = createStationClaim({
    databaseUrl,
    dataDir: config.dataDir,
    secret,
    onTrouble: (trouble) => (trouble ? log.error(trouble) : log.info('the database is claimed for this station')),
  });
  releases.add('claim on the database', claim.release);
  new Gauge({
    name: 'wardwatch_database_claimed',
    help: '1 while the database is claimed for this station; 0: it is away, or another station has it.',
    registers: [metrics],
    collect() {
      this.set(claim.isHeld() ? 1 : 0);
    },
  });
  return claim;
};

export const layFoundation = async (opening: Opening): Promise<Foundation> => {
  const { config, clock, log, releases } = opening;
  const lock = createStationLock({ dataDir: config.dataDir });
  releases.add('lock', lock.release);
  await lock.acquire();

  const metrics = createMetrics();
  const secret = await readOrCreateSecret(config.dataDir, 'token.key');
  const tokens = createTokens({ key: secret, clock });
  const identities = await openIdentities({ dataDir: config.dataDir, tokens, clock, log });
  releases.add('identities', identities.stop);
  const url = await openDatabaseServer(opening);
  await refuseNewerDatabase(url);
  const ingestDatabase = openPool(opening, { url, name: 'ingest', maxConnections: INGEST_CONNECTIONS });
  const apiDatabase = openPool(opening, {
    url,
    name: 'api',
    maxConnections: API_CONNECTIONS,
    connectWithinMs: API_CONNECTS_WITHIN_MS,
  });
  const claim = openClaim(opening, url, secret, metrics);
  return { metrics, tokens, identities, databaseUrl: url, ingestDatabase, apiDatabase, claim };
};
