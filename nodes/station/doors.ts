import { fileURLToPath } from 'node:url';
import { may } from '#contracts/permissions.ts';
import type { Identities, Identity } from '#contracts/ports/identities.ts';
import { type Config, wishedShares } from '#platform/config.ts';
import {
  neededDescriptors,
  raiseDescriptorLimit,
  readDescriptorLimit,
  shareDescriptors,
} from '#platform/descriptors.ts';
import type { Logger } from '#platform/log.ts';
import { createApi, type StationHealth } from '../../api/app.ts';
import { type Broker, createBroker } from '../../broker/broker.ts';
import type { Ingest } from '../../ingest/ingest.ts';
import type { ArchiveDesk } from '../archive/archive.ts';
import type { MqttPorts } from './addresses.ts';
import type { Foundation } from './foundation.ts';
import type { Opening } from './opening.ts';

/** The longest packet: a payload that is just too large must still arrive, to be refused with a reason. */
const PACKET_BYTES_PER_PAYLOAD_BYTE = 8;

const WEB_ROOT = fileURLToPath(new URL('../../web/dist', import.meta.url));

export type Shares = ReturnType<typeof shareDescriptors>;

/** How many of each kind may connect, by what the settings wish and the system allows. */
export const shareConnections = (config: Config, log: Logger): Shares => {
  const wished = wishedShares(config);
  const needed = neededDescriptors(wished);
  const limit = readDescriptorLimit();
  const shares = shareDescriptors(limit, wished);
  if (limit < needed) {
    const remedy = raiseDescriptorLimit(needed);
    log.warn({ limit, needed, ...shares, remedy }, 'few file descriptors: less can connect than the settings allow');
  }
  return shares;
};

const maxPacketBytes = ({ mqtt }: Config): number => mqtt.maxPayloadBytes * PACKET_BYTES_PER_PAYLOAD_BYTE;

/** Who an integration is by its token; undefined when the token is not good, or not one of an integration. */
const identifyIntegration =
  (identities: Pick<Identities, 'identify'>) =>
  (token: string, address: string): Promise<Identity | undefined> =>
    identities.identify(token, { door: 'mqtt', address }).then(
      (identity) => (may(identity.role, 'listen') ? identity : undefined),
      () => undefined,
    );

export const openBroker = async (
  { config, log, clock, releases }: Opening,
  { metrics, identities }: Foundation,
  shares: Shares,
  ingest: Ingest,
): Promise<{ readonly broker: Broker; readonly ports: MqttPorts }> => {
  const { maxHeldBytes, maxKeepaliveMs, maxSubscriptions } = config.mqtt;
  const { sink, directory, feed } = ingest;
  const broker = createBroker({
    listeners: { host: config.host, port: config.mqtt.port, tls: config.mqtt.tls },
    bounds: {
      maxPacketBytes: maxPacketBytes(config),
      maxConnections: shares.mqtt,
      ...{ maxHeldBytes, maxKeepaliveMs, maxSubscriptions },
      strangers: { ...config.strangers, maxStrangers: shares.strangers },
    },
    directory,
    checkToken: identifyIntegration(identities),
    clock,
    log,
    metrics,
  });
  releases.add('broker', broker.stop);
  const ports = await broker.start(sink);
  feed.subscribe({ changed: broker.announce, unitChanged: () => undefined });
  return { broker, ports };
};

type Neighbours = {
  readonly ingest: Ingest;
  readonly broker: Broker;
  readonly ports: MqttPorts;
  readonly desk: ArchiveDesk;
  readonly health: () => StationHealth;
};

export const openApi = async (
  { config, log, clock, version, releases }: Opening,
  { metrics, tokens, identities, apiDatabase }: Foundation,
  shares: Shares,
  { ingest, broker, ports, desk, health }: Neighbours,
): Promise<{ readonly url: string }> => {
  const api = createApi({
    host: config.host,
    port: config.httpPort,
    publicUrl: config.publicUrl,
    live: config.live,
    lobby: broker.lobby,
    maxConnections: shares.http,
    refusals: broker.refusals,
    deviceWatch: ingest.deviceWatch,
    mqttPorts: ports,
    gateways: ingest.gateways,
    database: apiDatabase,
    registryChanged: ingest.reloadRegistry,
    feed: ingest.feed,
    alarms: ingest.alarms,
    archive: desk.archive,
    review: desk.review,
    ...{ log, clock, version, metrics, tokens, identities, health },
    webRoot: WEB_ROOT,
    mqttOverWebSocket: (socket, request) => broker.handleWebSocket(socket, request.socket),
    mqttMaxPayloadBytes: maxPacketBytes(config),
  });
  releases.add('api', api.stop);
  return await api.start();
};
