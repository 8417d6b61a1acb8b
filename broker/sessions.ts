import { Readable } from 'node:stream';
import type { Aedes, AedesPublishPacket, Client } from 'aedes';
import { Counter, Gauge, type Registry as MetricsRegistry } from 'prom-client';
import { LIVE_TOPIC_PREFIX } from '#contracts/mqtt/topics.ts';
import type { Logger } from '#platform/log.ts';

/**
 * Sessions of integrations that outlive their connection (clean session 0), with the alarm frames they have not
 * acknowledged: in memory, in order, and bounded.
 *
 *   announce ─QoS 1─▶ queue of each session ─▶ its connection, if there is one ─▶ PUBACK takes it off
 *                                          ╰▶ on reconnection: all that is left, from the oldest
 *
 * Aedes has such queues too, but without a bound, and what is announced while an integration reconnects overtakes in
 * them what waits. So its queues are replaced, and everything for a session goes through ours.
 */
export type Sessions = {
  /** For Aedes: keeps it from delivering by itself what goes through a queue, and from piling up for who does not read. */
  readonly authorizeForward: (client: Client, packet: AedesPublishPacket) => AedesPublishPacket | null;
  /** Replaces the queues of Aedes. To be called once it listens, because only then has it a persistence. */
  readonly takeOver: (aedes: Aedes) => void;
  readonly connected: (client: Client, owner: string) => void;
  readonly disconnected: (client: Client) => void;
  /** Whether somebody who is not connected waits for messages. */
  readonly isAwaited: () => boolean;
};

export type SessionBounds = {
  /** Of messages not acknowledged; past it the session is ended, and the integration is told so by the next CONNACK. */
  readonly maxBytes: number;
  /** Past it the one that was away longest is ended, of the owner that has most of them. */
  readonly maxAbsent: number;
};

/** Unread bytes past which a connection gets nothing that something newer follows. */
const MAX_UNREAD_BYTES = 4 * 2 ** 20;

/** What a message costs beside its payload, roughly. */
const OVERHEAD_BYTES = 1_024;

// Aedes's client and persistence as its lib/client.js and lib/handlers use them; not in its types.
type Deliverable = Omit<AedesPublishPacket, 'brokerId' | 'messageId'> & {
  readonly brokerId: undefined;
  readonly messageId: number | undefined;
};
type WithDelivery = Client & {
  readonly clean: boolean;
  readonly deliverQoS: (packet: Deliverable, done: () => void) => void;
};
type Outgoing = { readonly cmd: string; readonly qos?: number; readonly brokerCounter?: number; messageId?: number };
type WithQueues = {
  persistence: {
    cleanSubscriptions: (client: { id: string }) => Promise<unknown>;
    outgoingEnqueueCombi: (
      subscriptions: { clientId: string; topic: string }[],
      packet: AedesPublishPacket,
    ) => Promise<void>;
    outgoingUpdate: (client: Client, packet: Outgoing) => Promise<void>;
    outgoingClearMessageId: (client: Client, packet: Outgoing) => Promise<AedesPublishPacket | undefined>;
    outgoingStream: (client: Client) => Readable;
  };
};

/** `messageId` is there once it was sent. */
type Entry = { readonly packet: AedesPublishPacket; messageId: number | undefined };
type Session = {
  readonly id: string;
  readonly owner: string;
  readonly entries: Entry[];
  bytes: number;
  client: WithDelivery | undefined;
};

const ignore = (): void => {};
const costOf = ({ packet }: Entry): number => packet.payload.length + OVERHEAD_BYTES;

const deliver = (client: WithDelivery, { packet, messageId }: Entry): void =>
  // Without a broker id it is no duplicate of what came by the usual way, and is known as ours below.
  client.deliverQoS({ ...packet, brokerId: undefined, messageId, dup: messageId !== undefined }, ignore);

// By the counter that Aedes gives each publication; what is looked for is nearly always among the newest.
const findEntry = (session: Session | undefined, brokerCounter: number | undefined): Entry | undefined =>
  session?.entries.findLast(({ packet }) => packet.brokerCounter === brokerCounter);

const remove = (session: Session, entry: Entry): void => {
  session.entries.splice(session.entries.indexOf(entry), 1);
  session.bytes -= costOf(entry);
};

export const createSessions = ({
  bounds,
  log,
  metrics,
  onEnded = ignore,
}: {
  bounds: SessionBounds;
  log: Logger;
  metrics: MetricsRegistry;
  onEnded?: (id: string) => void;
}): Sessions => {
  /** Those that are away stand in the order in which they went. */
  const sessions = new Map<string, Session>();
  const ended = new Counter({
    name: 'wardwatch_mqtt_sessions_ended_total',
    help: 'Sessions of integrations that were ended with the messages in them, by reason.',
    labelNames: ['reason'],
    registers: [metrics],
  });
  const skipped = new Counter({
    name: 'wardwatch_mqtt_skipped_total',
    help: 'Frames at QoS 0 that an integration did not get because it does not read.',
    registers: [metrics],
  });
  new Gauge({
    name: 'wardwatch_mqtt_session_messages',
    help: 'Alarm frames kept for integrations until they acknowledge them.',
    registers: [metrics],
    collect() {
      this.set([...sessions.values()].reduce((sum, { entries }) => sum + entries.length, 0));
    },
  });
  let forget: (id: string) => void = ignore;

  const end = ({ id, client }: Session, reason: 'full' | 'too many'): void => {
    ended.inc({ reason });
    log.warn({ client: id, reason }, 'the session of an integration was ended: it did not fetch its alarms');
    sessions.delete(id);
    forget(id);
    onEnded(id);
    client?.close();
  };

  const enqueue = (session: Session, packet: AedesPublishPacket): void => {
    const entry: Entry = { packet, messageId: undefined };
    session.entries.push(entry);
    session.bytes += costOf(entry);
    if (session.bytes > bounds.maxBytes) end(session, 'full');
    else if (session.client) deliver(session.client, entry);
  };

  const absent = (): Session[] => [...sessions.values()].filter(({ client }) => !client);

  /** One owner must not push out what the others have left waiting. */
  const longestOfHeaviest = (away: readonly Session[]): Session | undefined => {
    const ofOwner = ({ owner }: Session): number => away.filter((other) => other.owner === owner).length;
    const most = Math.max(...away.map(ofOwner));
    return away.find((session) => ofOwner(session) === most);
  };

  return {
    authorizeForward(client, packet) {
      if (packet.qos === 0) {
        if (client.conn.writableLength <= MAX_UNREAD_BYTES) return packet;
        skipped.inc();
        return null;
      }
      // Ours on its way.
      if (packet.brokerId === undefined) return packet;
      return findEntry(sessions.get(client.id), packet.brokerCounter) ? null : packet;
    },

    takeOver(aedes) {
      const { persistence } = aedes as unknown as WithQueues;
      forget = (id) => void persistence.cleanSubscriptions({ id });
      Object.assign(persistence, {
        async outgoingEnqueueCombi(subscriptions, packet) {
          const live = subscriptions.filter(({ topic }) => topic.startsWith(LIVE_TOPIC_PREFIX));
          for (const id of new Set(live.map(({ clientId }) => clientId))) {
            const session = sessions.get(id);
            if (session) enqueue(session, packet);
          }
        },
        async outgoingUpdate({ id }, { cmd, qos, brokerCounter, messageId }) {
          if (cmd !== 'publish') throw new Error('no such packet');
          const session = sessions.get(id);
          const entry = findEntry(session, brokerCounter);
          if (!session || !entry) return;
          entry.messageId = messageId;
          // Aedes sends at QoS 0 when one of several subscriptions says so: there will be no acknowledgement.
          if (qos === 0) remove(session, entry);
        },
        async outgoingClearMessageId({ id }, { messageId }) {
          const session = sessions.get(id);
          if (!session || messageId === undefined) return undefined;
          const entry = session.entries.find((candidate) => candidate.messageId === messageId);
          if (entry) remove(session, entry);
          return entry?.packet;
        },
        outgoingStream: () => Readable.from([]),
      } satisfies Partial<WithQueues['persistence']>);
    },

    connected(client, owner) {
      const connection = client as WithDelivery;
      if (connection.clean) {
        sessions.delete(client.id);
        return;
      }
      const made = { id: client.id, owner, entries: [], bytes: 0, client: undefined };
      const session: Session = sessions.get(client.id) ?? made;
      sessions.set(client.id, session);
      session.client = connection;
      for (const entry of session.entries) deliver(connection, entry);
    },

    disconnected(client) {
      const session = sessions.get(client.id);
      if (session?.client !== client) return;
      session.client = undefined;
      sessions.delete(session.id);
      sessions.set(session.id, session);
      const away = absent();
      const longest = longestOfHeaviest(away);
      if (longest && away.length > bounds.maxAbsent) end(longest, 'too many');
    },

    isAwaited: () => absent().length > 0,
  };
};
