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
   * done. False: there is no room, and `begin` is not called. `carrier`: through whom it came, who brings the messages of
   * many owners and is bounded too.
   */
  readonly take: (
    owner: string,
    payloadBytes: number,
    begin: (done: () => void) => void,
    carrier?: string | undefined,
  ) => boolean;
  /** The bytes of unfinished packets of this owner change by so much. False: there is no room for them. */
  readonly gather: (owner: string, changeBytes: number) => boolean;
  /** How many messages are held. */
  readonly held: () => number;
  /** How many were held and are done. */
  readonly finished: () => number;
  /** The share of the room that whole messages take, 0 to 1. */
  readonly usedShare: () => number;
};

/** What a message costs beside its payload, roughly: packet, record and callbacks. */
const OVERHEAD_BYTES = 1_024;

/** What one owner may have in hand: as much as a bed sends in a second or two, and a few milliseconds of work. */
const MAX_IN_HAND = 32;
const MAX_IN_HAND_BYTES = 64 * 1_024;

/** Owners that are remembered while nothing of them is held: more than connections, so that none is made anew for each message. */
const MAX_IDLE_OWNERS = 20_000;

/**
 * What is larger is a backlog: it takes milliseconds of work, and thousands of devices may send one at once. It waits for a
 * turn even when nothing else does, so that what is measured now is taken between two of them, and it leaves a share of
 * the room to that.
 */
export const BACKLOG_BYTES = 8 * 1_024;
const ROOM_FOR_BACKLOGS = 0.75;

/** After so long the queues wait, so that the process can do other work. */
const TURN_MS = 4;

type Waiting = {
  readonly bytes: number;
  readonly begin: (done: () => void) => void;
  readonly carrier: string | undefined;
};
/** `queue` from `first` on: taking from its front costs nothing. */
type Owner = {
  readonly name: string;
  queue: Waiting[];
  first: number;
  bytes: number;
  inHand: number;
  inHandBytes: number;
};
type Bounds = {
  readonly maxBytes: number;
  readonly maxBytesOfOne: number;
  /** For all that comes through one carrier. */
  readonly maxBytesOfMany: number;
};

/** The owners of whom something is held, and how much that is for each and for all together. */
const createOwners = ({ maxBytes, maxBytesOfOne }: Bounds) => {
  const owners = new Map<string, Owner>();
  let allBytes = 0;

  const forgetIdle = (): void => {
    for (const [name, { bytes }] of owners) if (bytes === 0) owners.delete(name);
  };

  return {
    find(name: string): Owner {
      const known = owners.get(name);
      if (known) return known;
      if (owners.size >= MAX_IDLE_OWNERS) forgetIdle();
      const owner = { name, queue: [], first: 0, bytes: 0, inHand: 0, inHandBytes: 0 };
      owners.set(name, owner);
      return owner;
    },
    account(owner: Owner, changeBytes: number): void {
      owner.bytes += changeBytes;
      allBytes += changeBytes;
    },
    hasRoom(owner: Owner, changeBytes: number): boolean {
      const share = isBacklog(changeBytes) ? ROOM_FOR_BACKLOGS : 1;
      return allBytes + changeBytes <= maxBytes * share && owner.bytes + changeBytes <= maxBytesOfOne;
    },
  };
};

const isBacklog = (bytes: number): boolean => bytes > BACKLOG_BYTES;

const hasRoomInHand = ({ inHand, inHandBytes }: Owner, { bytes }: Waiting): boolean =>
  inHand === 0 || (inHand < MAX_IN_HAND && inHandBytes + bytes <= MAX_IN_HAND_BYTES);

/** The oldest that waits, off its queue; undefined when none does, or the owner has its hands full. */
const takeFirst = (owner: Owner): Waiting | undefined => {
  const waiting = owner.queue[owner.first];
  if (!waiting || !hasRoomInHand(owner, waiting)) return undefined;
  owner.first++;
  if (owner.first === owner.queue.length) {
    owner.queue = [];
    owner.first = 0;
  }
  return waiting;
};

/** Lets owners take their turns, in the order in which they asked, a few milliseconds at a time. */
const createTurns = (takeTurn: (owner: Owner) => void) => {
  const turns = new Set<Owner>();
  let isTurning = false;

  const goRound = (): void => {
    isTurning = false;
    const endsAt = performance.now() + TURN_MS;
    for (const owner of turns) {
      turns.delete(owner);
      takeTurn(owner);
      if (performance.now() > endsAt) break;
    }
    if (turns.size > 0) goRoundSoon();
  };

  const goRoundSoon = (): void => {
    if (!isTurning) setImmediate(goRound);
    isTurning = true;
  };

  return {
    give(owner: Owner): void {
      turns.add(owner);
      goRoundSoon();
    },
  };
};

/** How much is held of what came through each carrier. */
const createCarriers = (maxBytes: number) => {
  const heldBytes = new Map<string, number>();
  return {
    hasRoom: (carrier: string, bytes: number): boolean => (heldBytes.get(carrier) ?? 0) + bytes <= maxBytes,
    account(carrier: string, changeBytes: number): void {
      const bytes = (heldBytes.get(carrier) ?? 0) + changeBytes;
      if (bytes > 0) heldBytes.set(carrier, bytes);
      else heldBytes.delete(carrier);
    },
  };
};

/** Whole messages, in numbers and bytes. */
const createCounts = ({ maxBytes }: Bounds) => {
  let held = 0;
  let heldBytes = 0;
  let finished = 0;
  return {
    begun(bytes: number): void {
      held++;
      heldBytes += bytes;
    },
    done(bytes: number): void {
      held--;
      heldBytes -= bytes;
      finished++;
    },
    held: () => held,
    finished: () => finished,
    usedShare: () => heldBytes / maxBytes,
  };
};

export const createHold = (bounds: Bounds): Hold => {
  const owners = createOwners(bounds);
  const carriers = createCarriers(bounds.maxBytesOfMany);
  const counts = createCounts(bounds);

  const takeInHand = (owner: Owner, waiting: Waiting): void => {
    owner.inHand++;
    owner.inHandBytes += waiting.bytes;
    waiting.begin(() => {
      owner.inHand--;
      owner.inHandBytes -= waiting.bytes;
      counts.done(waiting.bytes);
      owners.account(owner, -waiting.bytes);
      if (waiting.carrier !== undefined) carriers.account(waiting.carrier, -waiting.bytes);
      if (owner.queue.length > 0) turns.give(owner);
    });
  };

  const turns = createTurns((owner) => {
    const waiting = takeFirst(owner);
    if (!waiting) return;
    takeInHand(owner, waiting);
    // It stands at the end again, behind the others.
    if (owner.queue.length > 0) turns.give(owner);
  });

  return {
    take(name, payloadBytes, begin, carrier) {
      const owner = owners.find(name);
      const waiting = { bytes: payloadBytes + OVERHEAD_BYTES, begin, carrier };
      if (!owners.hasRoom(owner, waiting.bytes)) return false;
      if (carrier !== undefined) {
        if (!carriers.hasRoom(carrier, waiting.bytes)) return false;
        carriers.account(carrier, waiting.bytes);
      }
      owners.account(owner, waiting.bytes);
      counts.begun(waiting.bytes);
      if (owner.queue.length === 0 && !isBacklog(waiting.bytes) && hasRoomInHand(owner, waiting)) {
        takeInHand(owner, waiting);
        return true;
      }
      owner.queue.push(waiting);
      // Where others wait already, a turn is given to the owner, or will be when one of its messages is done.
      if (owner.queue.length === 1) turns.give(owner);
      return true;
    },
    gather(name, changeBytes) {
      const owner = owners.find(name);
      const hasRoomForIt = changeBytes <= 0 || owners.hasRoom(owner, changeBytes);
      if (hasRoomForIt) owners.account(owner, changeBytes);
      return hasRoomForIt;
    },
    held: counts.held,
    finished: counts.finished,
    usedShare: counts.usedShare,
  };
};
