import type { Readable } from 'node:stream';
import type { Aedes, AedesPublishPacket, Client, ConnectPacket, PublishPacket, Subscription } from 'aedes';

/**
 * What we use of Aedes and of its packet parser that its types leave out: lib/client.js, lib/handlers and the in-memory
 * persistence of Aedes, and parser.js of mqtt-packet. The version of Aedes is pinned for it, and tests/broker would notice
 * a change.
 */

type Done = (error?: Error | null) => void;

/** A packet on its way to one client. */
export type Deliverable = Omit<AedesPublishPacket, 'brokerId' | 'messageId'> & {
  readonly brokerId: undefined;
  readonly messageId: number | undefined;
};

export type Outgoing = {
  readonly cmd: string;
  readonly qos?: number;
  readonly brokerCounter?: number;
  messageId?: number;
};

export type AedesPersistence = {
  /** All filters of a SUBSCRIBE are stored, once for each of them that was authorised. */
  addSubscriptions: (client: Client, subscriptions: Subscription[]) => Promise<void>;
  cleanSubscriptions: (client: { id: string }) => Promise<unknown>;
  outgoingEnqueueCombi: (
    subscriptions: { clientId: string; topic: string }[],
    packet: AedesPublishPacket,
  ) => Promise<void>;
  outgoingUpdate: (client: Client, packet: Outgoing) => Promise<void>;
  outgoingClearMessageId: (client: Client, packet: Outgoing) => Promise<AedesPublishPacket | undefined>;
  outgoingStream: (client: Client) => Readable;
  /** What QoS 2 keeps to take a message once. */
  incomingStorePacket: (client: Client, packet: object) => Promise<void>;
  cleanIncoming: (client: Client) => Promise<void>;
};

export type AedesInternals = {
  readonly clients: Readonly<Record<string, Client | undefined>>;
  /** There once it listens, and not before. */
  readonly persistence: AedesPersistence;
  /** It calls its own verb with the client whose message it is. */
  publish: (packet: PublishPacket, clientOrDone: Client | Done | null, done?: Done) => void;
  readonly handle: (stream: NodeJS.ReadWriteStream) => Client;
};

export const internalsOf = (aedes: Aedes): AedesInternals => aedes as unknown as AedesInternals;

export type ClientInternals = {
  readonly deliverQoS: (packet: Deliverable, done: () => void) => void;
  /** The packets in hand. It reads on when the last of them is done. */
  _parsingBatch: number;
  /** A packet is done; with an error, and the connection is closed. */
  readonly _nextBatch: (error?: Error | null) => void;
  /** Calls back when the peer has read enough of what was written to it, or with an error when it is closed for not reading. */
  readonly waitForDrain: (done: (error: Error | null) => void) => void;
  /** Runs out when nothing was heard for one and a half times the keepalive. */
  readonly _keepaliveTimer: NodeJS.Timeout | null;
  /** It knows kind and length of a packet as soon as the fixed header is read. */
  readonly _parser: {
    readonly packet: { readonly cmd: string | null; readonly length: number };
    /** What was read and not parsed, and how far into a packet it is: 0 between two packets. */
    readonly _list: { readonly length: number };
    readonly _stateCounter: number;
    parse: (bytes: Buffer) => number;
    prependListener: (event: 'error', listener: (error: Error) => void) => void;
  };
};

export const internalsOfClient = (client: Client): ClientInternals => client as unknown as ClientInternals;

/** A CONNECT with its length, and with the version of a protocol that Aedes itself would answer with CONNACK 1. */
export const connectOf = (packet: ConnectPacket): { readonly length: number; readonly protocolVersion?: number } =>
  packet as ConnectPacket & { length: number; protocolVersion?: number };
