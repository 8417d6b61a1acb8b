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
type Packet = Parameters<Publish>[1];
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

// This runs for every message: functions that a message made and named itself would cost as much as what they do.
const createTaking = (options: PublicationsOptions, ends: Ends) => {
  const { sink, hold, clock } = options;
  const findTopic = createTopics(options.maxTopics);
  const refuse = createRefusing(options, ends);

  /** The unit in a topic is for routing: which unit a device belongs to, the registry knows. */
  return (client: Client, identity: PublisherIdentity, packet: Packet, done: Done) => {
    const { qos } = packet;
    const via = identity.kind === 'gateway' ? identity.gateway : undefined;
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    const receivedAt = clock.now();
    const topic = findTopic(packet.topic);
    if (!topic || !identity.credential.mayPublishFor(topic.device)) {
      const message = { device: userOf(identity), via, topic: packet.topic, payload, receivedAt, qos };
      return refuse({ client, identity, message, topic, qos, done });
    }
    const message: DeviceMessage = {
      device: topic.device,
      via,
      channel: topic.channel,
      topic: packet.topic,
      payload,
      receivedAt,
      isRepeat: packet.retain || packet.dup,
      qos,
    };
    const startedAtMs = performance.now();
    const isTaken = hold.take(
      via === undefined ? ownerOf(identity) : ownerOfDevice(topic.device),
      payload.length,
      (release) => sink.take(message, () => ends.acknowledge(startedAtMs, release, done)),
      via,
    );
    if (isTaken) return;
    // What cannot be stored can still be seen: a full disk must not darken the screens.
    sink.show(message);
    ends.withoutRoom(client, identity, qos, done);
  };
};

export const createPublications = (options: PublicationsOptions): Publish => {
  const ends = createEnds(options);
  const take = createTaking(options, ends);
  return (client, packet, done) => {
    const identity = identityOf(client);
    if (!client || !identity) return done(new RefusedError('nobody'));
    if (packet.topic.startsWith('$')) {
      // A mosquitto bridge publishes its own state there. Closing its connection would make it reconnect for ever.
      ends.note(client, identity, 'topic-reserved', `${packet.topic} was not taken in`);
      return done(null);
    }
    if (isPublisher(identity)) return take(client, identity, packet, done);
    done(ends.notYou(client, identity, 'not-a-device', `${packet.topic}: only devices and gateways may publish`));
  };
};
