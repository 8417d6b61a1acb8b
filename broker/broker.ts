import { Aedes, type AedesOptions, type AuthenticateError, type Client } from 'aedes';
import { Counter, Gauge, Histogram, type Registry as MetricsRegistry } from 'prom-client';
import { createWebSocketStream, type WebSocket } from 'ws';
import type { LiveChange } from '#domain/events.ts';
import type { RejectReason } from '#domain/messages.ts';
import { type Channel, type DeviceTopic, liveTopics, parseTopic } from '#domain/topics.ts';
import type { Logger } from '#platform/log.ts';
import { type Authenticate, maySubscribe, mayUseClientId } from './auth.ts';
import { endClientPublications } from './end-of-route.ts';
import { createHold } from './hold.ts';
import { type Identity, identityOf, setIdentity } from './identity.ts';
import { createListeners, type ListenerSettings } from './listeners.ts';
import { guardPacketSize } from './packet-guard.ts';
import { createSessions, type SessionBounds } from './sessions.ts';
import { keepThinReceipts } from './thin-receipts.ts';

/**
 * The MQTT door of the station.
 *
 *   device ─PUBLISH─▶ authorizePublish ─▶ admit ─▶ … journal flushed … ─▶ onStored ─▶ PUBACK or PUBREC
 *                      (here it is held)
 *   integration ◀─ live/v1/{unit}/… ◀─ announce
 *
 * Aedes acknowledges before it routes, so its `authorizePublish` is the only place where "acknowledged" can be made to
 * mean "stored". An error from it closes the connection: that says "not you", never "bad payload".
 */

export type DevicePublication = {
  readonly device: string;
  readonly channel: Channel;
  readonly topic: string;
  readonly payload: Buffer;
  readonly receivedAt: number;
  /** It may have been sent long before it arrived: marked to be retained (a bridge sends on what a broker kept), or sent again. */
  readonly isRepeat: boolean;
};

export type RefusedPublication = Omit<DevicePublication, 'channel' | 'isRepeat'> & {
  readonly reason: RejectReason;
  readonly detail: string;
};

export type BrokerDependencies = {
  readonly listeners: ListenerSettings;
  readonly bounds: {
    /** Larger packets close the connection. */
    readonly maxPacketBytes: number;
    readonly maxConnections: number;
    /** Of messages received and not acknowledged yet. */
    readonly maxHeldBytes: number;
    readonly maxKeepaliveMs: number;
    /** What integrations may leave waiting. Default: `SESSION_BOUNDS`. */
    readonly sessions?: SessionBounds;
  };
  readonly authenticate: Authenticate;
  /** Calls back once the message is safe. */
  readonly admit: (publication: DevicePublication, onStored: () => void) => void;
  /** Shows it on screens and keeps nothing: for what there is no room to store, and which is not acknowledged. */
  readonly show: (publication: DevicePublication) => void;
  /** Keeps a message that was published where it does not belong. */
  readonly refuse: (publication: RefusedPublication, onStored: () => void) => void;
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
  /** MQTT over WebSocket, from the HTTP server. */
  readonly handleWebSocket: (socket: WebSocket) => void;
  /** Closes the connections of devices that could not connect as they are any more. To be called when the registry changed. */
  readonly recheckDevices: () => void;
  /** Tells subscribed integrations what screens are told. */
  readonly announce: (change: LiveChange) => void;
};

const MAX_TOPIC_LEVELS = 8;
const CONNECT_TIMEOUT_MS = 10_000;
const DRAIN_TIMEOUT_MS = 10_000;

/**
 * Of frames of some 3 KB, as many as twenty beds with 200 alarms a day each make in five hours, or a thousand beds in six
 * minutes. Those that are away hold 64 MiB at most.
 */
const SESSION_BOUNDS: SessionBounds = { maxBytes: 8 * 2 ** 20, maxAbsent: 8 };

/** One, and another while it is replaced; the rest is room. Without a bound one device could take everybody's place. */
const MAX_LINKS = 16;

const nameOf = (identity: Identity): string =>
  identity.kind === 'device' ? `device ${identity.device}` : `integration ${identity.name}`;

const hasChanged = (identity: Identity): boolean => identity.kind === 'device' && !identity.isCurrent();

const BAD_CREDENTIALS = 4;
const IDENTIFIER_REJECTED = 2;

const refusal = (returnCode: number, message: string): AuthenticateError =>
  Object.assign(new Error(message), { returnCode });

const announceTopics = {
  vitals: ({ unit }) => liveTopics.vitals(unit),
  device: ({ unit }) => liveTopics.devices(unit),
  wave: ({ unit, bed }) => liveTopics.waves(unit, bed),
  alarm: ({ unit }) => liveTopics.alarms(unit),
} as const satisfies {
  [Type in LiveChange['frame']['type']]: (frame: Extract<LiveChange['frame'], { type: Type }>) => string;
};

const announceTopic = ({ frame }: LiveChange): string =>
  (announceTopics[frame.type] as (frame: LiveChange['frame']) => string)(frame);

/** Alarms are delivered at least once; the rest is followed by something newer. */
const qosOf = ({ frame }: LiveChange): 0 | 1 => (frame.type === 'alarm' ? 1 : 0);

export const createBroker = (deps: BrokerDependencies): Broker => {
  const { bounds, log, now } = deps;
  const hold = createHold({ maxBytes: bounds.maxHeldBytes });
  const registers = [deps.metrics];
  const sessions = createSessions({ bounds: bounds.sessions ?? SESSION_BOUNDS, log, metrics: deps.metrics });
  const ackSeconds = new Histogram({
    name: 'wardwatch_puback_seconds',
    help: 'From a message read off the socket to its acknowledgement.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5, 30],
    registers,
  });
  const closed = new Counter({
    name: 'wardwatch_mqtt_closed_total',
    help: 'Connections we refused or closed, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const dropped = new Counter({
    name: 'wardwatch_mqtt_dropped_total',
    help: 'Messages at QoS 0 that were shown and not stored, for want of room.',
    registers,
  });
  const topics = new Map<string, DeviceTopic | undefined>();
  const ready = new Set<Client>();
  const links = new Map<string, number>();
  const linksOf = (identity: Identity): number => links.get(nameOf(identity)) ?? 0;
  let integrations = 0;

  const findTopic = (topic: string): DeviceTopic | undefined => {
    const known = topics.get(topic);
    if (known) return known;
    const parsed = parseTopic(topic);
    // Only devices' own topics are remembered, so a stranger to them cannot fill the memory.
    if (parsed && topics.size < bounds.maxConnections * 8) topics.set(topic, parsed);
    return parsed;
  };

  const notYou = (reason: string, done: (error: Error) => void): void => {
    closed.inc({ reason });
    done(new Error(reason));
  };

  const authorizePublish: AedesOptions['authorizePublish'] = (client, packet, done) => {
    const identity = identityOf(client);
    if (!client || identity?.kind !== 'device') return notYou('not a device', done);
    if (packet.topic.startsWith('$')) return notYou('reserved topic', done);
    const { device } = identity;
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    const base = { device, topic: packet.topic, payload, receivedAt: now() };
    const topic = findTopic(packet.topic);
    // The unit in a topic is for routing: which unit a device belongs to, the registry knows.
    const own =
      topic?.device === device ? { ...base, channel: topic.channel, isRepeat: packet.retain || packet.dup } : undefined;

    if (!hold.take(payload.length)) {
      // What cannot be stored can still be seen: a full disk must not darken the screens.
      if (own) deps.show(own);
      if (packet.qos > 0) return notYou('too much unacknowledged', done);
      dropped.inc();
      return done(null);
    }

    const startedAt = performance.now();
    const onStored = () => {
      hold.release(payload.length);
      ackSeconds.observe((performance.now() - startedAt) / 1_000);
      done(null);
    };
    if (own) deps.admit(own, onStored);
    else if (topic) {
      deps.refuse({ ...base, reason: 'topic-not-yours', detail: `this is ${device}` }, () => {
        hold.release(payload.length);
        notYou('topic of another device', done);
      });
    } else {
      const detail = 'expected ward/v1/{unit}/{device}/vitals, waves or status';
      deps.refuse({ ...base, reason: 'topic-invalid', detail }, onStored);
    }
  };

  const checkCredentials = async (
    client: Client,
    username = '',
    password: Buffer = Buffer.alloc(0),
  ): Promise<Identity> => {
    const identity = await deps.authenticate(username, password);
    if (!identity) throw refusal(BAD_CREDENTIALS, 'bad user name or password');
    if (!mayUseClientId(identity, client.id)) {
      throw refusal(
        IDENTIFIER_REJECTED,
        'the client id must be the device id, alone or followed by a colon and a suffix',
      );
    }
    return identity;
  };

  const aedes = new Aedes({
    // No limit: messages queued behind it would wait for the slowest subscriber of any.
    concurrency: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    drainTimeout: DRAIN_TIMEOUT_MS,
    keepaliveLimit: Math.ceil(bounds.maxKeepaliveMs / 1_000),
    maxClientsIdLength: 128,
    maxTopicLevels: MAX_TOPIC_LEVELS,
    preConnect(_client, _packet, callback) {
      if (ready.size < bounds.maxConnections) callback(null, true);
      else {
        closed.inc({ reason: 'too many connections' });
        callback(new Error('too many connections'), false);
      }
    },
    authenticate(client, username, password, callback) {
      checkCredentials(client, username, password).then(
        (identity) => {
          setIdentity(client, identity);
          callback(null, true);
        },
        (error) => {
          closed.inc({ reason: 'bad credentials' });
          callback(error, false);
        },
      );
    },
    authorizePublish,
    authorizeSubscribe: (client, subscription, callback) =>
      callback(null, maySubscribe(identityOf(client), subscription.topic) ? subscription : null),
    authorizeForward: sessions.authorizeForward,
  });

  endClientPublications(aedes);

  const letGo = (client: Client): void => {
    closed.inc({ reason: 'credentials changed' });
    client.close();
  };

  aedes.on('clientReady', (client) => {
    const identity = identityOf(client);
    if (client.closed || !identity) return;
    if (hasChanged(identity)) return letGo(client);
    if (linksOf(identity) >= MAX_LINKS) {
      closed.inc({ reason: 'too many connections of one' });
      return client.close();
    }
    ready.add(client);
    links.set(nameOf(identity), linksOf(identity) + 1);
    if (identity.kind === 'device') deps.deviceConnected(identity.device);
    else {
      integrations++;
      sessions.connected(client);
    }
  });
  aedes.on('clientDisconnect', (client) => {
    const identity = identityOf(client);
    if (!ready.delete(client) || !identity) return;
    const left = linksOf(identity) - 1;
    if (left > 0) links.set(nameOf(identity), left);
    else links.delete(nameOf(identity));
    if (identity.kind === 'device') deps.deviceDisconnected(identity.device);
    else {
      integrations--;
      sessions.disconnected(client);
    }
  });
  aedes.on('clientError', (client, error) => {
    log.debug({ client: client.id, err: error }, 'connection closed');
  });

  new Gauge({
    name: 'wardwatch_mqtt_connections',
    help: 'Connected MQTT clients.',
    registers,
    collect() {
      this.set(ready.size);
    },
  });
  new Gauge({
    name: 'wardwatch_mqtt_held',
    help: 'Messages received and not acknowledged yet.',
    registers,
    collect() {
      this.set(hold.held());
    },
  });

  const handle: typeof aedes.handle = (stream, request) => {
    const client = aedes.handle(stream, request);
    guardPacketSize(client, bounds.maxPacketBytes, () => closed.inc({ reason: 'packet too large' }));
    return client;
  };

  const listeners = createListeners({ settings: deps.listeners, maxConnections: bounds.maxConnections, handle });

  return {
    async start() {
      await aedes.listen();
      keepThinReceipts(aedes);
      sessions.takeOver(aedes);
      return await listeners.start();
    },
    async stop() {
      await listeners.stopListening();
      await new Promise<void>((resolve) => aedes.close(resolve));
      listeners.destroyConnections();
    },
    handleWebSocket(socket) {
      handle(createWebSocketStream(socket));
    },
    recheckDevices() {
      for (const client of ready) {
        const identity = identityOf(client);
        if (identity && hasChanged(identity)) letGo(client);
      }
    },
    announce(change) {
      const qos = qosOf(change);
      if (integrations === 0 && (qos === 0 || !sessions.isAwaited())) return;
      const payload = Buffer.from(change.text);
      const packet = {
        cmd: 'publish',
        topic: announceTopic(change),
        payload,
        qos,
        retain: false,
        dup: false,
      } as const;
      aedes.publish(packet, ignore);
    },
  };
};

const ignore = (): void => {};
