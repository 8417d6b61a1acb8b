import { Readable } from 'node:stream';
import type { Aedes, AedesPublishPacket } from 'aedes';
import { LIVE_TOPIC_PREFIX } from '#contracts/mqtt/topics.ts';
import { type AedesPersistence, internalsOf } from './aedes-internals.ts';
import { findEntry, removeEntry, type Session } from './session.ts';

/** Puts our queues of sessions in the place of those of Aedes, which have no bound and let what is new overtake. */
export const replaceQueues = (
  aedes: Aedes,
  {
    find,
    enqueue,
  }: {
    find: (id: string) => Session | undefined;
    enqueue: (session: Session, packet: AedesPublishPacket) => void;
  },
): void => {
  Object.assign(internalsOf(aedes).persistence, {
    async outgoingEnqueueCombi(subscriptions, packet) {
      const live = subscriptions.filter(({ topic }) => topic.startsWith(LIVE_TOPIC_PREFIX));
      for (const id of new Set(live.map(({ clientId }) => clientId))) {
        const session = find(id);
        if (session) enqueue(session, packet);
      }
    },
    async outgoingUpdate({ id }, { cmd, qos, brokerCounter, messageId }) {
      if (cmd !== 'publish') throw new Error('no such packet');
      const session = find(id);
      const entry = findEntry(session, brokerCounter);
      if (!session || !entry) return;
      entry.messageId = messageId;
      // Aedes sends at QoS 0 when one of several subscriptions asks for it: there will be no acknowledgement.
      if (qos === 0) removeEntry(session, entry);
    },
    async outgoingClearMessageId({ id }, { messageId }) {
      const session = find(id);
      if (!session || messageId === undefined) return undefined;
      const entry = session.entries.find((candidate) => candidate.messageId === messageId);
      if (entry) removeEntry(session, entry);
      return entry?.packet;
    },
    outgoingStream: () => Readable.from([]),
  } satisfies Partial<AedesPersistence>);
};
