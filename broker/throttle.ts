import type { Client } from 'aedes';
import type { Cancel, Clock } from '#platform/clock.ts';
import type { Logger } from '#platform/log.ts';
import { createSeldom } from '#platform/seldom.ts';
import { internalsOfClient } from './aedes-internals.ts';
import { BACKLOG_BYTES, type Hold } from './hold.ts';
import { identityOf, isPublisher } from './identity.ts';
import { linkOf } from './links.ts';

/**
 * Reads connections more slowly when more comes than can be stored:
 *
 *   socket ─▶ its buffer ─┬─ there is room ─▶ parsed ─▶ hold ─▶ … stored … ─▶ PUBACK
 *                         └─ none ─▶ it waits, first come first served, and TCP makes the peer wait
 *
 * To close connections would make it worse: all come back, send again what was not acknowledged, and their coming takes
 * what is left of the processor (decision 0031). What brings a backlog waits earlier than what is measured now.
 *
 * While nothing at all is stored, for want of disk say, nobody waits: what is read then is shown, until the hold is full.
 */
export type Throttle = {
  /** From now on this connection waits when it must. */
  readonly watch: (client: Client) => void;
  /** How many connections have sent what is not read yet, because too much is held. */
  readonly waiting: () => number;
  readonly stop: () => void;
};

/** Of the room in the hold; what is left is for what has been read already. */
const ROOM_FOR_READING = { now: 0.5, backlog: 0.25 } as const;
type Kind = keyof typeof ROOM_FOR_READING;
const KINDS: readonly Kind[] = ['now', 'backlog'];

/** However much is measured now, a piece of a backlog is read so often: what such a device measures now comes after it. */
const BACKLOG_EVERY_MS = 50;

/** How often it is looked whether there is room again. */
const LOOK_MS = 5;

/**
 * For so long connections are read in one turn of the event loop, the others in the next: with thousands that have sent
 * something a turn would take tens of milliseconds, in which nothing is acknowledged or announced, and one new connection is
 * accepted in a turn.
 */
const TURN_MS = 5;

/** When nothing is stored for so long, no waiting makes room. A flush takes tens of milliseconds, on a slow disk hundreds. */
const STUCK_AFTER_MS = 1_000;

/** For so long after there was no room last, who waits is said to wait for it, and not for a turn of some milliseconds. */
const SHORT_MS = 1_000;

/** Whoever waits is not silent: what it sent is there. It is told to what watches the keepalive so often. */
const HEARD_EVERY_MS = 500;

const keepAlive = (client: Client): void => {
  internalsOfClient(client)._keepaliveTimer?.refresh();
  linkOf(client).heardAt = performance.now();
};

/** Whether nothing was finished for a while, asked while there is no room. */
const createIsStuck = (finished: () => number): (() => boolean) => {
  let last = -1;
  let sinceMs = 0;
  return () => {
    const nowMs = performance.now();
    if (finished() !== last) {
      last = finished();
      sinceMs = nowMs;
    }
    return nowMs - sinceMs > STUCK_AFTER_MS;
  };
};

type RoomOf = Pick<Hold, 'usedShare' | 'finished'>;

/** Whether there is room to read, and since when there was none. */
const createRoom = ({ usedShare, finished }: RoomOf) => {
  const isStuck = createIsStuck(finished);
  let shortAtMs = Number.NEGATIVE_INFINITY;
  let backlogAtMs = Number.NEGATIVE_INFINITY;

  const isBacklogDue = (): boolean => performance.now() - backlogAtMs > BACKLOG_EVERY_MS;

  return {
    isFor(kind: Kind): boolean {
      const used = usedShare();
      if (used < ROOM_FOR_READING[kind] || isStuck()) return true;
      if (used < ROOM_FOR_READING.now && isBacklogDue()) return true;
      shortAtMs = performance.now();
      return false;
    },
    backlogIsRead(): void {
      backlogAtMs = performance.now();
    },
    wasShort: (): boolean => performance.now() - shortAtMs < SHORT_MS,
  };
};

/** Those that wait, each once, in the order in which they came. */
const createQueues = () => {
  const queues: Readonly<Record<Kind, Set<Client>>> = { now: new Set(), backlog: new Set() };
  return {
    ...queues,
    count: (): number => queues.now.size + queues.backlog.size,
    forEach: (visit: (client: Client) => void): void => KINDS.forEach((kind) => void queues[kind].forEach(visit)),
    remove: (client: Client): void => KINDS.forEach((kind) => void queues[kind].delete(client)),
  };
};

/** Tells when a turn of reading is over; it begins when that is asked first. `onEnd` is called in the next turn of the event loop. */
const createTurn = (onEnd: () => void): { readonly isOver: () => boolean } => {
  let endsAtMs: number | undefined;
  const end = (): void => {
    endsAtMs = undefined;
    onEnd();
  };
  return {
    isOver() {
      const nowMs = performance.now();
      if (endsAtMs !== undefined) return nowMs > endsAtMs;
      endsAtMs = nowMs + TURN_MS;
      setImmediate(end);
      return false;
    },
  };
};

const mayFill = (client: Client): boolean => {
  const identity = identityOf(client);
  return identity !== undefined && isPublisher(identity);
};

const readOn = (client: Client): void => {
  const internals = internalsOfClient(client);
  // With packets in hand it reads on by itself when they are done.
  if (!client.closed && internals._parsingBatch === 0) internals._nextBatch();
};

/** Those that wait, called one after the other: some in a turn, and again after a while as long as there is no room. */
const createCalls = ({ isFor }: Pick<ReturnType<typeof createRoom>, 'isFor'>, clock: Pick<Clock, 'after'>) => {
  const queues = createQueues();
  let cancel: Cancel | undefined;
  let heardAtMs = 0;
  /** The one whose turn it is: it goes before those that still wait. */
  let called: Client | undefined;

  const keepAllAlive = (): void => {
    const nowMs = performance.now();
    if (nowMs - heardAtMs < HEARD_EVERY_MS) return;
    heardAtMs = nowMs;
    queues.forEach(keepAlive);
  };

  const call = (client: Client): void => {
    queues.remove(client);
    called = client;
    readOn(client);
    called = undefined;
  };

  const callSome = (): void => {
    if (queues.count() === 0) return;
    for (const kind of KINDS) {
      for (const client of queues[kind]) {
        if (!isFor(kind) || turn.isOver()) break;
        call(client);
      }
    }
    keepAllAlive();
    if (queues.count() > 0) lookAgain();
  };

  /** One timer at a time: turns end more often than it runs out. */
  const lookAgain = (): void => {
    cancel ??= clock.after(LOOK_MS, () => {
      cancel = undefined;
      callSome();
    });
  };

  const turn = createTurn(callSome);

  return {
    count: queues.count,
    remove: queues.remove,
    /** Whether it may be read before all that wait. */
    isNext: (client: Client, kind: Kind): boolean =>
      client === called || (queues[kind].size === 0 && isFor(kind) && !turn.isOver()),
    add(client: Client, kind: Kind): void {
      queues[kind].add(client);
      lookAgain();
    },
    stop(): void {
      cancel?.();
      queues.forEach(queues.remove);
    },
  };
};

export type ThrottleDependencies = {
  readonly hold: Pick<Hold, 'usedShare' | 'finished' | 'held'>;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Logger;
};

export const createThrottle = ({ hold, clock, log }: ThrottleDependencies): Throttle => {
  const room = createRoom(hold);
  const calls = createCalls(room, clock);
  const seldom = createSeldom();

  const wait = (client: Client, kind: Kind): void => {
    calls.add(client, kind);
    if (room.isFor(kind) || seldom('') === undefined) return;
    log.warn({ held: hold.held() }, 'more is sent than can be stored: connections are read more slowly');
  };

  return {
    waiting: () => (room.wasShort() ? calls.count() : 0),
    watch(client) {
      const { conn } = client;
      const read = conn.read.bind(conn);
      let kind: Kind = 'now';
      /** Undefined before it is known who it is. Only who publishes fills the hold. */
      let mayWait: boolean | undefined;
      // Streams themselves call it with 0, to have more in their buffer. Aedes takes all that is in it.
      conn.read = (bytes) => {
        if (bytes === 0 || !client.connected || conn.readableLength === 0) return read(bytes);
        mayWait ??= mayFill(client);
        if (mayWait && !calls.isNext(client, kind)) {
          wait(client, kind);
          return null;
        }
        if (kind === 'backlog') room.backlogIsRead();
        const piece: Buffer | null = read(bytes);
        if (piece) kind = piece.length > BACKLOG_BYTES ? 'backlog' : 'now';
        return piece;
      };
      conn.once('close', () => calls.remove(client));
    },
    stop: calls.stop,
  };
};
