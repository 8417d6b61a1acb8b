import './parsers.ts';

import { render } from 'preact';
import { createAlarmActions } from './alarms/actions.ts';
import { isWalkKey } from './alarms/selection.ts';
import { openBeds } from './bed/open.ts';
import { createControls } from './controls.ts';
import { flashInStep } from './flash.ts';
import { createRouter } from './router.ts';
import { App } from './screens/app.tsx';
import { createServer } from './server.ts';
import { readSession } from './session.ts';
import { createSettings } from './settings.ts';
import { createWall } from './wall.ts';
import { createWatchdog } from './watchdog.ts';

/** Builds the page and runs its one animation loop. */

const live = new URL('/api/v1/live', location.href);
live.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

const settings = createSettings(new URLSearchParams(location.search), navigator.languages);

const wall = createWall({
  settings,
  openSocket: () => new WebSocket(live),
  readSession,
  openAudio: () => new AudioContext({ latencyHint: 'interactive' }),
  // Timers set in a frame come after it has been drawn.
  afterDrawing: (callback) => requestAnimationFrame(() => setTimeout(callback)),
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  random: Math.random,
  reload: () => location.reload(),
});

const controls = createControls({
  board: wall.board,
  isOperator: wall.isOperator,
  actions: createAlarmActions((...request) => fetch(...request)),
  toggleSound: wall.sound.toggle,
  screen: () => ({ width: innerWidth, height: innerHeight }),
});

const root = document.getElementById('app');
if (!root) throw new Error('the page has no #app');
const router = createRouter(window);
const server = createServer((...request) => fetch(...request));
render(<App {...{ wall, controls, settings, router, server }} />, root);

const curtain = document.getElementById('curtain');
const watchdog = curtain && createWatchdog(curtain);

/** Browsers stop the animation loop of a page they do not draw; the link is looked after all the same. */
const BACKGROUND_TICK_MS = 500;

const onFrame = (): void => {
  requestAnimationFrame(onFrame);
  wall.tick();
};

/** Fed only after a tick has gone through: a page that fails in every tick is as good as hung. */
const onBackgroundTick = (): void => {
  wall.tick();
  watchdog?.feed();
};

document.addEventListener('visibilitychange', () => {
  wall.setHidden(document.hidden);
  watchdog?.feed();
});
openBeds(document, { controls, router });
document.addEventListener('keydown', (event) => {
  const typing =
    event.target instanceof HTMLElement && event.target.closest('input, select, textarea, dialog') !== null;
  if (typing || event.ctrlKey || event.metaKey || event.altKey || wall.signedOut.peek()) return;
  // A key held down walks on, and acknowledges once.
  if (event.repeat && !isWalkKey(event.key)) return;
  if (controls.press(event.key)) event.preventDefault();
});

flashInStep(document);
wall.setHidden(document.hidden);
wall.start();
setInterval(onBackgroundTick, BACKGROUND_TICK_MS);
requestAnimationFrame(onFrame);
