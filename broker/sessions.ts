import type { Aedes, AedesPublishPacket, Client } from 'aedes';
import { Counter, Gauge, type Registry as MetricsRegistry } from 'prom-client';
import type { Logger } from '#platform/log.ts';
import { internalsOf } from './aedes-internals.ts';
import { addEntry, deliver, findEntry, newSession, type Session } from './session.ts';
import { replaceQueues } from './session-queues.ts';

/**
 * The sessions of integrations that outlive their connection (clean session 0), and the alarm frames they have not
 * acknowledged yet: kept in memory, in order, and bounded.
 *
 *   announce ─QoS 1─▶ queue of each session ─▶ its connection, if there is one ─▶ PUBACK takes it off
 *                                          ╰▶ on reconnection: all that is left, from the oldest
 *
 * Aedes has such queues too, but they have no bound, and what is announced while an integration reconnects overtakes
 * what waits in them. So its queues are replaced, and everything for a session goes through ours.
 */
export type Sessions = {
  /** Aedes asks it before each delivery. It stops what goes through a queue of ours, and what a slow reader could not take. */
  readonly authorizeForward: (client: Client, packet: AedesPublishPacket) => AedesPublishPacket | null;
  /** Replaces the queues of Aedes. To be called once it listens, because only then has it a persistence. */
  readonly takeOver: (aedes: Aedes) => void;
  readonly connected: (client: Client, owner: string) => void;
  readonly disconnected: (client: Client) => void;
  /** Whether somebody who is not connected waits for messages. */
  readonly isAwaited: () => boolean;
};

export type SessionBounds = {
  /** Bytes a session may leave unacknowledged. Past it the session ends; the next CONNACK tells the integration so. */
  readonly maxBytes: number;
  /** Sessions that may be away. Past it the owner that has most of them loses the one that was away longest. */
  readonly maxAbsent: number;
};

/** A connection with more unread bytes than this gets no frame at QoS 0: a newer one will follow. */
const MAX_UNREAD_BYTES = 4 * 2 ** 20;

const createMetrics = (metrics: MetricsRegistry, countMessages: () => number) => {
  new Gauge({
    name: 'wardwatch_mqtt_session_messages',
    help: 'Alarm frames kept for integrations until they acknowledge them.',
    registers: [metrics],
    collect() {
      this.set(countMessages());
    },
  });
  return {
    ended: new Counter({
      name: 'wardwatch_mqtt_sessions_ended_total',
      help: 'Sessions of integrations that were ended with the messages in them, by reason.',
      labelNames: ['reason'],
      registers: [metrics],
    }),
    skipped: new Counter({
      name: 'wardwatch_mqtt_skipped_total',
      help: 'Frames at QoS 0 that an integration did not get because it does not read.',
      registers: [metrics],
    }),
  };
};

/** The session to end: of the heaviest owner, so that one owner cannot push out what the others left waiting. */
const longestOfHeaviest = (away: readonly Session[]): Session | undefined => {
  const ofOwner = ({ owner }: Session): number => away.filter((other) => other.owner === owner).length;
  const most = Math.max(...away.map(ofOwner));
  return away.find((session) => ofOwner(session) === most);
};

type SessionsOptions = {
  readonly bounds: SessionBounds;
  readonly log: Logger;
  readonly metrics: MetricsRegistry;
  readonly onEnded?: (id: string) => void;
};

const ignore = (): void => {};

/** Keeps the sessions; those that are away stand in the order in which they went. */
const createStore = ({ bounds, log, onEnded = ignore }: SessionsOptions, onEnd: (reason: string) => void) => {
  const sessions = new Map<string, Session>();
  let forget: (id: string) => void = ignore;

  const end = ({ id, client }: Session, reason: 'full' | 'too many'): void => {
    onEnd(reason);
    log.warn({ client: id, reason }, 'the session of an integration was ended: it did not fetch its alarms');
    sessions.delete(id);
    forget(id);
    onEnded(id);
    client?.close();
  };

  const absent = (): Session[] => [...sessions.values()].filter(({ client }) => !client);

  return {
    absent,
    find: (id: string) => sessions.get(id),
    remove: (id: string): void => void sessions.delete(id),
    countMessages: () => [...sessions.values()].reduce((sum, { entries }) => sum + entries.length, 0),
    onForget(next: (id: string) => void): void {
      forget = next;
    },
    findOrAdd(id: string, owner: string): Session {
      const session = sessions.get(id) ?? newSession(id, owner);
      sessions.set(id, session);
      return session;
    },
    enqueue(session: Session, packet: AedesPublishPacket): void {
      const entry = addEntry(session, packet);
      if (session.bytes > bounds.maxBytes) end(session, 'full');
      else if (session.client) deliver(session.client, entry);
    },
    goAway(session: Session): void {
      session.client = undefined;
      sessions.delete(session.id);
      sessions.set(session.id, session);
      const away = absent();
      const longest = longestOfHeaviest(away);
      if (longest && away.length > bounds.maxAbsent) end(longest, 'too many');
    },
  };
};

export const createSessions = (options: SessionsOptions): Sessions => {
  const store = createStore(options, (reason) => ended.inc({ reason }));
  const { ended, skipped } = createMetrics(options.metrics, store.countMessages);

  return {
    authorizeForward(client, packet) {
      if (packet.qos === 0) {
        if (client.conn.writableLength <= MAX_UNREAD_BYTES) return packet;
        skipped.inc();
        return null;
      }
      // It comes from a queue of ours.
      if (packet.brokerId === undefined) return packet;
      return findEntry(store.find(client.id), packet.brokerCounter) ? null : packet;
    },

    takeOver(aedes) {
      const { persistence } = internalsOf(aedes);
      store.onForget((id) => void persistence.cleanSubscriptions({ id }));
      replaceQueues(aedes, store);
    },

    connected(client, owner) {
      if (client.clean) return store.remove(client.id);
      const session = store.findOrAdd(client.id, owner);
      session.client = client;
      for (const entry of session.entries) deliver(client, entry);
    },

    disconnected(client) {
      const session = store.find(client.id);
      if (session?.client === client) store.goAway(session);
    },

    isAwaited: () => store.absent().length > 0,
  };
};
