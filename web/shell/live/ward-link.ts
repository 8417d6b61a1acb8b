import type { ServerFrame, ShownFrame } from '#contracts/live.ts';
import type { PageClock } from '../clock.ts';
import { applyFrame, disjoin, needsSnapshot } from './apply.ts';
import { createConnection, type Socket } from './connection.ts';
import { createInterest } from './interest.ts';
import type { LinkView } from './link-view.ts';
import { createLiveness } from './liveness.ts';
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
export const createWardLink = ({ clock, openSocket, random, chosenUnits, onDown, ...deps }: Deps) => {
  const state = createWardState();
  state.wanted = chosenUnits();
  const interest = createInterest({ state, chosenUnits });
  const reading = { monotonicMs: clock.elapsed, wallMs: clock.now };
  const serverClock = createServerClock(reading);
  const liveness = createLiveness(clock);

  const onFrame = (frame: ServerFrame): boolean => {
    distrustAfterJump();
    if (!connection.isOpen()) return false;
    applyFrame(state, frame);
    deps.onFrame(frame, serverClock.now());
    return 'time' in frame && serverClock.observe(frame.time);
  };

  const onOpen = (): void => {
    disjoin(state);
    serverClock.reset();
    subscription.reset();
  };

  const connection = createConnection({ ...reading, random, open: openSocket, onOpen, onFrame, onDown });
  const subscription = createSubscription({ send: connection.send });

  const distrustAfterJump = (): void => {
    if (!serverClock.jumped()) return;
    serverClock.reset();
    connection.restart();
    liveness.distrust();
  };

  return {
    /** Read it anew with each look; nothing else writes it. */
    state,
    start: connection.start,
    stop: connection.stop,
    /** Call after a successful sign-in. */
    resume(): void {
      liveness.waitAnew();
      connection.start();
    },
    /** Looks after the connection and what is asked for over it, and answers what may be believed now. Call often. */
    look(): Outlook {
      distrustAfterJump();
      connection.check();
      const wanted = interest.wanted();
      if (connection.isOpen() && wanted) subscription.ensure(wanted, needsSnapshot(state), clock.elapsed());
      const { isLive, link } = liveness.look(connection.heardAtMs(), isJoined(state));
      return { nowMs: isLive ? serverClock.now() : undefined, link };
    },
    /** False when it could not be sent. */
    sendShown(frame: ShownFrame): boolean {
      if (connection.isOpen()) connection.send(frame);
      return connection.isOpen();
    },
    openBed: interest.openBed,
    setWaveBeds: interest.setWaveBeds,
  };
};
