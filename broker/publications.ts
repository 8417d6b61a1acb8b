import type { AedesOptions, Client } from 'aedes';
import { Counter, Histogram, type Registry as MetricsRegistry } from 'prom-client';
import type { RefusalReason } from '#contracts/http/refusals.ts';
import { CHANNELS, type DeviceTopic, parseTopic } from '#contracts/mqtt/topics.ts';
import type { DeviceMessage, IntakeSink } from '#contracts/ports/intake.ts';
import type { WallClock } from '#platform/clock.ts';
import type { Hold } from './hold.ts';
import {
  type Identity,
  identityOf,
  isPublisher,
  ownerOf,
  ownerOfDevice,
  type PublisherIdentity,
  userOf,
} from './identity.ts';
import { linkOf } from './links.ts';
import type { Refusals } from './refusals.ts';
import { RefusedError } from './refused-error.ts';

/**
 * What devices and gateways publish, on its way to the sink and back.
 *
 * Aedes acknowledges before it routes, so its `authorizePublish` is the only place where "acknowledged" can be made to
 * mean "stored". An error from it closes the connection: that says "not you", never "bad payload".
 */

type Publish = NonNullable<AedesOptions['authorizePublish']>;
type Done = Parameters<Publish>[2];

const createMetrics = (metrics: MetricsRegistry) => ({
  ackSeconds: new Histogram({
    name: 'wardwatch_puback_seconds',
    help: 'From a message read off the socket to its acknowledgement.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5, 30],
    registers: [metrics],
  }),
  dropped: new Counter({
    name: 'wardwatch_mqtt_dropped_total',
    help: 'Messages at QoS 0 that were shown and not stored, for want of room.',
    registers: [metrics],
  }),
});

/** Topics that were parsed before. Only devices' own are remembered, so a stranger to them cannot fill the memory. */
const createTopics = (maxTopics: number): ((text: string) => DeviceTopic | undefined) => {
  const topics = new Map<string, DeviceTopic>();
  return (text) => {
    const known = topics.get(text);
    if (known) return known;
    const parsed = parseTopic(text);
    if (parsed && topics.size < maxTopics) topics.set(text, parsed);
    return parsed;
  };
};

export type PublicationsOptions = {
  readonly sink: IntakeSink;
  readonly hold: Hold;
  readonly refusals: Refusals;
  /** How many topics are remembered, so that they are not parsed again. */
  readonly maxTopics: number;
  readonly clock: WallClock;
  readonly metrics: MetricsRegistry;
};

/** How a message ends: acknowledged, with its connection, or without either. */
const createEnds = ({ refusals, metrics }: PublicationsOptions) => {
  const { ackSeconds, dropped } = createMetrics(metrics);

  const note = (
    client: Client,
    identity: Identity,
    reason: RefusalReason,
    detail: string,
    concerns?: string | undefined,
  ): void => {
    const name = isPublisher(identity) ? userOf(identity) : ownerOf(identity);
    refusals.note({ reason, name, address: linkOf(client).address, detail, concerns });
  };

  /** Notes the refusal and answers the error that makes Aedes close the connection. */
  const notYou = (client: Client, identity: Identity, reason: RefusalReason, detail: string): RefusedError => {
    linkOf(client).isNoted = true;
    note(client, identity, reason, detail);
    return new RefusedError(detail);
  };

  return {
    note,
    notYou,
    acknowledge(startedAtMs: number, release: () => void, done: Done): void {
      release();
      ackSeconds.observe((performance.now() - startedAtMs) / 1_000);
      done(null);
    },
    withoutRoom(client: Client, identity: PublisherIdentity, qos: number, done: Done): void {
      if (qos === 0) dropped.inc();
      const detail = 'more was sent than can wait to be stored';
      done(qos === 0 ? null : notYou(client, identity, 'too-much-unacknowledged', detail));
    },
  };
};

type Ends = ReturnType<typeof createEnds>;

type Misplaced = {
  readonly client: Client;
  readonly identity: PublisherIdentity;
  readonly message: Omit<DeviceMessage, 'channel' | 'isRepeat'>;
  /** The topic of another device; undefined when it is the topic of none. */
  readonly topic: DeviceTopic | undefined;
  readonly qos: number;
  readonly done: Done;
};

/** Hands over a message on a topic on which its sender may not publish. */
const createRefusing = ({ sink, hold }: PublicationsOptions, ends: Ends) => {
  type Refusing = Misplaced & { readonly startedAtMs: number; readonly release: () => void };

  const refuseNobodys = ({ message, startedAtMs, release, done }: Refusing): void => {
    const detail = `expected ward/v1/{unit}/{device}/ and one of ${CHANNELS.join(', ')}`;
    sink.refuse({ ...message, reason: 'topic-invalid', detail }, () => ends.acknowledge(startedAtMs, release, done));
  };

  /** A device that publishes for another has the wrong settings: its connection ends. */
  const refuseDevice = ({ client, identity, message, release, done }: Refusing, of: string): void =>
    sink.refuse({ ...message, reason: 'topic-not-yours', detail: `this is ${userOf(identity)}` }, () => {
      release();
      done(ends.notYou(client, identity, 'topic-of-another', `${message.topic} is of ${of}`));
    });

  /** The other devices of a gateway must not lose their connection because one is missing on its list. */
  const refuseGateway = (refusing: Refusing, of: string): void => {
    const { client, identity, message, startedAtMs, release, done } = refusing;
    const detail = `this is gateway ${userOf(identity)}, and ${of} is not listed under it`;
    ends.note(client, identity, 'topic-not-listed', `${message.topic}: ${detail}`, of);
    sink.refuse({ ...message, reason: 'topic-not-yours', detail }, () => ends.acknowledge(startedAtMs, release, done));
  };

  return (misplaced: Misplaced): void => {
    const { client, identity, message, topic, qos, done } = misplaced;
    const startedAtMs = performance.now();
    const isTaken = hold.take(ownerOf(identity), message.payload.length, (release) => {
      const refusing = { ...misplaced, startedAtMs, release };
      if (!topic) refuseNobodys(refusing);
      else if (identity.kind === 'device') refuseDevice(refusing, topic.device);
      else refuseGateway(refusing, topic.device);
    });
    if (!isTaken) ends.withoutRoom(client, identity, qos, done);
  };
};

/** Where a publisher may publish, and who it is. */
export type Own = { readonly identity: PublisherIdentity; readonly topic: DeviceTopic };

type Published = {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  readonly isRepeat: boolean;
};

/** As of now: the alarms of a bed go on while a message waits for its turn, and take none as of before. */
const messageOf = ({ identity, topic }: Own, published: Published, receivedAt: number): DeviceMessage => ({
  device: topic.device,
  via: identity.kind === 'gateway' ? identity.gateway : undefined,
  channel: topic.channel,
  topic: published.topic,
  payload: published.payload,
  receivedAt,
  isRepeat: published.isRepeat,
  qos: published.qos,
});

// This runs for every message: functions that a message made and named itself would cost as much as what they do.
const createTaking =
  ({ sink, hold, clock }: PublicationsOptions, ends: Ends) =>
  (client: Client, own: Own, published: Published, done: Done): void => {
    const { identity, topic } = own;
    const via = identity.kind === 'gateway' ? identity.gateway : undefined;
    const startedAtMs = performance.now();
    const isTaken = hold.take(
      via === undefined ? ownerOf(identity) : ownerOfDevice(topic.device),
      published.payload.length,
      (release) =>
        sink.take(messageOf(own, published, clock.now()), () => ends.acknowledge(startedAtMs, release, done)),
      via,
    );
    if (isTaken) return;
    // What cannot be stored can still be seen: a full disk must not darken the screens.
    sink.show(messageOf(own, published, clock.now()));
    ends.withoutRoom(client, identity, published.qos, done);
  };

export type Publications = {
  /** The hook of Aedes. */
  readonly authorize: Publish;
  /** The topic, if it is one of a device that the peer may publish for. The unit in it is for routing: which unit a device belongs to, the registry knows. */
  readonly own: (client: Client, topic: string) => Own | undefined;
  /** Takes a message on such a topic. `done` is called with an error when the connection is to be closed. */
  readonly takeOwn: (client: Client, own: Own, published: Published, done: Done) => void;
};

export const createPublications = (options: PublicationsOptions): Publications => {
  const ends = createEnds(options);
  const findTopic = createTopics(options.maxTopics);
  const refuse = createRefusing(options, ends);
  const takeOwn = createTaking(options, ends);

  const own: Publications['own'] = (client, text) => {
    const identity = identityOf(client);
    if (!identity || !isPublisher(identity)) return undefined;
    const topic = findTopic(text);
    return topic && identity.credential.mayPublishFor(topic.device) ? { identity, topic } : undefined;
  };

  const refuseOther = (client: Client, identity: PublisherIdentity, published: Published, done: Done): void => {
    const { topic, payload, qos } = published;
    const { device, via } =
      identity.kind === 'gateway'
        ? { device: identity.gateway, via: identity.gateway }
        : { ...identity, via: undefined };
    const message = { device, via, topic, payload, receivedAt: options.clock.now(), qos };
    refuse({ client, identity, message, topic: findTopic(topic), qos, done });
  };

  return {
    own,
    takeOwn,
    authorize(client, packet, done) {
      const identity = identityOf(client);
      if (!client || !identity) return done(new RefusedError('nobody'));
      if (packet.topic.startsWith('$')) {
        // A mosquitto bridge publishes its own state there. Closing its connection would make it reconnect for ever.
        ends.note(client, identity, 'topic-reserved', `${packet.topic} was not taken in`);
        return done(null);
      }
      if (!isPublisher(identity)) {
        const detail = `${packet.topic}: only devices and gateways may publish`;
        return done(ends.notYou(client, identity, 'not-a-device', detail));
      }
      const { topic, qos } = packet;
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      const published = { topic, payload, qos, isRepeat: packet.retain || packet.dup };
      const found = own(client, topic);
      if (found) takeOwn(client, found, published, done);
      else refuseOther(client, identity, published, done);
    },
  };
};
