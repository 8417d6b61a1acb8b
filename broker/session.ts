import type { AedesPublishPacket, Client } from 'aedes';
import { internalsOfClient } from './aedes-internals.ts';

/** One session of an integration, and what was announced to it and is not acknowledged, in order. */

/** `messageId` is there once it was sent. */
export type Entry = { readonly packet: AedesPublishPacket; messageId: number | undefined };
export type Session = {
  readonly id: string;
  readonly owner: string;
  readonly entries: Entry[];
  bytes: number;
  /** undefined while the integration is away. */
  client: Client | undefined;
};

/** What a message costs beside its payload, roughly. */
const OVERHEAD_BYTES = 1_024;

const ignore = (): void => {};
const costOf = ({ packet }: Entry): number => packet.payload.length + OVERHEAD_BYTES;

export const newSession = (id: string, owner: string): Session => ({
  id,
  owner,
  entries: [],
  bytes: 0,
  client: undefined,
});

export const addEntry = (session: Session, packet: AedesPublishPacket): Entry => {
  const entry: Entry = { packet, messageId: undefined };
  session.entries.push(entry);
  session.bytes += costOf(entry);
  return entry;
};

export const removeEntry = (session: Session, entry: Entry): void => {
  session.entries.splice(session.entries.indexOf(entry), 1);
  session.bytes -= costOf(entry);
};

// Aedes gives each publication a counter. The entry that is looked for is nearly always among the newest.
export const findEntry = (session: Session | undefined, brokerCounter: number | undefined): Entry | undefined =>
  session?.entries.findLast(({ packet }) => packet.brokerCounter === brokerCounter);

export const deliver = (client: Client, { packet, messageId }: Entry): void =>
  // Without a broker id Aedes does not take it for a duplicate of what came by the usual way, and we know it as ours.
  internalsOfClient(client).deliverQoS(
    { ...packet, brokerId: undefined, messageId, dup: messageId !== undefined },
    ignore,
  );
