import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { Aedes, type Client } from 'aedes';
import { Gauge, type Registry as MetricsRegistry } from 'prom-client';
import { createWebSocketStream, type WebSocket } from 'ws';
import type { LiveChange } from '#contracts/bus.ts';
import type { RefusalReason } from '#contracts/http/refusals.ts';
import type { RefusalRecord } from '#contracts/ports/refusal-record.ts';
import { createLobby, type Lobby, type LobbyBounds } from '#platform/lobby.ts';
import type { Logger } from '#platform/log.ts';
import { announcement, qosOf } from './announcements.ts';
import { type Authenticate, maySubscribe } from './auth.ts';
import { explainClosing } from './closings.ts';
import { createHandle } from './connections.ts';
import { createDoor } from './door.ts';
import { endClientPublications } from './end-of-route.ts';
import { createHold } from './hold.ts';
import { type Identity, identityOf, ownerOf } from './identity.ts';
import { linkOf } from './links.ts';
import { createListeners, type ListenerSettings } from './listeners.ts';
import { MAX_CONNECT_BYTES } from './packet-guard.ts';
import { createProbe } from './probe.ts';
import { createPublications, type PublicationSinks } from './publications.ts';
import { createRefusals } from './refusals.ts';
import { createSeats } from './seats.ts';
import { createSessions, type SessionBounds } from './sessions.ts';
import { createSubscriptions } from './subscriptions.ts';
import { keepThinReceipts } from './thin-receipts.ts';
import { boundMessages } from './web-socket.ts';

/**
 * The MQTT door of the station.
 *
 *   peer ─▶ lobby ─CONNECT─▶ door ─▶ seat
 *   device ─PUBLISH─▶ publications ─▶ hold ─▶ admit ─▶ … journal flushed … ─▶ onStored ─▶ PUBACK or PUBREC
 *   integration ◀─ live/v1/{unit}/… ◀─ announce
 */

export type { DevicePublication, RefusedPublication } from './publications.ts';

export type BrokerDependencies = PublicationSinks & {
  readonly listeners: ListenerSettings;
  readonly bounds: {
    /** Larger packets close the connection. */
    readonly maxPacketBytes: number;
    /** Signed in. */
    readonly maxConnections: number;
    /** Of messages received and not acknowledged yet. */
    readonly maxHeldBytes: number;
    readonly maxKeepaliveMs: number;
    /** What integrations may leave waiting. Default: `SESSION_BOUNDS`. */
    readonly sessions?: SessionBounds;
    /** Those that have not signed in yet, over all listeners of the station. Default: `STRANGER_BOUNDS`. */
    readonly strangers?: LobbyBounds;
    /** Topics that an integration may hold. */
    readonly maxSubscriptions?: number;
  };
  readonly authenticate: Authenticate;
  /** Whether a user name is that of a device of ours: then a refusal is kept with it. */
  readonly isDevice?: (name: string) => boolean;
  readonly deviceConnected: (device: string) => void;
  readonly deviceDisconnected: (device: string) => void;
  readonly now: () => number;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
};

export type Broker = {
  /** Opens the listeners. Throws a UserError when a port is taken. */
  readonly start: () => Promise<{ readonly port: number; readonly tlsPort: number | undefined }>;
  /** Closes the listeners and all connections. */
  readonly stop: () => Promise<void>;
  /** MQTT over WebSocket, from the HTTP server, and the connection under it. */
  readonly handleWebSocket: (socket: WebSocket, connection: Socket) => void;
  /** Closes the connections of devices that could not connect as they are any more. To be called when the registry changed. */
  readonly recheckDevices: () => void;
  /** Tells subscribed integrations what screens are told. */
  readonly announce: (change: LiveChange) => void;
  /** For the other listeners of the station, whose strangers count with ours. */
  readonly lobby: Lobby;
  readonly refusals: RefusalRecord;
  /** Why devices cannot connect, for people; empty when they can. */
  readonly troubles: () => string[];
};

const MAX_TOPIC_LEVELS = 8;
const CONNECT_TIMEOUT_MS = 10_000;
const DRAIN_TIMEOUT_MS = 10_000;

/**
 * Of frames of some 3 KB, as many as twenty beds with 200 alarms a day each make in five hours, or a thousand beds in six
 * minutes. Those that are away hold 64 MiB at most.
 */
const SESSION_BOUNDS: SessionBounds = { maxBytes: 8 * 2 ** 20, maxAbsent: 8 };
const STRANGER_BOUNDS: LobbyBounds = { maxStrangers: 1_000, maxOfOneAddress: 100 };
/** One for each bed of a large hospital's unit, several times over. */
const MAX_SUBSCRIPTIONS = 1_000;

/** `$` begins no device's name (ID_PATTERN). */
const PROBE_USER = '$probe';

export const createBroker = (deps: BrokerDependencies): Broker => {
  const { bounds, log, now, metrics } = deps;
  const registers = [metrics];
  const refusals = createRefusals({ isDevice: deps.isDevice ?? (() => false), now, log, metrics });
  const lobby = createLobby({
    bounds: bounds.strangers ?? STRANGER_BOUNDS,
    onTurnedAway: (address, reason) =>
      refusals.note({
        reason: 'no-connect',
        address,
        detail: `it did not sign in and its place was needed (${reason})`,
      }),
  });
  const seats = createSeats({ max: bounds.maxConnections });
  const hold = createHold({
    maxBytes: bounds.maxHeldBytes,
    // Room for a packet that is being received beside one that is being stored.
    maxBytesOfOne: Math.max(bounds.maxHeldBytes / 16, bounds.maxPacketBytes * 1.5),
  });
  const subscriptions = createSubscriptions({ maxOfOne: bounds.maxSubscriptions ?? MAX_SUBSCRIPTIONS });
  const sessions = createSessions({
    bounds: bounds.sessions ?? SESSION_BOUNDS,
    log,
    metrics,
    onEnded: subscriptions.dropAll,
  });
  const ready = new Set<Client>();

  const probePassword = randomBytes(16).toString('hex');
  const probe = createProbe({ host: deps.listeners.host, username: PROBE_USER, password: probePassword });
  const authenticate: Authenticate = async (username, password) => {
    if (username !== PROBE_USER) return await deps.authenticate(username, password);
    return password.toString() === probePassword ? { kind: 'probe' } : undefined;
  };

  const note = (client: Client, reason: RefusalReason, detail: string): void => {
    const { name, address } = linkOf(client);
    refusals.note({ reason, name, address, detail });
  };

  const door = createDoor({
    authenticate,
    seats,
    refusals,
    findConnected: (id) => (aedes as unknown as { clients: Record<string, Client | undefined> }).clients[id],
    maxKeepaliveMs: bounds.maxKeepaliveMs,
    onLetIn: (client) => lobby.letIn(linkOf(client).socket),
  });

  const aedes: Aedes = new Aedes({
    // No limit: messages queued behind it would wait for the slowest subscriber of any.
    concurrency: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    drainTimeout: DRAIN_TIMEOUT_MS,
    maxClientsIdLength: 128,
    maxTopicLevels: MAX_TOPIC_LEVELS,
    ...door,
    authorizePublish: createPublications({
      sinks: deps,
      hold,
      refusals,
      maxTopics: bounds.maxConnections * 8,
      now,
      metrics,
    }),
    authorizeSubscribe(client, subscription, callback) {
      const identity = identityOf(client);
      const { topic } = subscription;
      const isAllowed = maySubscribe(identity, topic);
      if (identity && isAllowed && subscriptions.take(ownerOf(identity), client.id, topic)) {
        return callback(null, subscription);
      }
      if (isAllowed) note(client, 'too-many-subscriptions', `${topic}: it holds as many topics as one may`);
      else note(client, 'subscription', `${topic}: integrations may subscribe to live/v1/…, devices to nothing`);
      callback(null, null);
    },
    authorizeForward: sessions.authorizeForward,
  });

  endClientPublications(aedes);

  const isGone = (identity: Identity): boolean => identity.kind === 'device' && !identity.isCurrent();

  const letGo = (client: Client): void => {
    linkOf(client).isNoted = true;
    note(client, 'credentials-changed', 'it was given another secret, or removed');
    client.close();
  };

  aedes.on('clientReady', (client) => {
    const identity = identityOf(client);
    if (client.closed || !identity || identity.kind === 'probe') return;
    if (isGone(identity)) return letGo(client);
    ready.add(client);
    if (identity.kind === 'device') deps.deviceConnected(identity.device);
    else sessions.connected(client, ownerOf(identity));
  });
  aedes.on('clientDisconnect', (client) => {
    const identity = identityOf(client);
    if (!ready.delete(client) || !identity) return;
    if (identity.kind === 'device') deps.deviceDisconnected(identity.device);
    else sessions.disconnected(client);
  });
  aedes.on('unsubscribe', (filters, client) => subscriptions.drop(client.id, filters));

  const onClosing = (client: Client, error: Error): void => {
    const link = linkOf(client);
    const closing = explainClosing(error);
    if (!closing || link.isNoted) return;
    link.isNoted = true;
    note(client, closing, error.message);
  };
  aedes.on('clientError', onClosing);
  aedes.on('connectionError', onClosing);

  new Gauge({
    name: 'wardwatch_mqtt_connections',
    help: 'Connected MQTT clients.',
    registers,
    collect() {
      this.set(ready.size);
    },
  });
  new Gauge({
    name: 'wardwatch_strangers',
    help: 'Connections, over all listeners, that have not said yet who they are.',
    registers,
    collect() {
      this.set(lobby.strangers());
    },
  });

  const handle = createHandle({ aedes, hold, maxPacketBytes: bounds.maxPacketBytes, note });

  const listeners = createListeners({
    settings: deps.listeners,
    onConnection: lobby.enter,
    handle: (socket) => handle(socket, socket),
  });

  return {
    lobby,
    refusals,
    async start() {
      await aedes.listen();
      keepThinReceipts(aedes);
      sessions.takeOver(aedes);
      subscriptions.takeOver(aedes);
      const ports = await listeners.start();
      probe.start(ports.port);
      return ports;
    },
    async stop() {
      probe.stop();
      await listeners.stopListening();
      await new Promise<void>((resolve) => aedes.close(resolve));
      listeners.destroyConnections();
    },
    handleWebSocket(socket, connection) {
      const setMaxBytes = boundMessages(socket);
      setMaxBytes(MAX_CONNECT_BYTES);
      const client = handle(createWebSocketStream(socket), connection);
      client.once('connected', () => setMaxBytes(bounds.maxPacketBytes + MAX_CONNECT_BYTES));
    },
    recheckDevices() {
      for (const client of ready) {
        const identity = identityOf(client);
        if (identity && isGone(identity)) letGo(client);
      }
    },
    announce(change) {
      if (seats.integrations() === 0 && (qosOf(change) === 0 || !sessions.isAwaited())) return;
      aedes.publish(announcement(change), ignore);
    },
    troubles() {
      const unreachable = probe.trouble();
      return [
        ...(unreachable === undefined ? [] : [`no device can connect: ${unreachable}`]),
        ...(seats.areFull()
          ? [`all ${bounds.maxConnections} places for devices are taken (MQTT_MAX_CONNECTIONS)`]
          : []),
      ];
    },
  };
};

const ignore = (): void => {};
