import { publishPacket, VITALS_BODY } from './packets.ts';

/** What a device has kept while it had no connection: a message a second, sent as arrays of some of them. */
export type Backlog = {
  /** The next batch as a packet; undefined when none is left. */
  readonly next: () => ((packetId: number) => Buffer) | undefined;
};

const SECOND_MS = 1_000;

export const createBacklog = ({
  topic,
  boot,
  messages,
  batch,
  untilMs,
}: {
  topic: string;
  boot: string;
  messages: number;
  /** Messages of one packet. */
  batch: number;
  /** The newest is a second older. Epoch milliseconds. */
  untilMs: number;
}): Backlog => {
  const { vitals }: { vitals: object } = JSON.parse(`{${VITALS_BODY}}`);
  let sent = 0;
  return {
    next() {
      if (sent >= messages) return undefined;
      const from = sent;
      sent = Math.min(messages, from + batch);
      const payload = Array.from({ length: sent - from }, (_, index) => ({
        time: Math.round(untilMs - (messages - from - index) * SECOND_MS),
        boot,
        seq: from + index,
        vitals,
      }));
      return (packetId) => publishPacket(topic, packetId, payload);
    },
  };
};
