import { WebSocket } from 'ws';
import { ClientFrame, type ErrorFrame, type ShownFrame, type SubscribeFrame } from '#contracts/live.ts';
import type { Identity } from '#contracts/ports/identities.ts';
import type { Clock } from '#platform/clock.ts';
import type { Corks } from '#platform/corks.ts';
import { CLOSE, type LiveLimits } from './limits.ts';
import { createOffences, type Offences } from './offences.ts';
import { createOutflow, type ScreenSocket } from './outflow.ts';
import { type WireFrame, wireFrame } from './wire-frame.ts';

/** Why a screen was let go; the metric counts by it and the screen is told it. */
export type CloseReason = 'slow' | 'silent' | 'misbehaved' | 'ended' | 'stopping';

const CODES: Record<CloseReason, number> = {
  slow: CLOSE.tryAgainLater,
  silent: CLOSE.tryAgainLater,
  misbehaved: CLOSE.policy,
  ended: CLOSE.policy,
  stopping: CLOSE.goingAway,
};

/** One screen's socket: what waits for it, whether it lives, and what it asked for. */
export type Screen = {
  readonly units: () => ReadonlySet<string>;
  readonly beds: () => ReadonlySet<string>;
  /** Names the set of units, so that screens that watch the same ones share a heartbeat. */
  readonly unitsKey: () => string;
  readonly subscribe: (frame: SubscribeFrame) => void;
  /** Sends whatever waits already; closes the screen when that is over the hard bound. */
  readonly send: (frame: WireFrame) => void;
  /** The same for an alarm frame, which the screen may answer by saying that it is shown. */
  readonly sendAlarm: (frame: WireFrame) => void;
  /** True from when too much waits until all of it was read: what can be skipped must be. */
  readonly mustSkip: () => boolean;
  readonly markMissed: (unit: string) => void;
  /** Once everything that waited was read: the units to send a snapshot of. Until then undefined. */
  readonly takeMissed: () => string[] | undefined;
  /** Must be called at every heartbeat: pings the screen, and closes it when it gives no sign of life. */
  readonly checkLife: () => void;
  readonly reject: (reason: string, detail: string) => void;
  readonly close: (reason: CloseReason) => void;
};

export type ScreenDependencies = ScreenSocket & {
  readonly corks: Corks;
  /** Tells when who signed in is let in no longer. */
  readonly onOver: Identity['onOver'];
  readonly limits: LiveLimits;
  readonly clock: Pick<Clock, 'after'>;
  readonly onSubscribe: (screen: Screen, frame: SubscribeFrame) => void;
  readonly onShown: (frame: ShownFrame) => void;
  /** Called once, when the screen is gone or given up. `reason` undefined: it left by itself. */
  readonly onClosed: (screen: Screen, reason: CloseReason | undefined) => void;
};

/** Whoever does not read will not read the close frame either: what waits for it is freed soon. */
const CLOSE_GRACE_MS = 1_000;

/** What a screen asked for, and what of it it is owed a snapshot of. */
const createInterest = () => {
  let units: ReadonlySet<string> = new Set();
  let beds: ReadonlySet<string> = new Set();
  let unitsKey = '';
  const missed = new Set<string>();
  return {
    units: () => units,
    beds: () => beds,
    unitsKey: () => unitsKey,
    subscribe(frame: SubscribeFrame): void {
      units = new Set(frame.units);
      beds = new Set(frame.waves);
      unitsKey = [...units].sort().join(' ');
      missed.clear();
    },
    markMissed: (unit: string): void => void missed.add(unit),
    takeAllMissed(): string[] {
      const taken = [...missed];
      missed.clear();
      return taken;
    },
  };
};

export const createScreen = (deps: ScreenDependencies): Screen => {
  const { socket, limits, clock, onOver, onSubscribe, onShown, onClosed } = deps;
  const { takeAllMissed, ...interest } = createInterest();
  const outflow = createOutflow(deps, deps.corks, limits);
  const offences = createOffences(limits);
  let quietHeartbeats = 0;
  let isGone = false;

  const giveUp = (reason: CloseReason | undefined): void => {
    if (isGone) return;
    isGone = true;
    forget();
    onClosed(screen, reason);
  };

  const screen: Screen = {
    ...interest,
    send(frame) {
      if (!outflow.send(frame)) screen.close('slow');
    },
    sendAlarm(frame) {
      offences.expectAnswer();
      screen.send(frame);
    },
    mustSkip: outflow.mustSkip,
    takeMissed: () => (outflow.catchBreath() ? takeAllMissed() : undefined),
    checkLife() {
      offences.startHeartbeat();
      quietHeartbeats = outflow.hasRead() ? 0 : quietHeartbeats + 1;
      if (quietHeartbeats > limits.silentHeartbeats) return screen.close(outflow.isBehind() ? 'slow' : 'silent');
      const isPingDue = quietHeartbeats % limits.pingEveryHeartbeats === 0;
      if (isPingDue && socket.readyState === WebSocket.OPEN) socket.ping();
    },
    reject(reason, detail) {
      screen.send(wireFrame(JSON.stringify({ type: 'error', reason, detail } satisfies ErrorFrame)));
    },
    close(reason) {
      if (isGone) return;
      giveUp(reason);
      socket.close(CODES[reason], reason);
      socket.once(
        'close',
        clock.after(CLOSE_GRACE_MS, () => socket.terminate(), 'background'),
      );
    },
  };

  const forget = onOver(() => screen.close('ended'));
  const hears = (): boolean => {
    quietHeartbeats = 0;
    return !isGone;
  };
  socket.on('message', (data, isBinary) => {
    if (hears()) receive(screen, offences, isBinary ? undefined : String(data), { limits, onSubscribe, onShown });
  });
  socket.on('pong', hears);
  socket.on('close', () => giveUp(undefined));
  socket.on('error', () => socket.terminate());
  return screen;
};

/** `text` undefined: it was binary. */
const receive = (
  screen: Screen,
  offences: Offences,
  text: string | undefined,
  { limits, onSubscribe, onShown }: Pick<ScreenDependencies, 'limits' | 'onSubscribe' | 'onShown'>,
): void => {
  const mayReceive = offences.mayReceive();
  const frame = mayReceive && text !== undefined ? parseClientFrame(text, limits.clientFrameBytes) : undefined;
  const isTaken = mayReceive && offences.take(frame?.type === 'shown' ? 'shown' : 'other');
  if (isTaken && frame) {
    if (frame.type === 'shown') onShown(frame);
    else onSubscribe(screen, frame);
    return;
  }
  if (isTaken) screen.reject('frame-invalid', 'expected a subscribe or shown frame, see docs/messages.md');
  else screen.reject('too-many-frames', 'slow down');
  if (offences.add()) screen.close('misbehaved');
};

const parseClientFrame = (text: string, maxBytes: number): ClientFrame | undefined => {
  if (text.length > maxBytes) return undefined;
  try {
    return ClientFrame.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};
