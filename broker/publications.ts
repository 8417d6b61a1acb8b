import type { AedesOptions, Client } from 'aedes';
import { Counter, Gauge, Histogram, type Registry as MetricsRegistry } from 'prom-client';
import type { RefusalReason } from '#contracts/http/refusals.ts';
import type { RejectReason } from '#contracts/mqtt/messages.ts';
import { type Channel, type DeviceTopic, parseTopic } from '#contracts/mqtt/topics.ts';
import type { Hold } from './hold.ts';
import { type Identity, identityOf, ownerOf } from './identity.ts';
import { linkOf } from './links.ts';
import type { Refusals } from './refusals.ts';

/**
 * What devices publish, on its way to ingest and back.
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

export type PublicationSinks = {
  /** Calls back once the message is safe. */
  readonly admit: (publication: DevicePublication, onStored: () => void) => void;
  /** Shows it on screens and keeps nothing: for what there is no room to store, and which is not acknowledged. */
  readonly show: (publication: DevicePublication) => void;
  /** Keeps a message that was published where it does not belong. */
  readonly refuse: (publication: RefusedPublication, onStored: () => void) => void;
};

/** Thrown to Aedes to close a connection whose refusal has been noted. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

type Publish = NonNullable<AedesOptions['authorizePublish']>;
type Done = Parameters<Publish>[2];

export const createPublications = ({
  sinks,
  hold,
  refusals,
  maxTopics,
  now,
  metrics,
}: {
  sinks: PublicationSinks;
  hold: Hold;
  refusals: Refusals;
  /** That are remembered. */
  maxTopics: number;
  now: () => number;
  metrics: MetricsRegistry;
}): Publish => {
  const registers = [metrics];
  const ackSeconds = new Histogram({
    name: 'wardwatch_puback_seconds',
    help: 'From a message read off the socket to its acknowledgement.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5, 30],
    registers,
  });
  const dropped = new Counter({
    name: 'wardwatch_mqtt_dropped_total',
    help: 'Messages at QoS 0 that were shown and not stored, for want of room.',
    registers,
  });
  new Gauge({
    name: 'wardwatch_mqtt_held',
    help: 'Messages received and not acknowledged yet.',
    registers,
    collect() {
      this.set(hold.held());
    },
  });
  const topics = new Map<string, DeviceTopic>();

  const findTopic = (topic: string): DeviceTopic | undefined => {
    const known = topics.get(topic);
    if (known) return known;
    const parsed = parseTopic(topic);
    // Only devices' own topics are remembered, so a stranger to them cannot fill the memory.
    if (parsed && topics.size < maxTopics) topics.set(topic, parsed);
    return parsed;
  };

  const stored = (startedAt: number, release: () => void, done: Done): void => {
    release();
    ackSeconds.observe((performance.now() - startedAt) / 1_000);
    done(null);
  };

  const note = (client: Client, identity: Identity, reason: RefusalReason, detail: string): void => {
    const name = identity.kind === 'device' ? identity.device : ownerOf(identity);
    refusals.note({ reason, name, address: linkOf(client).address, detail });
  };

  /** What closes the connection, once it is noted. */
  const notYou = (client: Client, identity: Identity, reason: RefusalReason, detail: string): RefusedError => {
    linkOf(client).isNoted = true;
    note(client, identity, reason, detail);
    return new RefusedError(detail);
  };

  // It runs for every message: functions that it made and named itself would cost as much as what it does.
  return (client, packet, done) => {
    const identity = identityOf(client);
    if (!client || !identity) return done(new RefusedError('nobody'));
    if (packet.topic.startsWith('$')) {
      // The state of a bridge, as mosquitto sends it by itself: closing the connection would make it try for ever.
      note(client, identity, 'topic-reserved', `${packet.topic} was not taken in`);
      return done(null);
    }
    if (identity.kind !== 'device') {
      return done(notYou(client, identity, 'not-a-device', `${packet.topic}: only devices may publish`));
    }
    const { device } = identity;
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    const receivedAt = now();
    const topic = findTopic(packet.topic);
    // The unit in a topic is for routing: which unit a device belongs to, the registry knows.
    const own: DevicePublication | undefined =
      topic?.device === device
        ? {
            device,
            channel: topic.channel,
            topic: packet.topic,
            payload,
            receivedAt,
            isRepeat: packet.retain || packet.dup,
          }
        : undefined;

    const startedAt = performance.now();
    const isTaken = hold.take(ownerOf(identity), payload.length, (release) => {
      if (own) return sinks.admit(own, () => stored(startedAt, release, done));
      const misplaced = { device, topic: packet.topic, payload, receivedAt };
      if (topic) {
        return sinks.refuse({ ...misplaced, reason: 'topic-not-yours', detail: `this is ${device}` }, () => {
          release();
          done(notYou(client, identity, 'topic-of-another', `${packet.topic} is of ${topic.device}`));
        });
      }
      const detail = 'expected ward/v1/{unit}/{device}/vitals, waves or status';
      sinks.refuse({ ...misplaced, reason: 'topic-invalid', detail }, () => stored(startedAt, release, done));
    });
    if (isTaken) return;
    // What cannot be stored can still be seen: a full disk must not darken the screens.
    if (own) sinks.show(own);
    if (packet.qos > 0) {
      const detail = 'more was sent than can wait to be stored';
      return done(notYou(client, identity, 'too-much-unacknowledged', detail));
    }
    dropped.inc();
    done(null);
  };
};
