import { type RawData, WebSocket } from 'ws';
import { ClientFrame, type ErrorFrame, type ShownFrame, type SubscribeFrame } from '#contracts/live.ts';
import { CLOSE, type LiveLimits } from './limits.ts';

/** Why a screen was let go; the metric counts by it and the screen is told it. */
export type CloseReason = 'slow' | 'silent' | 'misbehaved' | 'stopping';

const CODES: Record<CloseReason, number> = {
  slow: CLOSE.tryAgainLater,
  silent: CLOSE.tryAgainLater,
  misbehaved: CLOSE.policy,
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
  readonly send: (data: Buffer) => void;
  /** The same for an alarm frame, which the screen may answer by saying that it is shown. */
  readonly sendAlarm: (data: Buffer) => void;
  /** True from when too much waits until all of it was read: what can be skipped must be. */
  readonly mustSkip: () => boolean;
  readonly markMissed: (unit: string) => void;
  /** Once everything that waited was read: the units to send a snapshot of. Until then undefined. */
  readonly takeMissed: () => string[] | undefined;
  /** To be called at every heartbeat: pings, and closes what gives no sign of life. */
  readonly checkLife: () => void;
  readonly reject: (reason: string, detail: string) => void;
  readonly close: (reason: CloseReason) => void;
};

export const createScreen = ({
  socket,
  limits,
  onSubscribe,
  onShown,
  onClosed,
}: {
  socket: WebSocket;
  limits: LiveLimits;
  onSubscribe: (screen: Screen, frame: SubscribeFrame) => void;
  onShown: (frame: ShownFrame) => void;
  /** Called once, when the screen is gone or given up. `reason` undefined: it left by itself. */
  onClosed: (screen: Screen, reason: CloseReason | undefined) => void;
}): Screen => {
  let units: ReadonlySet<string> = new Set();
  let beds: ReadonlySet<string> = new Set();
  let unitsKey = '';
  let behind = false;
  const missed = new Set<string>();

  let sentBytes = 0;
  let readBytes = 0;
  let quietHeartbeats = 0;
  let framesThisHeartbeat = 0;
  /** Alarm frames not answered yet: a flood of alarms must not make an offender of who shows them. */
  let answersOpen = 0;
  let offences = 0;
  let isGone = false;

  const giveUp = (reason: CloseReason | undefined) => {
    if (isGone) return;
    isGone = true;
    onClosed(screen, reason);
  };

  const offend = (reason: string, detail: string) => {
    screen.reject(reason, detail);
    offences += 1;
    if (offences >= limits.offences) screen.close('misbehaved');
  };

  const receive = (data: RawData, isBinary: boolean) => {
    if (isGone) return;
    quietHeartbeats = 0;
    const isOver = framesThisHeartbeat >= limits.clientFramesPerHeartbeat;
    if (isOver && answersOpen === 0) return offend('too-many-frames', 'slow down');
    const frame = isBinary ? undefined : parseClientFrame(String(data), limits.clientFrameBytes);
    if (frame?.type === 'shown' && answersOpen > 0) answersOpen -= 1;
    else if (isOver) return offend('too-many-frames', 'slow down');
    else framesThisHeartbeat += 1;
    if (!frame) return offend('frame-invalid', 'expected a subscribe or shown frame, see docs/messages.md');
    if (frame.type === 'shown') onShown(frame);
    else onSubscribe(screen, frame);
  };

  /** What was taken off our hands since the last look is a sign of life, however slow the reader. */
  const noticeReading = () => {
    const waitingBytes = socket.bufferedAmount;
    const nowReadBytes = sentBytes - waitingBytes;
    // With nothing waiting, all that was sent may still lie unread in the kernel: then only an answer counts.
    if (waitingBytes > 0 && nowReadBytes > readBytes) quietHeartbeats = 0;
    readBytes = nowReadBytes;
  };

  const screen: Screen = {
    units: () => units,
    beds: () => beds,
    unitsKey: () => unitsKey,
    subscribe(frame) {
      units = new Set(frame.units);
      beds = new Set(frame.waves);
      unitsKey = [...units].sort().join(' ');
      missed.clear();
    },
    send(data) {
      if (socket.readyState !== WebSocket.OPEN) return;
      sentBytes += data.length;
      socket.send(data, { binary: false });
      if (socket.bufferedAmount > limits.closeAboveBytes) screen.close('slow');
    },
    sendAlarm(data) {
      answersOpen = Math.min(answersOpen + 1, limits.answersOpen);
      screen.send(data);
    },
    mustSkip() {
      behind ||= socket.bufferedAmount > limits.skipAboveBytes;
      return behind;
    },
    markMissed: (unit) => missed.add(unit),
    takeMissed() {
      if (socket.bufferedAmount > 0) return undefined;
      behind = false;
      const taken = [...missed];
      missed.clear();
      return taken;
    },
    checkLife() {
      framesThisHeartbeat = 0;
      quietHeartbeats += 1;
      noticeReading();
      if (quietHeartbeats > limits.silentHeartbeats) return screen.close(behind ? 'slow' : 'silent');
      const isPingDue = quietHeartbeats % limits.pingEveryHeartbeats === 0;
      if (isPingDue && socket.readyState === WebSocket.OPEN) socket.ping();
    },
    reject(reason, detail) {
      screen.send(Buffer.from(JSON.stringify({ type: 'error', reason, detail } satisfies ErrorFrame)));
    },
    close(reason) {
      if (isGone) return;
      giveUp(reason);
      socket.close(CODES[reason], reason);
      // Whoever does not read will not read the close frame either; what waits for it is freed soon.
      const grace = setTimeout(() => socket.terminate(), 1_000);
      grace.unref();
      socket.once('close', () => clearTimeout(grace));
    },
  };

  socket.on('message', receive);
  socket.on('pong', () => {
    quietHeartbeats = 0;
  });
  socket.on('close', () => giveUp(undefined));
  socket.on('error', () => socket.terminate());
  return screen;
};

const parseClientFrame = (text: string, maxBytes: number): ClientFrame | undefined => {
  if (text.length > maxBytes) return undefined;
  try {
    return ClientFrame.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};
