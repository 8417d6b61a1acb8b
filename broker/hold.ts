/**
 * What was received and is not acknowledged yet: bounded in all and by owner, and taken in hand owner by owner.
 *
 *   message ─▶ queue of its owner ─▶ in hand, a few of each owner ─▶ stored
 *
 * Without turns a message waits behind all that others have sent before: one device at full speed over all of its
 * connections then delays the acknowledgements of everybody by seconds. With them it only waits behind itself.
 */
export type Hold = {
  /**
   * Calls `begin` when it is the owner's turn, at once if nothing of it waits; `begin` calls back when the message is
   * done. False: there is no room, and `begin` is not called.
   */
  readonly take: (owner: string, payloadBytes: number, begin: (done: () => void) => void) => boolean;
  /** Bytes of unfinished packets that are being received change by so much. False: there is no room for them. */
  readonly gather: (owner: string, changeBytes: number) => boolean;
  /** Messages, not bytes. */
  readonly held: () => number;
};

/** What a message costs beside its payload, roughly: packet, record and callbacks. */
const OVERHEAD_BYTES = 1_024;

/** Of one owner in hand: what a bed sends in a second or two, and a few milliseconds of work. */
const MAX_IN_HAND = 32;
const MAX_IN_HAND_BYTES = 64 * 1_024;

/** Of whom nothing is held: more than there are connections are not remembered, and fewer are not made anew for each message. */
const MAX_IDLE_OWNERS = 20_000;

/** Queues are taken from no longer than this before others are heard. */
const TURN_MS = 4;

type Waiting = { readonly bytes: number; readonly begin: (done: () => void) => void };
/** `queue` from `first` on: taking from its front costs nothing. */
type Owner = { queue: Waiting[]; first: number; bytes: number; inHand: number; inHandBytes: number };

export const createHold = ({ maxBytes, maxBytesOfOne }: { maxBytes: number; maxBytesOfOne: number }): Hold => {
  const owners = new Map<string, Owner>();
  /** Whose turn comes, in order. */
  const turns = new Map<string, Owner>();
  let isTurning = false;
  let bytes = 0;
  let held = 0;

  const forgetIdle = (): void => {
    for (const [name, { bytes: ofOne }] of owners) if (ofOne === 0) owners.delete(name);
  };

  const find = (name: string): Owner => {
    const known = owners.get(name);
    if (known) return known;
    if (owners.size >= MAX_IDLE_OWNERS) forgetIdle();
    const owner = { queue: [], first: 0, bytes: 0, inHand: 0, inHandBytes: 0 };
    owners.set(name, owner);
    return owner;
  };

  const account = (owner: Owner, changeBytes: number): void => {
    owner.bytes += changeBytes;
    bytes += changeBytes;
  };

  const hasRoom = (owner: Owner, changeBytes: number): boolean =>
    bytes + changeBytes <= maxBytes && owner.bytes + changeBytes <= maxBytesOfOne;

  const hasRoomInHand = ({ inHand, inHandBytes }: Owner, { bytes }: Waiting): boolean =>
    inHand === 0 || (inHand < MAX_IN_HAND && inHandBytes + bytes <= MAX_IN_HAND_BYTES);

  const takeInHand = (name: string, owner: Owner, waiting: Waiting): void => {
    owner.inHand++;
    owner.inHandBytes += waiting.bytes;
    waiting.begin(() => {
      owner.inHand--;
      owner.inHandBytes -= waiting.bytes;
      held--;
      account(owner, -waiting.bytes);
      if (owner.queue.length > 0) giveTurn(name, owner);
    });
  };

  const giveTurn = (name: string, owner: Owner): void => {
    turns.set(name, owner);
    takeTurnsSoon();
  };

  const takeTurnsSoon = (): void => {
    if (!isTurning) setImmediate(takeTurns);
    isTurning = true;
  };

  const takeTurns = (): void => {
    isTurning = false;
    const endsAt = performance.now() + TURN_MS;
    for (const [name, owner] of turns) {
      turns.delete(name);
      const waiting = owner.queue[owner.first];
      if (!waiting || !hasRoomInHand(owner, waiting)) continue;
      owner.first++;
      if (owner.first === owner.queue.length) {
        owner.queue = [];
        owner.first = 0;
      }
      takeInHand(name, owner, waiting);
      // At the end again, behind the others.
      if (owner.queue.length > 0) giveTurn(name, owner);
      if (performance.now() > endsAt) break;
    }
    if (turns.size > 0) takeTurnsSoon();
  };

  return {
    take(name, payloadBytes, begin) {
      const owner = find(name);
      const waiting = { bytes: payloadBytes + OVERHEAD_BYTES, begin };
      if (!hasRoom(owner, waiting.bytes)) return false;
      account(owner, waiting.bytes);
      held++;
      if (owner.queue.length === 0 && hasRoomInHand(owner, waiting)) takeInHand(name, owner, waiting);
      else owner.queue.push(waiting);
      return true;
    },
    gather(name, changeBytes) {
      const owner = find(name);
      const hasRoomForIt = changeBytes <= 0 || hasRoom(owner, changeBytes);
      if (hasRoomForIt) account(owner, changeBytes);
      return hasRoomForIt;
    },
    held: () => held,
  };
};
