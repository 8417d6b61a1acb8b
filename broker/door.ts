import type { AedesOptions, AuthenticateError, Client, ConnectPacket } from 'aedes';
import type { RefusalReason } from '#contracts/http/refusals.ts';
import { connectOf } from './aedes-internals.ts';
import { type Authenticate, TOKEN_USER } from './auth.ts';
import { faultOfClientId, placeOf } from './client-ids.ts';
import { UNSUPPORTED_PROTOCOL_VERSION } from './connacks.ts';
import { type Identity, isPublisher, setIdentity, userOf } from './identity.ts';
import { type Link, linkOf } from './links.ts';
import { MAX_CONNECT_BYTES } from './packet-guard.ts';
import type { Refusals } from './refusals.ts';
import { RefusedError } from './refused-error.ts';
import type { Seats } from './seats.ts';
import { createTakeOvers, isAlive } from './take-overs.ts';

/** Who gets in: each CONNECT is answered, with 0 or with the code of MQTT 3.1.1 (3.2.2.3) that says why not. */

const IDENTIFIER_REJECTED = 2;
const SERVER_UNAVAILABLE = 3;
const BAD_CREDENTIALS = 4;

class NotLetInError extends Error implements AuthenticateError {
  override readonly name = 'NotLetInError';
  readonly reason: RefusalReason;
  readonly returnCode: 2 | 3 | 4;
  constructor(reason: RefusalReason, returnCode: 2 | 3 | 4, detail: string) {
    super(detail);
    this.reason = reason;
    this.returnCode = returnCode;
  }
}

const shorten = (text: string): string => (text.length > 64 ? `${text.slice(0, 64)}…` : text);

export type DoorOptions = {
  readonly authenticate: Authenticate;
  readonly seats: Seats;
  readonly refusals: Refusals;
  /** The connection that has this place now. */
  readonly findConnected: (place: string) => Client | undefined;
  readonly maxKeepaliveMs: number;
  readonly onLetIn: (client: Client, identity: Identity) => void;
};

export type Door = Required<Pick<AedesOptions, 'preConnect' | 'authenticate'>>;

/**
 * Every keepalive is legal. A device that wants none, or a long one, is served with ours: it sends all the time, and
 * one that vanished must be known for it. An integration may listen for long: its connection is tested by TCP.
 */
const adaptKeepalive = (client: Client, packet: ConnectPacket, maxKeepaliveMs: number): void => {
  const { keepalive = 0 } = packet;
  const maxKeepaliveSeconds = Math.max(1, Math.ceil(maxKeepaliveMs / 1_000));
  if (keepalive > 0 && keepalive <= maxKeepaliveSeconds) return;
  if (packet.username === TOKEN_USER) linkOf(client).socket.setKeepAlive(true, maxKeepaliveMs);
  else packet.keepalive = maxKeepaliveSeconds;
};

/** Looks at a CONNECT as it comes, before anybody is asked who sent it. */
const createPreConnect =
  ({ refusals, maxKeepaliveMs }: DoorOptions): Door['preConnect'] =>
  (client, packet, callback) => {
    const link = linkOf(client);
    link.name = packet.username ?? '';
    link.clientId = packet.clientId;
    // Aedes makes one up. Whoever has not proved who it is has no client id that could be that of another.
    packet.clientId = '';
    const { length, protocolVersion = 4 } = connectOf(packet);
    const refuse = (reason: RefusalReason, detail: string): void => {
      link.isNoted = true;
      refusals.note({ reason, name: link.name, address: link.address, detail });
    };
    if (length > MAX_CONNECT_BYTES) {
      refuse('packet-too-large', `a CONNECT of ${length} bytes, at most ${MAX_CONNECT_BYTES}`);
      return callback(new RefusedError('packet too large'), false);
    }
    if (protocolVersion > 4) {
      refuse('protocol-version', `it speaks MQTT ${protocolVersion}, we speak MQTT 3.1.1`);
      const error = new RefusedError('protocol version');
      // Aedes would answer in the form of MQTT 3.1.1. It is too short for MQTT 5, and not every client knows it.
      client.conn.write(UNSUPPORTED_PROTOCOL_VERSION, () => callback(error, false));
      return;
    }
    adaptKeepalive(client, packet, maxKeepaliveMs);
    callback(null, true);
  };

const cameWith = ({ address, clientId }: Link): string =>
  `from ${address} with the client id ${shorten(clientId) || '(empty)'}`;

const explainTakeOver = (identity: Identity, link: Link): string => {
  const incumbent = `another is connected ${cameWith(link)}`;
  if (!isPublisher(identity)) return `${incumbent}: two have the same settings`;
  const remedy = `a second connection of one ${identity.kind} needs a client id that begins with ${userOf(identity)}:`;
  return `${incumbent}: two have the same settings, or ${remedy}`;
};

/** Answers who it is, with its place taken. Rejects with a NotLetInError, or a RefusedError when nobody is to be told. */
const createLetIn = ({ authenticate, seats, refusals, findConnected }: DoorOptions) => {
  const takeOvers = createTakeOvers();

  const identify = async (client: Client, username: string, password: Buffer): Promise<Identity> => {
    const identity = await authenticate(username, password, linkOf(client).address);
    if (!identity) throw new NotLetInError('bad-credentials', BAD_CREDENTIALS, 'bad user name or password');
    const fault = identity.kind === 'probe' ? undefined : faultOfClientId(linkOf(client).clientId, client.clean);
    if (fault) throw new NotLetInError('client-id', IDENTIFIER_REJECTED, fault);
    return identity;
  };

  /** The one it replaces, if there is one. */
  const findIncumbent = (identity: Identity, place: string): Client | undefined => {
    const incumbent = findConnected(place);
    if (!incumbent || takeOvers.mayTakeOver(place, linkOf(incumbent))) return incumbent;
    throw new NotLetInError('take-over', IDENTIFIER_REJECTED, explainTakeOver(identity, linkOf(incumbent)));
  };

  /** Two that come back seldom are never refused: they alternate. Only this tells of them. */
  const noteTakenOver = (incumbent: Link, by: Link): void => {
    if (incumbent.address === by.address || !isAlive(incumbent)) return;
    incumbent.isNoted = true;
    const detail = `its place was taken ${cameWith(by)}`;
    refusals.note({ reason: 'take-over', name: incumbent.name, address: incumbent.address, detail });
  };

  return async (client: Client, username: string, password: Buffer): Promise<Identity> => {
    const identity = await identify(client, username, password);
    if (client.conn.destroyed) throw new RefusedError('gone before it was let in');
    const place = placeOf(identity, linkOf(client).clientId, client.id);
    const incumbent = findIncumbent(identity, place);
    const noSeat = seats.take(identity, incumbent !== undefined);
    if (noSeat) throw new NotLetInError(noSeat, SERVER_UNAVAILABLE, 'all places are taken');
    client.conn.once('close', () => seats.release(identity));
    client.id = place;
    if (incumbent) noteTakenOver(linkOf(incumbent), linkOf(client));
    return identity;
  };
};

export const createDoor = (options: DoorOptions): Door => {
  const letIn = createLetIn(options);

  const noteRefusal = (client: Client, username: string, error: unknown): void => {
    const link = linkOf(client);
    link.isNoted = true;
    if (!(error instanceof NotLetInError)) return;
    options.refusals.note({ reason: error.reason, name: username, address: link.address, detail: error.message });
  };

  return {
    preConnect: createPreConnect(options),
    authenticate(client, username = '', password = Buffer.alloc(0), callback) {
      letIn(client, username, password).then(
        (identity) => {
          setIdentity(client, identity);
          options.onLetIn(client, identity);
          callback(null, true);
        },
        (error) => {
          noteRefusal(client, username, error);
          callback(error, false);
        },
      );
    },
  };
};
