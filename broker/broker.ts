import type { Socket } from 'node:net';
import { Aedes } from 'aedes';
import type { Registry as MetricsRegistry } from 'prom-client';
import { createWebSocketStream, type WebSocket } from 'ws';
import type { LiveChange } from '#contracts/bus.ts';
import type { Directory } from '#contracts/ports/directory.ts';
import type { Intake, IntakeSink } from '#contracts/ports/intake.ts';
import type { RefusalRecord } from '#contracts/ports/refusal-record.ts';
import type { Clock } from '#platform/clock.ts';
import { createLobby, type Lobby, type LobbyBounds } from '#platform/lobby.ts';
import type { Logger } from '#platform/log.ts';
import { internalsOf } from './aedes-internals.ts';
import { announcement, qosOf } from './announcements.ts';
import { type CheckToken, createAuthenticate } from './auth.ts';
import { createHandle } from './connections.ts';
import { createCredentials } from './credentials.ts';
import { createDoor } from './door.ts';
import { endClientPublications } from './end-of-route.ts';
import { registerGauges } from './gauges.ts';
import { createHold } from './hold.ts';
import { linkOf } from './links.ts';
import { createListeners, type ListenerSettings } from './listeners.ts';
import { createOutlet } from './outlet.ts';
import { MAX_CONNECT_BYTES } from './packet-guard.ts';
import { createPresence } from './presence.ts';
import { createProbe } from './probe.ts';
import { createPublications } from './publications.ts';
import { createRefusals } from './refusals.ts';
import { createSeats } from './seats.ts';
import { createSessions, type SessionBounds } from './sessions.ts';
import { createAuthorizeSubscribe, createSubscriptions } from './subscriptions.ts';
import { keepThinReceipts } from './thin-receipts.ts';
import { createThrottle } from './throttle.ts';
import { createNote } from './traces.ts';
import { boundMessages } from './web-socket.ts';

/**
 * The MQTT door of the station.
 *
 *   peer ─▶ lobby ─CONNECT─▶ door ─▶ seat
 *   device ─PUBLISH─▶ publications ─▶ hold ─▶ sink.take ─▶ … journal flushed … ─▶ settle ─▶ PUBACK or PUBREC
 *   integration ◀─ live/v1/{unit}/… ◀─ announce
 */

export type BrokerDependencies = {
  readonly listeners: ListenerSettings;
  readonly bounds: {
    /** Larger packets close the connection. */
    readonly maxPacketBytes: number;
    /** Connections that are signed in. */
    readonly maxConnections: number;
    /** Bytes of messages that were received and are not acknowledged yet. */
    readonly maxHeldBytes: number;
    readonly maxKeepaliveMs: number;
    /** What integrations may leave waiting. Default: `SESSION_BOUNDS`. */
    readonly sessions?: SessionBounds;
    /** Connections that have not signed in yet, over all listeners of the station. Default: `STRANGER_BOUNDS`. */
    readonly strangers?: LobbyBounds;
    /** Topics that an integration may hold. */
    readonly maxSubscriptions?: number;
  };
  /** Which devices may sign in. */
  readonly directory: Directory;
  readonly checkToken: CheckToken;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
};

export interface Broker extends Intake {
  /** Opens the listeners. Throws a UserError when a port is taken. */
  readonly start: (sink: IntakeSink) => Promise<{ readonly port: number; readonly tlsPort: number | undefined }>;
  /** Takes over a WebSocket of the HTTP server that speaks MQTT, with the connection under it. */
  readonly handleWebSocket: (socket: WebSocket, connection: Socket) => void;
  /** Announces to subscribed integrations what is announced to screens. */
  readonly announce: (change: LiveChange) => void;
  /** The other listeners of the station use it too: their strangers count with ours. */
  readonly lobby: Lobby;
  readonly refusals: RefusalRecord;
  /** Why devices cannot connect, for people; empty when they can. */
  readonly troubles: () => string[];
}

const MAX_TOPIC_LEVELS = 8;
const CONNECT_TIMEOUT_MS = 10_000;
const DRAIN_TIMEOUT_MS = 10_000;

/**
 * A frame has some 3 KB. A session holds what twenty beds with 200 alarms a day each announce in five hours, or a thousand
 * beds in six minutes; all sessions that are away hold 64 MiB at most.
 */
const SESSION_BOUNDS: SessionBounds = { maxBytes: 8 * 2 ** 20, maxAbsent: 8 };
const STRANGER_BOUNDS: LobbyBounds = { maxStrangers: 1_000, maxOfOneAddress: 100 };
/** A topic for each bed of a very large unit, several times over. */
const MAX_SUBSCRIPTIONS = 1_000;

/** What the broker is made of, beside Aedes. */
const createParts = ({ bounds, listeners, directory, clock, log, metrics }: BrokerDependencies) => {
  const refusals = createRefusals({ directory, clock, log, metrics });
  const subscriptions = createSubscriptions({ maxOfOne: bounds.maxSubscriptions ?? MAX_SUBSCRIPTIONS });
  const outlet = createOutlet();
  const hold = createHold({
    maxBytes: bounds.maxHeldBytes,
    // Room for a packet that is being received beside one that is being stored.
    maxBytesOfOne: Math.max(bounds.maxHeldBytes / 16, bounds.maxPacketBytes * 1.5),
    // Through one gateway come many devices, and what connects otherwise needs room too.
    maxBytesOfMany: Math.max(bounds.maxHeldBytes / 2, bounds.maxPacketBytes * 1.5),
  });
  const maxTopics = bounds.maxConnections * 8;
  return {
    refusals,
    hold,
    throttle: createThrottle({ hold, clock, log }),
    outlet,
    publications: createPublications({ sink: outlet, hold, refusals, maxTopics, clock, metrics }),
    credentials: createCredentials(directory),
    note: createNote(refusals),
    lobby: createLobby({
      bounds: bounds.strangers ?? STRANGER_BOUNDS,
      clock,
      onTurnedAway: (address, reason) =>
        refusals.note({
          reason: 'no-connect',
          address,
          detail: `it did not sign in and its place was needed (${reason})`,
        }),
    }),
    seats: createSeats({ max: bounds.maxConnections }),
    subscriptions,
    sessions: createSessions({
      bounds: bounds.sessions ?? SESSION_BOUNDS,
      log,
      metrics,
      onEnded: subscriptions.dropAll,
    }),
    probe: createProbe({ host: listeners.host, clock }),
  };
};

type Parts = ReturnType<typeof createParts>;

const createAedes = (deps: BrokerDependencies, parts: Parts): Aedes => {
  const { bounds, checkToken } = deps;
  const { lobby, seats, publications, refusals, credentials, note, sessions, subscriptions, probe } = parts;
  const aedes: Aedes = new Aedes({
    // No limit: behind a limit, messages would wait for the slowest subscriber to anything.
    concurrency: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    drainTimeout: DRAIN_TIMEOUT_MS,
    maxTopicLevels: MAX_TOPIC_LEVELS,
    ...createDoor({
      authenticate: probe.besides(createAuthenticate({ credentials, checkToken })),
      seats,
      refusals,
      findConnected: (place) => internalsOf(aedes).clients[place],
      maxKeepaliveMs: bounds.maxKeepaliveMs,
      onLetIn: (client) => lobby.letIn(linkOf(client).socket),
    }),
    authorizePublish: publications.authorize,
    authorizeSubscribe: createAuthorizeSubscribe({ subscriptions, note }),
    authorizeForward: sessions.authorizeForward,
  });
  endClientPublications(aedes);
  aedes.on('unsubscribe', (filters, client) => subscriptions.drop(client.id, filters));
  return aedes;
};

const troublesOf = ({ probe, throttle, seats }: Parts, { maxConnections }: BrokerDependencies['bounds']): string[] => {
  const unreachable = probe.trouble();
  const waiting = throttle.waiting();
  return [
    ...(unreachable === undefined ? [] : [`no device can connect: ${unreachable}`]),
    ...(waiting === 0 ? [] : [`more is sent than can be stored: ${waiting} connections wait to be read`]),
    ...(seats.areFull() ? [`all ${maxConnections} places for devices are taken (MQTT_MAX_CONNECTIONS)`] : []),
  ];
};

export const createBroker = (deps: BrokerDependencies): Broker => {
  const { bounds } = deps;
  const parts = createParts(deps);
  const { lobby, refusals, credentials, seats, sessions, subscriptions, outlet, probe, throttle } = parts;
  const aedes = createAedes(deps, parts);
  const presence = createPresence({ ...parts, aedes, sink: outlet });
  const handle = createHandle({ ...parts, aedes, maxPacketBytes: bounds.maxPacketBytes });
  const listeners = createListeners({
    settings: deps.listeners,
    onConnection: lobby.enter,
    handle: (socket) => handle(socket, socket),
  });
  registerGauges({ ...parts, metrics: deps.metrics, presence });
  let endRechecking = ignore;

  return {
    lobby,
    refusals,
    async start(sink) {
      outlet.open(sink);
      await aedes.listen();
      keepThinReceipts(aedes);
      sessions.takeOver(aedes);
      subscriptions.takeOver(aedes);
      endRechecking = credentials.onChanged(presence.recheckPublishers);
      const ports = await listeners.start();
      probe.start(ports.port);
      return ports;
    },
    async stop() {
      probe.stop();
      await listeners.stopListening();
      await new Promise<void>((resolve) => aedes.close(resolve));
      listeners.destroyConnections();
      endRechecking();
      throttle.stop();
      presence.endAll();
      outlet.shut();
    },
    handleWebSocket(socket, connection) {
      const setMaxBytes = boundMessages(socket);
      setMaxBytes(MAX_CONNECT_BYTES);
      const client = handle(createWebSocketStream(socket), connection);
      client.once('connected', () => setMaxBytes(bounds.maxPacketBytes + MAX_CONNECT_BYTES));
    },
    announce(change) {
      if (seats.integrations() === 0 && (qosOf(change) === 0 || !sessions.isAwaited())) return;
      aedes.publish(announcement(change), ignore);
    },
    troubles: () => troublesOf(parts, bounds),
  };
};

const ignore = (): void => {};
