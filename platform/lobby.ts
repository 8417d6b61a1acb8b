import type { Socket } from 'node:net';
import { type Clock, systemClock } from './clock.ts';

/**
 * Where connections of all listeners stand until they have said who they are. The lobby is small, so that strangers
 * cannot take the places of those who are known; and it is the heaviest address that gives up its oldest connection when
 * it is full, so that whoever says at once who it is gets in, however many keep silent.
 */
export type Lobby = {
  readonly enter: (socket: Socket) => void;
  /** It has said who it is. `socket` may be the TLS socket over the one that entered. */
  readonly letIn: (socket: Socket) => void;
  readonly strangers: () => number;
};

/** `full`: there was no room for all; `of-one-address`: too many came from one address and kept silent. */
export type TurnedAway = 'full' | 'of-one-address';

export type LobbyBounds = {
  readonly maxStrangers: number;
  /**
   * How many silent connections of one address may stay for longer than a moment: a ward behind one gateway may come
   * back all at once.
   */
  readonly maxOfOneAddress: number;
};

type Stranger = { readonly socket: Socket; readonly address: string; readonly key: string; readonly sinceMs: number };

const PATIENCE_MS = 3_000;
const LOOK_EVERY_MS = 250;

/** IPv4 as it is, IPv6 by its first 64 bits: within those a peer chooses freely. */
export const addressGroup = (address: string): string => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('%')[0]?.split('::') ?? [];
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  const all = tail === undefined ? first : [...first, ...middle, ...last];
  return `${all.slice(0, 4).join(':')}::/64`;
};

/** The same for a TLS socket and for the one under it. */
const keyOf = ({ localPort, remoteAddress, remotePort }: Socket): string =>
  `${localPort} ${remoteAddress} ${remotePort}`;

/** Who stands in the lobby: by connection, and by address in the order in which they came. */
const createCrowd = () => {
  const strangers = new Map<string, Stranger>();
  const byAddress = new Map<string, Set<Stranger>>();
  return {
    size: () => strangers.size,
    find: (key: string) => strangers.get(key),
    addresses: () => byAddress.values(),
    /** Answers how many of its address there are with it. */
    add(stranger: Stranger): number {
      strangers.set(stranger.key, stranger);
      const ofOne = byAddress.get(stranger.address) ?? new Set();
      byAddress.set(stranger.address, ofOne.add(stranger));
      return ofOne.size;
    },
    remove(stranger: Stranger): void {
      if (strangers.get(stranger.key) !== stranger) return;
      strangers.delete(stranger.key);
      const others = byAddress.get(stranger.address);
      others?.delete(stranger);
      if (others?.size === 0) byAddress.delete(stranger.address);
    },
    oldestOfHeaviest(): Stranger | undefined {
      let heaviest: Set<Stranger> | undefined;
      for (const ofOne of byAddress.values()) if (ofOne.size > (heaviest?.size ?? 0)) heaviest = ofOne;
      const [oldest] = heaviest ?? [];
      return oldest;
    },
  };
};

export const createLobby = ({
  bounds,
  onTurnedAway,
  patienceMs = PATIENCE_MS,
  clock = systemClock,
}: {
  bounds: LobbyBounds;
  onTurnedAway: (address: string, reason: TurnedAway) => void;
  patienceMs?: number;
  clock?: Pick<Clock, 'after' | 'elapsed'>;
}): Lobby => {
  const crowd = createCrowd();
  let isLooking = false;

  const turnAway = (stranger: Stranger, reason: TurnedAway): void => {
    crowd.remove(stranger);
    stranger.socket.destroy();
    onTurnedAway(stranger.address, reason);
  };

  const look = (): void => {
    isLooking = false;
    const silentSinceMs = clock.elapsed() - patienceMs;
    for (const ofOne of crowd.addresses()) {
      for (const stranger of ofOne) {
        if (ofOne.size <= bounds.maxOfOneAddress || stranger.sinceMs > silentSinceMs) break;
        turnAway(stranger, 'of-one-address');
      }
      if (ofOne.size > bounds.maxOfOneAddress) lookSoon();
    }
  };

  const lookSoon = (): void => {
    if (!isLooking) clock.after(LOOK_EVERY_MS, look, 'background');
    isLooking = true;
  };

  return {
    enter(socket) {
      // The connection ended before it could be looked at.
      if (socket.remoteAddress === undefined) return void socket.destroy();
      const oldest = crowd.size() >= bounds.maxStrangers ? crowd.oldestOfHeaviest() : undefined;
      if (oldest) turnAway(oldest, 'full');
      const address = addressGroup(socket.remoteAddress);
      const stranger: Stranger = { socket, address, key: keyOf(socket), sinceMs: clock.elapsed() };
      const ofOne = crowd.add(stranger);
      socket.once('close', () => crowd.remove(stranger));
      if (ofOne > bounds.maxOfOneAddress) lookSoon();
    },
    letIn(socket) {
      const stranger = crowd.find(keyOf(socket));
      if (stranger) crowd.remove(stranger);
    },
    strangers: crowd.size,
  };
};
