import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { ServerFrame } from '#contracts/live.ts';
import { createPainter } from '../parts/waves/painter.ts';
import { createPlayback, playFrame } from '../parts/waves/playback.ts';
import { createShownEcho } from '../shell/alarms/shown.ts';
import { survey } from '../shell/alarms/survey.ts';
import type { PageClock } from '../shell/clock.ts';
import type { Socket } from '../shell/live/connection.ts';
import { allBeds } from '../shell/live/state.ts';
import { createWardLink, type Outlook } from '../shell/live/ward-link.ts';
import type { Session } from '../shell/session.ts';
import { createSessionWatch } from '../shell/session-watch.ts';
import type { Settings } from '../shell/settings.ts';
import { createSound } from '../shell/sound/sound.ts';
import { soundWish } from '../shell/sound/wish.ts';
import { createBoard } from './board.ts';
import { createCloseUp } from './close-up.ts';
import { createSparks, type History } from './sparks.ts';

/** Views are brought up to date this often and with every alarm frame, waves with every frame of the screen. */
const REFRESH_MS = 200;

type Deps = {
  readonly settings: Settings;
  readonly openSocket: () => Socket;
  readonly readSession: () => Promise<Session>;
  readonly history: History;
  readonly openAudio: () => AudioContext;
  /** Calls back once the page as it now is has been drawn. */
  readonly afterDrawing: (callback: () => void) => void;
  readonly clock: PageClock;
  readonly random: () => number;
};

/** What has a picture or a sound, built from the leaves. */
const createParts = ({ settings, clock, history, openAudio, afterDrawing }: Deps, link: LinkOf) => {
  const { state } = link;
  const playback = createPlayback();
  const painter = createPainter(playback);
  const sparks = createSparks({ history, monotonicMs: clock.elapsed });
  const board = createBoard({ state, settings, sparks });
  const sound = createSound({ openAudio, clock });
  const shown = createShownEcho({ afterDrawing, send: link.sendShown });
  /** The server's time at the last refresh; undefined while nothing may be shown. */
  const moment = signal<number | undefined>(undefined);
  const closeUp = createCloseUp({ state, playback, moment, clock });

  /** A page that nobody sees is still heard: `drawnMs` is the server's time unless the page is hidden. */
  const refresh = ({ nowMs, link: linkNow }: Outlook, drawnMs: number | undefined): void => {
    const alarms = nowMs === undefined ? [] : survey(state, nowMs);
    if (nowMs !== undefined) sparks.take(allBeds(state), nowMs);
    batch(() => {
      board.refresh(drawnMs, linkNow, alarms);
      moment.value = drawnMs;
    });
    sound.update(soundWish(alarms, linkNow.state));
    if (drawnMs === undefined) return;
    const drawn = alarms.filter(({ signal: { isSeen } }) => isSeen);
    shown.put(
      drawn.map(({ alarm }) => alarm.id),
      alarms.map(({ alarm }) => alarm.id),
    );
  };

  return { playback, painter, board, sound, closeUp, moment: moment as ReadonlySignal<number | undefined>, refresh };
};

type LinkOf = ReturnType<typeof createWardLink>;

export type Wall = ReturnType<typeof createWall>;

/**
 *   ward link ─▶ state ──▶ board (signals) ──▶ components
 *      ▲    │          └─▶ survey of alarms ─▶ sound
 *      └ shown ◀─────────── once drawn ──────────┘
 *           └─ wave ─▶ playback ─▶ painter ──▶ canvases
 *
 * `tick` moves all of it: first what may have happened to the link and to time, then the drawing, so that nothing
 * old is drawn after a sleep.
 */
export const createWall = (deps: Deps) => {
  const { settings, clock } = deps;
  let refreshedAtMs = Number.NEGATIVE_INFINITY;
  let hidden = false;

  const onFrame = (frame: ServerFrame, nowMs: number | undefined): void => {
    if (frame.type === 'alarm') refreshedAtMs = Number.NEGATIVE_INFINITY;
    if (frame.type === 'wave' && nowMs !== undefined) playFrame(parts.playback, frame, nowMs);
  };

  const link = createWardLink({
    ...deps,
    chosenUnits: () => settings.units.peek(),
    onFrame,
    onDown: () => void session.ask(),
  });
  const session = createSessionWatch({ ...deps, onSignedOut: link.stop });
  const parts = createParts(deps, link);

  const tick = (): void => {
    const outlook = link.look();
    session.tick();
    const drawnMs = hidden ? undefined : outlook.nowMs;
    parts.painter.paint(drawnMs);
    parts.closeUp.paint(drawnMs);
    if (clock.elapsed() - refreshedAtMs < REFRESH_MS && drawnMs !== undefined) return;
    refreshedAtMs = clock.elapsed();
    parts.refresh(outlook, drawnMs);
  };

  return {
    board: parts.board,
    painter: parts.painter,
    sound: parts.sound,
    /** For pages that show a bed closely, or the ward in another way. */
    closeUp: parts.closeUp,
    signedOut: session.signedOut,
    isOperator: session.isOperator,
    tick,
    start: link.start,
    stop: link.stop,
    /** Call after a successful sign-in. */
    resume(): void {
      session.resume();
      link.resume();
    },
    /** Whether the station is of another version than this page. */
    isOutdated: () => link.state.outdated,
    openBed: link.openBed,
    setWaveBeds: link.setWaveBeds,
    /** A page in the background is not drawn: it is blanked, so that what shows first on return is nothing. */
    setHidden(next: boolean): void {
      hidden = next;
      refreshedAtMs = Number.NEGATIVE_INFINITY;
      tick();
    },
  };
};
