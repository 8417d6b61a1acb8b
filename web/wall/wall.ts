import { batch, signal } from '@preact/signals';
import { LINK_LOST_AFTER_MS, type ServerFrame } from '#contracts/live.ts';
import { createPainter } from '../parts/waves/painter.ts';
import { createPlayback, playFrame } from '../parts/waves/playback.ts';
import type { Session } from '../session.ts';
import { createShownEcho } from '../shell/alarms/shown.ts';
import { type Standing, survey } from '../shell/alarms/survey.ts';
import { applyFrame, disjoin, follow, needsSnapshot } from '../shell/live/apply.ts';
import { createConnection, type Socket } from '../shell/live/connection.ts';
import { type LinkView, linkView } from '../shell/live/link-view.ts';
import { createServerClock } from '../shell/live/server-clock.ts';
import { allBeds, createWardState, isJoined } from '../shell/live/state.ts';
import { createSubscription, MAX_WAVES } from '../shell/live/subscription.ts';
import type { Settings } from '../shell/settings.ts';
import { createSound } from '../shell/sound/sound.ts';
import { soundWish } from '../shell/sound/wish.ts';
import { createBoard } from './board.ts';
import { createSparks, type History } from './sparks.ts';

/** Views are brought up to date this often and with every alarm frame, waves with every frame of the screen. */
const REFRESH_MS = 200;

/** Asking renews the session, so that a wall that hangs for months stays signed in. */
const SESSION_CHECK_MS = 60 * 60_000;

const idsOf = (alarms: readonly Standing[]): string[] => alarms.map(({ alarm }) => alarm.id);

type Deps = {
  readonly settings: Settings;
  readonly openSocket: () => Socket;
  readonly readSession: () => Promise<Session>;
  readonly history: History;
  readonly openAudio: () => AudioContext;
  /** Calls back once the page as it now is has been drawn. */
  readonly afterDrawing: (callback: () => void) => void;
  readonly monotonicMs: () => number;
  readonly wallMs: () => number;
  readonly random: () => number;
};

/**
 *   socket ─▶ connection ─▶ clock, apply ─▶ state ──▶ board (signals) ──▶ components
 *                  ▲              │         └─▶ survey of alarms ─▶ sound
 *                  └─ shown ◀─────┼─ once drawn ──────────────────────────┘
 *                                 └─ wave ─▶ playback ─▶ painter ───────▶ canvases
 *
 * `tick` moves all of it: first what may have happened to the link and to time, then the drawing, so that nothing
 * old is drawn after a sleep.
 */
export type Wall = ReturnType<typeof createWall>;

export const createWall = (deps: Deps) => {
  const { settings, monotonicMs } = deps;
  const state = createWardState();
  state.wanted = settings.units.peek();
  const clock = createServerClock(deps);
  const playback = createPlayback();
  const painter = createPainter(playback);
  const sparks = createSparks(deps);
  const board = createBoard({ state, settings, sparks });
  const sound = createSound(deps);
  const signedOut = signal(false);
  const isOperator = signal(false);
  /** The server's time at the last refresh; undefined while nothing may be shown. */
  const moment = signal<number | undefined>(undefined);
  const paints = new Set<(nowMs: number | undefined) => void>();
  let socketOpen = false;
  let waitingFromMs = monotonicMs();
  /** When the station was last heard with every unit's snapshot in hand; undefined when that cannot be trusted. */
  let liveAtMs: number | undefined;
  let sessionAskedAtMs = Number.NEGATIVE_INFINITY;
  let refreshedAtMs = Number.NEGATIVE_INFINITY;
  let hidden = false;
  /** The bed that a page looks closer at, and its unit once that is known. */
  let opened: { readonly bed: string; unit: string | undefined } | undefined;
  let waveBeds: readonly string[] = [];

  const onFrame = (frame: ServerFrame): boolean => {
    distrustAfterJump();
    if (!socketOpen) return false;
    applyFrame(state, frame);
    if (frame.type === 'alarm') refreshedAtMs = Number.NEGATIVE_INFINITY;
    const nowMs = clock.now();
    if (frame.type === 'wave' && nowMs !== undefined) playFrame(playback, frame, nowMs);
    return 'time' in frame && clock.observe(frame.time);
  };

  const onDown = (): void => {
    socketOpen = false;
    void checkSession();
  };

  const onOpen = (): void => {
    socketOpen = true;
    disjoin(state);
    clock.reset();
    subscription.reset();
  };

  const connection = createConnection({ ...deps, open: deps.openSocket, onOpen, onFrame, onDown });
  const subscription = createSubscription({ send: connection.send });
  const shown = createShownEcho({
    afterDrawing: deps.afterDrawing,
    send(frame) {
      if (socketOpen) connection.send(frame);
      return socketOpen;
    },
  });

  const distrustAfterJump = (): void => {
    if (!clock.jumped()) return;
    socketOpen = false;
    clock.reset();
    connection.restart();
    liveAtMs = undefined;
    waitingFromMs = Number.NEGATIVE_INFINITY;
  };

  const checkSession = async (): Promise<void> => {
    sessionAskedAtMs = monotonicMs();
    const session = await deps.readSession();
    if (session.state === 'signed-in') isOperator.value = session.isOperator;
    if (session.state !== 'signed-out') return;
    connection.stop();
    signedOut.value = true;
  };

  /** Those that were chosen, and that of the bed that is open. Where that lies is not known before all have been asked. */
  const wantedUnits = (): readonly string[] => {
    const chosen = settings.units.peek();
    if (!opened || chosen.length === 0) return chosen;
    const { bed } = opened;
    opened.unit = allBeds(state).find(({ id }) => id === bed)?.unit ?? opened.unit;
    return opened.unit === undefined ? [] : [...chosen, opened.unit];
  };

  const subscribe = (): void => {
    follow(state, wantedUnits());
    if (!socketOpen || state.units.size === 0) return;
    const beds = allBeds(state).map((bed) => bed.id);
    const wanted = { units: [...state.units.keys()], waves: beds.length > MAX_WAVES ? waveBeds : beds };
    subscription.ensure(wanted, needsSnapshot(state), monotonicMs());
  };

  const tick = (): void => {
    distrustAfterJump();
    connection.check();
    subscribe();
    if (monotonicMs() - sessionAskedAtMs > SESSION_CHECK_MS && !signedOut.peek()) void checkSession();
    const heardAtMs = connection.heardAtMs();
    const joined = isJoined(state);
    if (joined && heardAtMs !== undefined) liveAtMs = heardAtMs;
    const silentForMs = liveAtMs === undefined ? undefined : monotonicMs() - liveAtMs;
    const live = joined && silentForMs !== undefined && silentForMs <= LINK_LOST_AFTER_MS;
    const nowMs = live ? clock.now() : undefined;
    const drawnMs = hidden ? undefined : nowMs;
    painter.paint(drawnMs);
    for (const paint of paints) paint(drawnMs);
    const sinceMs = monotonicMs() - refreshedAtMs;
    if (sinceMs < REFRESH_MS && drawnMs !== undefined) return;
    refreshedAtMs = monotonicMs();
    refresh(nowMs, drawnMs, linkView(silentForMs, monotonicMs() - waitingFromMs));
  };

  /** A page that nobody sees is still heard: `nowMs` is the server's time, `drawnMs` the same unless the page is hidden. */
  const refresh = (nowMs: number | undefined, drawnMs: number | undefined, link: LinkView): void => {
    const alarms = nowMs === undefined ? [] : survey(state, nowMs);
    if (nowMs !== undefined) sparks.take(allBeds(state), nowMs);
    batch(() => {
      board.refresh(drawnMs, link, alarms);
      moment.value = drawnMs;
    });
    sound.update(soundWish(alarms, link.state));
    if (drawnMs === undefined) return;
    const drawn = alarms.filter(({ signal: { isSeen } }) => isSeen);
    shown.put(idsOf(drawn), idsOf(alarms));
  };

  return {
    board,
    painter,
    signedOut,
    isOperator,
    sound,
    /** For pages that look closer at a bed: read `state` anew with each `moment`; `paints` are called with every frame. */
    close: { state, playback, moment, paints },
    tick,
    start(): void {
      connection.start();
    },
    stop: connection.stop,
    /** After a successful sign-in. */
    resume(): void {
      signedOut.value = false;
      sessionAskedAtMs = Number.NEGATIVE_INFINITY;
      waitingFromMs = monotonicMs();
      connection.start();
    },
    /** Whether the station is of another version than this page. */
    isOutdated: () => state.outdated,
    /** The bed that a page looks closer at is followed, whichever units were chosen. */
    open(bed: string | undefined): void {
      if (opened?.bed !== bed) opened = bed === undefined ? undefined : { bed, unit: undefined };
    },
    /** Of more beds than can be asked for, those whose waves are wanted. */
    setWaveBeds(beds: readonly string[]): void {
      waveBeds = beds;
    },
    /** A page in the background is not drawn: it is blanked, so that what shows first on return is nothing. */
    setHidden(next: boolean): void {
      hidden = next;
      refreshedAtMs = Number.NEGATIVE_INFINITY;
      tick();
    },
  };
};
