import { constants, fstatSync, openSync, write, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { type Clock, systemClock } from './clock.ts';
import { errorCode } from './errors.ts';

/**
 * Lines to a file, pipe, socket or terminal that somebody handed us. Nobody waits for it and nothing it does ends the
 * process: what a full disk, a closed pipe or a reader that sleeps does not take is dropped, by whole lines, and counted.
 */
export type LineSink = {
  /** `line` with its line break. */
  readonly write: (line: string) => void;
  /** Writes what still waits, as far as that goes at once. For the end of the process. */
  readonly flushSync: () => void;
  /** Lines that were dropped since the start. */
  readonly dropped: () => number;
  /** Why the last line was dropped; undefined when it was not. */
  readonly trouble: () => string | undefined;
};

const MAX_WAITING_BYTES = 2 ** 20;
/** A pipe that is full is looked at again after this. */
const AGAIN_MS = 100;
/** After another failure, such as a full disk, lines are dropped for so long without another try. */
const PAUSE_MS = 1_000;

type SinkClock = Pick<Clock, 'after' | 'elapsed'>;

/** Pipes and sockets: the event loop writes, when it can. */
const createStreamSink = (fd: number): LineSink => {
  const socket = new Socket({ fd, readable: false, writable: true });
  let dropped = 0;
  let trouble: string | undefined;
  socket.unref();
  socket.on('error', (error) => {
    trouble = error.message;
  });
  return {
    write(line) {
      if (!socket.writable) {
        dropped++;
        trouble ??= 'its reader is gone';
      } else if (socket.writableLength + line.length > MAX_WAITING_BYTES) {
        dropped++;
        trouble = 'its reader does not read';
      } else {
        trouble = undefined;
        socket.write(line);
      }
    },
    // Writes only what can be written without waiting.
    flushSync() {},
    dropped: () => dropped,
    trouble: () => trouble,
  };
};

/** A person can halt a terminal for hours. We open it anew, so that only our side of it does not wait. */
const openWithoutWaiting = (fd: number): number => {
  try {
    if (!fstatSync(fd).isCharacterDevice()) return fd;
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return fd;
  }
};

type Taken = { readonly bytes: Buffer; readonly lines: number };

/** Lines that wait for the write in hand, up to a bound. */
const createWaitingLines = () => {
  let lines: string[] = [];
  let waitingBytes = 0;
  return {
    isEmpty: () => lines.length === 0,
    hasRoomFor: (line: string) => waitingBytes + line.length <= MAX_WAITING_BYTES,
    add(line: string): void {
      lines.push(line);
      waitingBytes += line.length;
    },
    /** `isTorn`: the line before was cut, so what comes next begins on a line of its own. */
    takeAll(isTorn: boolean): Taken {
      const taken = { bytes: Buffer.from((isTorn ? '\n' : '') + lines.join('')), lines: lines.length };
      lines = [];
      waitingBytes = 0;
      return taken;
    },
  };
};

/** Waits for it, and answers how many lines were lost. */
const writeAtOnce = (fd: number, { bytes, lines }: Taken): number => {
  try {
    writeSync(fd, bytes);
    return 0;
  } catch {
    return lines;
  }
};

/** Files and devices: one write at a time, on a thread, so that a disk that hangs holds up nobody. */
const createFileSink = (givenFd: number, clock: SinkClock): LineSink => {
  const fd = openWithoutWaiting(givenFd);
  const waiting = createWaitingLines();
  let state: 'idle' | 'soon' | 'writing' = 'idle';
  let pausedUntilMs = 0;
  let isTorn = false;
  let dropped = 0;
  let trouble: string | undefined;

  const pump = (): void => {
    state = waiting.isEmpty() ? 'idle' : 'writing';
    if (state === 'writing') writeOn(waiting.takeAll(isTorn));
  };

  /** The write waits a turn: what is logged in the turn in which the process ends is then left for `flushSync`. */
  const pumpSoon = (): void => {
    if (state !== 'idle') return;
    state = 'soon';
    setImmediate(pump);
  };

  const fail = (error: Error, lines: number): void => {
    trouble = error.message;
    dropped += lines;
    pausedUntilMs = clock.elapsed() + PAUSE_MS;
    state = 'idle';
  };

  const writeOn = ({ bytes, lines }: Taken): void => {
    write(fd, bytes, 0, bytes.length, null, (error, writtenBytes) => {
      const isFull = error !== null && errorCode(error) === 'EAGAIN';
      if (error && !isFull) return fail(error, lines);
      const left = isFull ? bytes : bytes.subarray(writtenBytes);
      isTorn = left.length > 0;
      if (!isTorn) {
        trouble = undefined;
        pump();
      } else if (isFull) clock.after(AGAIN_MS, () => writeOn({ bytes: left, lines }), 'background');
      else writeOn({ bytes: left, lines });
    });
  };

  return {
    write(line) {
      if (!waiting.hasRoomFor(line)) {
        dropped++;
        trouble ??= 'it takes lines too slowly';
      } else if (state !== 'writing' && clock.elapsed() < pausedUntilMs) dropped++;
      else {
        waiting.add(line);
        pumpSoon();
      }
    },
    flushSync() {
      if (!waiting.isEmpty()) dropped += writeAtOnce(fd, waiting.takeAll(isTorn));
    },
    dropped: () => dropped,
    trouble: () => trouble,
  };
};

export const createLineSink = (fd: number, clock: SinkClock = systemClock): LineSink => {
  const isStream = (): boolean => {
    try {
      const about = fstatSync(fd);
      return about.isFIFO() || about.isSocket();
    } catch {
      return false;
    }
  };
  const sink = isStream() ? createStreamSink(fd) : createFileSink(fd, clock);
  process.on('exit', sink.flushSync);
  return sink;
};

const shared = new Map<1 | 2, LineSink>();

/** Standard output (1) or standard error (2) of this process: one sink each, so that lines keep their order. */
export const standardSink = (fd: 1 | 2): LineSink => {
  const sink = shared.get(fd) ?? createLineSink(fd);
  shared.set(fd, sink);
  return sink;
};
