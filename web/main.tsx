import './parsers.ts';

import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { openBeds } from './bed/open.ts';
import { createAlarmActions } from './shell/alarms/actions.ts';
import { isWalkKey } from './shell/alarms/selection.ts';
import { App } from './shell/app.tsx';
import { pageClock } from './shell/clock.ts';
import { createControls } from './shell/controls.ts';
import { flashInStep } from './shell/flash.ts';
import { createRenewal, reloadSafely } from './shell/renewal.ts';
import { createRouter } from './shell/router.ts';
import { createServer } from './shell/server.ts';
import { readSession } from './shell/session.ts';
import { createSettings } from './shell/settings.ts';
import { recallSound } from './shell/sound/recall.ts';
import { createWakeLock } from './shell/wake-lock.ts';
import { createWatchdog } from './shell/watchdog.ts';
import { createHistory } from './wall/history.ts';
import { createPager } from './wall/pager.ts';
import { createWall } from './wall/wall.ts';

/** Builds the page and runs its one animation loop. */

const live = new URL('/api/v1/live', location.href);
live.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

const forgetInAddress = (name: string): void => {
  const address = new URL(location.href);
  if (!address.searchParams.has(name)) return;
  address.searchParams.delete(name);
  history.replaceState(null, '', address);
};

const clock = pageClock;
const settings = createSettings(new URLSearchParams(location.search), navigator.languages, forgetInAddress);
const server = createServer((...request) => fetch(...request));

const wall = createWall({
  settings,
  openSocket: () => new WebSocket(live),
  readSession,
  history: createHistory(server),
  openAudio: () => new AudioContext({ latencyHint: 'interactive' }),
  // A timer that is set in a frame goes off after the frame was drawn.
  afterDrawing: (callback) => requestAnimationFrame(() => clock.after(0, callback)),
  clock,
  random: Math.random,
});

const screenSize = () => ({ width: innerWidth, height: innerHeight });
const screen = signal(screenSize());
addEventListener('resize', () => {
  screen.value = screenSize();
});

const wakeLock = createWakeLock({ page: document, browser: navigator, clock });
const sound = recallSound({ sound: wall.sound, page: document, storage: () => sessionStorage });

const controls = createControls({
  board: wall.board,
  isOperator: wall.isOperator,
  actions: createAlarmActions((...request) => fetch(...request)),
  toggleSound: sound.toggle,
  isAwake: wakeLock.isHeld,
  pager: createPager({ board: wall.board, screen, turnMs: settings.turnMs, monotonicMs: clock.elapsed }),
  settings,
  clock,
});

const root = document.getElementById('app');
if (!root) throw new Error('the page has no #app');
const router = createRouter(window);
render(<App {...{ wall, controls, settings, router, server }} />, root);

const curtain = document.getElementById('curtain');
const watchdog = curtain && createWatchdog(curtain);

/** Browsers stop the animation loop of a page they do not draw; the link is looked after all the same. */
const BACKGROUND_TICK_MS = 500;

const onFrame = (): void => {
  requestAnimationFrame(onFrame);
  wall.tick();
};

const renewal = createRenewal(clock.elapsed());

/** Chromium only. */
const heapBytes = (): number | undefined =>
  (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize;

const isAtWork = (): boolean =>
  controls.selection.peek() !== null ||
  document.querySelector('dialog[open], :is(input, select, textarea):focus') !== null;

let isRenewing = false;

const renewIfDue = async (): Promise<void> => {
  if (isRenewing) return;
  const waiting = wall.board.banner.peek().items.filter(({ tone }) => tone !== 'acknowledged');
  const decision = renewal.decide({
    nowMs: clock.elapsed(),
    isOutdated: wall.isOutdated(),
    isLive: wall.board.link.peek().state === 'live',
    isAlarming: waiting.some(({ priority }) => priority !== 'low'),
    isBusy: isAtWork(),
    soundSurvives: sound.survives(),
    heapBytes: heapBytes(),
    hour: new Date(clock.now()).getHours(),
  });
  if (decision !== 'reload') return;
  isRenewing = true;
  await reloadSafely((...request) => fetch(...request), location);
  isRenewing = false;
};

/** The watchdog is fed only after a whole tick: a page that fails in every tick counts as hung. */
const onBackgroundTick = (): void => {
  wall.tick();
  controls.tick();
  void renewIfDue();
  watchdog?.feed();
};

const SCROLL_KEYS: readonly string[] = ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown'];

document.addEventListener('visibilitychange', () => {
  wall.setHidden(document.hidden);
  watchdog?.feed();
});
openBeds(document, { controls, router });
document.addEventListener('keydown', (event) => {
  const typing =
    event.target instanceof HTMLElement && event.target.closest('input, select, textarea, dialog') !== null;
  if (typing || event.ctrlKey || event.metaKey || event.altKey || wall.signedOut.peek()) return;
  // Pages that scroll do so by keys, too.
  if (router.route.peek().page !== 'wall' && SCROLL_KEYS.includes(event.key)) return;
  // A key held down walks on, and acknowledges once.
  if (event.repeat && !isWalkKey(event.key)) return;
  if (controls.press(event.key)) event.preventDefault();
});

effect(() => {
  const route = router.route.value;
  wall.openBed(route.page === 'bed' ? route.bed : undefined);
});

flashInStep(document);
wall.setHidden(document.hidden);
wall.start();
wakeLock.start();
clock.every(BACKGROUND_TICK_MS, onBackgroundTick);
requestAnimationFrame(onFrame);
