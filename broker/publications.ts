import type { AedesOptions, Client } from 'aedes';
import { Counter, Histogram, type Registry as MetricsRegistry } from 'prom-client';
import type { RefusalReason } from '#contracts/http/refusals.ts';
import { type DeviceTopic, parseTopic } from '#contracts/mqtt/topics.ts';
import type { DeviceMessage, IntakeSink } from '#contracts/ports/intake.ts';
import type { WallClock } from '#platform/clock.ts';
import type { Hold } from './hold.ts';
import { type Identity, identityOf, ownerOf } from './identity.ts';
import { linkOf } from './links.ts';
import type { Refusals } from './refusals.ts';
import { RefusedError } from './refused-error.ts';

/**
 * What devices publish, on its way to the sink and back.
 *
 * Aedes acknowledges before it routes, so its `authorizePublish` is the only place where "acknowledged" can be made to
 * mean "stored". An error from it closes the connection: that says "not you", never "bad payload".
 */

type Publish = NonNullable<AedesOptions['authorizePublish']>;
type Packet = Parameters<Publish>[1];
type Done = Parameters<Publish>[2];
type Device = Extract<Identity, { readonly kind: 'device' }>;

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

  const note = (client: Client, identity: Identity, reason: RefusalReason, detail: string): void => {
    const name = identity.kind === 'device' ? identity.device : ownerOf(identity);
    refusals.note({ reason, name, address: linkOf(client).address, detail });
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
    withoutRoom(client: Client, identity: Device, qos: number, done: Done): void {
      if (qos === 0) dropped.inc();
      const detail = 'more was sent than can wait to be stored';
      done(qos === 0 ? null : notYou(client, identity, 'too-much-unacknowledged', detail));
    },
  };
};

type Ends = ReturnType<typeof createEnds>;

type Misplaced = {
  readonly client: Client;
  readonly identity: Device;
  readonly message: Omit<DeviceMessage, 'channel' | 'isRepeat'>;
  /** The topic of another device; undefined when it is the topic of none. */
  readonly topic: DeviceTopic | undefined;
  readonly qos: number;
  readonly done: Done;
};

/** Hands over a message on a topic that is not its sender's own. */
const createRefusing =
  ({ sink, hold }: PublicationsOptions, ends: Ends) =>
  ({ client, identity, message, topic, qos, done }: Misplaced): void => {
    const startedAtMs = performance.now();
    const isTaken = hold.take(ownerOf(identity), message.payload.length, (release) => {
      if (!topic) {
        const detail = 'expected ward/v1/{unit}/{device}/vitals, waves or status';
        return sink.refuse({ ...message, reason: 'topic-invalid', detail }, () =>
          ends.acknowledge(startedAtMs, release, done),
        );
      }
      sink.refuse({ ...message, reason: 'topic-not-yours', detail: `this is ${identity.device}` }, () => {
        release();
        done(ends.notYou(client, identity, 'topic-of-another', `${message.topic} is of ${topic.device}`));
      });
    });
    if (!isTaken) ends.withoutRoom(client, identity, qos, done);
  };

// This runs for every message: functions that a message made and named itself would cost as much as what they do.
const createTaking = (options: PublicationsOptions, ends: Ends) => {
  const { sink, hold, clock } = options;
  const findTopic = createTopics(options.maxTopics);
  const refuse = createRefusing(options, ends);

  /** The unit in a topic is for routing: which unit a device belongs to, the registry knows. */
  return (client: Client, identity: Device, packet: Packet, done: Done) => {
    const { device } = identity;
    const { qos } = packet;
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    const receivedAt = clock.now();
    const topic = findTopic(packet.topic);
    if (topic?.device !== device) {
      const message = { device, topic: packet.topic, payload, receivedAt, qos };
      return refuse({ client, identity, message, topic, qos, done });
    }
    const message: DeviceMessage = {
      device,
      channel: topic.channel,
      topic: packet.topic,
      payload,
      receivedAt,
      isRepeat: packet.retain || packet.dup,
      qos,
    };
    const startedAtMs = performance.now();
    const isTaken = hold.take(ownerOf(identity), payload.length, (release) =>
      sink.take(message, () => ends.acknowledge(startedAtMs, release, done)),
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
    if (identity.kind === 'device') return take(client, identity, packet, done);
    done(ends.notYou(client, identity, 'not-a-device', `${packet.topic}: only devices may publish`));
  };
};
