import { LINK_LOST_AFTER_MS, type ServerFrame, type ShownFrame } from '#contracts/live.ts';
import type { PageClock } from '../clock.ts';
import { applyFrame, disjoin, needsSnapshot } from './apply.ts';
import { createConnection, type Socket } from './connection.ts';
import { createInterest } from './interest.ts';
import { type LinkView, linkView } from './link-view.ts';
import { createServerClock } from './server-clock.ts';
import { createWardState, isJoined } from './state.ts';
import { createSubscription } from './subscription.ts';

type Deps = {
  readonly openSocket: () => Socket;
  readonly clock: Pick<PageClock, 'now' | 'elapsed'>;
  readonly random: () => number;
  /** Ids of the units that a person has chosen for this screen; none: every unit. */
  readonly chosenUnits: () => readonly string[];
  /** A frame is in the state. `nowMs` is the server's time, where it is known. */
  readonly onFrame: (frame: ServerFrame, nowMs: number | undefined) => void;
  /** A try to connect has failed, or a socket has ended. */
  readonly onDown: () => void;
};

/** What may be believed at this moment. `nowMs` is the server's time; undefined while nothing may be shown. */
export type Outlook = { readonly nowMs: number | undefined; readonly link: LinkView };

export type WardLink = ReturnType<typeof createWardLink>;

/**
 * The page's link to its station, and the state of the ward that comes over it.
 *
 *   socket ─▶ connection ─▶ server clock, apply ─▶ state
 *                  ▲                                 │
 *                  └──── subscription ◀── interest ──┘
 */
export const createWardLink = ({ clock, openSocket, random, chosenUnits, ...deps }: Deps) => {
  const state = createWardState();
  state.wanted = chosenUnits();
  const interest = createInterest({ state, chosenUnits });
  const reading = { monotonicMs: clock.elapsed, wallMs: clock.now };
  const serverClock = createServerClock(reading);
  let isOpen = false;
  let waitingFromMs = clock.elapsed();
  /** When the station was last heard with every unit's snapshot in hand; undefined when that cannot be trusted. */
  let liveAtMs: number | undefined;

  const onFrame = (frame: ServerFrame): boolean => {
    distrustAfterJump();
    if (!isOpen) return false;
    applyFrame(state, frame);
    deps.onFrame(frame, serverClock.now());
    return 'time' in frame && serverClock.observe(frame.time);
  };

  const onDown = (): void => {
    isOpen = false;
    deps.onDown();
  };

  const onOpen = (): void => {
    isOpen = true;
    disjoin(state);
    serverClock.reset();
    subscription.reset();
  };

  const connection = createConnection({ ...reading, random, open: openSocket, onOpen, onFrame, onDown });
  const subscription = createSubscription({ send: connection.send });

  const distrustAfterJump = (): void => {
    if (!serverClock.jumped()) return;
    isOpen = false;
    serverClock.reset();
    connection.restart();
    liveAtMs = undefined;
    waitingFromMs = Number.NEGATIVE_INFINITY;
  };

  const outlook = (): Outlook => {
    const heardAtMs = connection.heardAtMs();
    const joined = isJoined(state);
    if (joined && heardAtMs !== undefined) liveAtMs = heardAtMs;
    const silentForMs = liveAtMs === undefined ? undefined : clock.elapsed() - liveAtMs;
    const isLive = joined && silentForMs !== undefined && silentForMs <= LINK_LOST_AFTER_MS;
    return {
      nowMs: isLive ? serverClock.now() : undefined,
      link: linkView(silentForMs, clock.elapsed() - waitingFromMs),
    };
  };

  return {
    /** Read it anew with each look; nothing else writes it. */
    state,
    start: connection.start,
    stop: connection.stop,
    /** After a successful sign-in. */
    resume(): void {
      waitingFromMs = clock.elapsed();
      connection.start();
    },
    /** Looks after the connection and what is asked for over it, and answers what may be believed now. Call often. */
    look(): Outlook {
      distrustAfterJump();
      connection.check();
      const wanted = interest.wanted();
      if (isOpen && wanted) subscription.ensure(wanted, needsSnapshot(state), clock.elapsed());
      return outlook();
    },
    /** False when it could not be sent. */
    sendShown(frame: ShownFrame): boolean {
      if (isOpen) connection.send(frame);
      return isOpen;
    },
    openBed: interest.openBed,
    setWaveBeds: interest.setWaveBeds,
  };
};
