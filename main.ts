import { fileURLToPath } from 'node:url';
import { Counter, collectDefaultMetrics, Gauge, Registry as MetricsRegistry } from 'prom-client';
import type { Clock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import { closeDatabase, createDatabase, type Database } from '#platform/database.ts';
import { readDescriptorLimit, shareDescriptors } from '#platform/descriptors.ts';
import { createEmbeddedPostgres } from '#platform/embedded-postgres.ts';
import { coerceError } from '#platform/errors.ts';
import { standardSink } from '#platform/line-sink.ts';
import type { Logger } from '#platform/log.ts';
import { createReleaseList } from '#platform/release.ts';
import { readOrCreateSecret } from '#platform/secrets.ts';
import { createSelfWatch } from '#platform/self-watch.ts';
import { createStationClaim } from '#platform/station-claim.ts';
import { removeStationFile, writeStationFile } from '#platform/station-file.ts';
import { createStationLock } from '#platform/station-lock.ts';
import { createTokens } from '#platform/tokens.ts';
import { createApi } from './api/app.ts';
import { createAuthenticate } from './broker/auth.ts';
import { createBroker } from './broker/broker.ts';
import { createIngest } from './ingest/ingest.ts';
import { createBringUp } from './migrations/bring-up.ts';
import type { Level } from './migrations/levels.ts';
import { migrate, refuseNewerDatabase } from './migrations/migrate.ts';
import { createRetention } from './migrations/retention.ts';
import { createLateScorer } from './review/late.ts';
import { createReview } from './review/review.ts';

/**
 * The composition root: every part is made here and handed its neighbours as functions, leaf to root, started in that
 * order and stopped in reverse.
 *
 *   lock ─▶ database ─▶ ingest ─▶ claim, migrate ─▶ broker ─▶ api
 */

export type StationAddresses = {
  readonly http: string;
  readonly mqtt: string;
  readonly mqtts: string | undefined;
  /** What the database offers; `away` while it cannot be reached. */
  readonly databaseLevel: Level | 'away';
};

export type Station = {
  /** Resolves when devices and screens can connect. Throws a UserError with the remedy when that cannot be. */
  readonly start: () => Promise<StationAddresses>;
  /** Takes no more messages, finishes what is in hand, closes everything. What is in the journal stays there. */
  readonly stop: () => Promise<void>;
};

const DATABASE_CONNECTIONS = 10;
/** A person waits for it. */
const API_CONNECTS_WITHIN_MS = 1_000;
const REGISTRY_EVERY_MS = 15_000;

/** The longest packet: a payload that is just too large must still arrive, to be refused with a reason. */
const PACKET_BYTES_PER_PAYLOAD_BYTE = 8;

const WEB_ROOT = fileURLToPath(new URL('./web/dist', import.meta.url));

export const createStation = ({
  config,
  log,
  clock,
  version,
}: {
  config: Config;
  log: Logger;
  clock: Clock;
  version: string;
}): Station => {
  const { dataDir } = config;
  const releases = createReleaseList({
    onError: (error, name) => log.error({ err: error }, `stopping ${name} failed`),
  });
  let isStopping = false;

  const databaseUrl = async (): Promise<string> => {
    if (config.databaseUrl) return config.databaseUrl;
    const embedded = createEmbeddedPostgres({ dataDir, log });
    releases.add('embedded database', embedded.stop);
    return (await embedded.start()).url;
  };

  /** What is done beside the living, on a database that is ready. */
  const startUpkeep = (database: Database, level: Level): void => {
    const retention = createRetention({ database, level, retentionDays: config.retentionDays, clock, log });
    retention.start();
    releases.add('retention', retention.stop);
    const lateScorer = createLateScorer({ database, clock, log });
    lateScorer.start();
    releases.add('late scorer', lateScorer.stop);
  };

  const open = async (): Promise<StationAddresses> => {
    const lock = createStationLock({ dataDir });
    releases.add('lock', lock.release);
    await lock.acquire();

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
    const secret = await readOrCreateSecret(dataDir, 'token.key');
    const tokens = createTokens({ key: secret, clock });

    const url = await databaseUrl();
    await refuseNewerDatabase(url);
    const openPool = (name: string, maxConnections: number, connectWithinMs?: number) => {
      const pool = createDatabase({
        url,
        name,
        maxConnections,
        ...(connectWithinMs === undefined ? {} : { connectWithinMs }),
        onError: (error) => log.warn({ err: error }, `an idle connection of ${name} broke`),
      });
      releases.add(`${name} connections`, () => closeDatabase(pool));
      return pool;
    };
    // A pool of its own: no number of history queries can keep readings from being stored.
    const ingestDatabase = openPool('ingest', 2);
    const apiDatabase = openPool('api', DATABASE_CONNECTIONS, API_CONNECTS_WITHIN_MS);

    const claim = createStationClaim({
      databaseUrl: url,
      dataDir,
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

    const ingest = createIngest({
      dataDir,
      database: ingestDatabase,
      mayStore: claim.isHeld,
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
    const bringUp = createBringUp({
      databaseUrl: url,
      claim,
      migrate: (options) => migrate({ databaseUrl: url, log, ...options }),
      async onReady(level) {
        await ingest.databaseIsReady();
        startUpkeep(apiDatabase, level);
      },
      knowsItsDevices: () => ingest.registry().data.devices.length > 0,
      log,
    });
    releases.add('database start', bringUp.stop);
    const databaseLevel = await bringUp.start();

    const selfWatch = createSelfWatch({ now: clock.now });
    releases.add('self-watch', selfWatch.stop);
    selfWatch.start();

    /** What does not work, for a person. Beds and screens are served all the same. */
    const troubles = (): string[] => {
      const log = standardSink(2).trouble();
      return [
        bringUp.trouble(),
        claim.trouble(),
        ...ingest.troubles(),
        ...selfWatch.troubles(),
        log === undefined ? undefined : `the log cannot be written (${log}), its lines are dropped`,
      ].filter((one) => one !== undefined);
    };

    const wished = {
      strangers: config.strangers.maxStrangers,
      http: config.httpMaxConnections,
      mqtt: config.mqtt.maxConnections,
    };
    const limit = readDescriptorLimit();
    const shares = shareDescriptors(limit, wished);
    if (shares.mqtt < wished.mqtt || shares.http < wished.http) {
      log.warn({ limit, ...shares }, 'few file descriptors: less can connect than the settings allow, raise the limit');
    }

    const broker = createBroker({
      listeners: { host: config.host, port: config.mqtt.port, tls: config.mqtt.tls },
      bounds: {
        maxPacketBytes: config.mqtt.maxPayloadBytes * PACKET_BYTES_PER_PAYLOAD_BYTE,
        maxConnections: shares.mqtt,
        maxHeldBytes: config.mqtt.maxHeldBytes,
        maxKeepaliveMs: config.mqtt.maxKeepaliveMs,
        maxSubscriptions: config.mqtt.maxSubscriptions,
        strangers: { ...config.strangers, maxStrangers: shares.strangers },
      },
      isDevice: (name) => ingest.registry().device(name) !== undefined,
      authenticate: createAuthenticate({
        checkSecret: (device, secret) => ingest.registry().authenticate(device, secret),
        checkToken: (token) =>
          tokens.verify(token, 'access').then(
            ({ name, role }) => (role === 'integration' ? name : undefined),
            () => undefined,
          ),
      }),
      admit: ingest.sink.take,
      show: ingest.sink.show,
      refuse: ingest.sink.refuse,
      deviceConnected: ingest.sink.connected,
      deviceDisconnected: ingest.sink.disconnected,
      now: clock.now,
      log,
      metrics,
    });
    releases.add('broker', broker.stop);
    const { port, tlsPort } = await broker.start();
    ingest.directory.onChanged(broker.recheckDevices);
    ingest.feed.subscribe({ changed: broker.announce, unitChanged: () => undefined });

    const api = createApi({
      host: config.host,
      port: config.httpPort,
      publicUrl: config.publicUrl,
      live: config.live,
      lobby: broker.lobby,
      maxConnections: shares.http,
      refusals: broker.refusals,
      log,
      clock,
      database: apiDatabase,
      registryChanged: ingest.reloadRegistry,
      feed: ingest.feed,
      review: createReview({ database: apiDatabase }),
      alarms: ingest.alarms,
      health() {
        const reasons = [...troubles(), ...broker.troubles()];
        if (isStopping) return { status: 'unavailable', reasons: ['the station is stopping', ...reasons] };
        if (selfWatch.isStuck()) return { status: 'unavailable', reasons };
        return { status: reasons.length === 0 ? 'ready' : 'degraded', reasons };
      },
      metrics,
      tokens,
      version,
      webRoot: WEB_ROOT,
      mqttOverWebSocket: (socket, request) => broker.handleWebSocket(socket, request.socket),
      mqttMaxPayloadBytes: config.mqtt.maxPayloadBytes * PACKET_BYTES_PER_PAYLOAD_BYTE,
    });
    releases.add('api', api.stop);
    const { url: http } = await api.start();

    const reachable = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
    const addresses: StationAddresses = {
      http,
      mqtt: `mqtt://${reachable}:${port}`,
      mqtts: tlsPort === undefined ? undefined : `mqtts://${reachable}:${tlsPort}`,
      databaseLevel,
    };
    await writeStationFile(dataDir, {
      pid: process.pid,
      http,
      mqtt: addresses.mqtt,
      ...(addresses.mqtts ? { mqtts: addresses.mqtts } : {}),
      startedAt: new Date(clock.now()).toISOString(),
    }).catch((error: unknown) => {
      // Commands find the station by it. On a full disk the screens matter more.
      log.error({ err: coerceError(error) }, 'station.json cannot be written');
    });
    releases.add('station file', () => removeStationFile(dataDir));
    return addresses;
  };

  let opened: Promise<StationAddresses> | undefined;
  return {
    async start() {
      opened ??= open();
      try {
        return await opened;
      } catch (error) {
        await releases.releaseAll();
        throw error;
      }
    },
    async stop() {
      isStopping = true;
      await opened?.catch(() => undefined);
      await releases.releaseAll();
    },
  };
};
