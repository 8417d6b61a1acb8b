import { constants, fstatSync, openSync, write, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { coerceError, errorCode } from './errors.ts';

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
/** After a failure other than a full pipe, as a full disk: lines that come meanwhile are dropped without a try. */
const PAUSE_MS = 1_000;

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
    // What could be written without waiting is written.
    flushSync() {},
    dropped: () => dropped,
    trouble: () => trouble,
  };
};

/** A terminal can be halted for hours; ours alone must not wait for it, so it is opened anew for us. */
const openWithoutWaiting = (fd: number): number => {
  try {
    if (!fstatSync(fd).isCharacterDevice()) return fd;
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return fd;
  }
};

/** Files and devices: one write at a time, on a thread, so that a disk that hangs holds up nobody. */
const createFileSink = (givenFd: number): LineSink => {
  const fd = openWithoutWaiting(givenFd);
  let waiting: string[] = [];
  let waitingBytes = 0;
  let isWriting = false;
  let isPumping = false;
  let pausedUntilMs = 0;
  /** The line before was cut: what comes next begins on a line of its own. */
  let isTorn = false;
  let dropped = 0;
  let trouble: string | undefined;

  const takeWaiting = () => {
    const bytes = Buffer.from((isTorn ? '\n' : '') + waiting.join(''));
    const taken = { bytes, lines: waiting.length };
    waiting = [];
    waitingBytes = 0;
    return taken;
  };

  const pump = (): void => {
    isPumping = false;
    if (isWriting || waiting.length === 0) return;
    isWriting = true;
    const { bytes, lines } = takeWaiting();
    writeOn(bytes, lines);
  };

  /** Not at once: what is said in the turn in which the process ends is then still here for `flushSync`. */
  const pumpSoon = (): void => {
    if (isPumping || isWriting) return;
    isPumping = true;
    setImmediate(pump);
  };

  const writeOn = (bytes: Buffer, lines: number): void => {
    write(fd, bytes, 0, bytes.length, null, (error, writtenBytes) => {
      const left = error ? bytes : bytes.subarray(writtenBytes);
      if (error && errorCode(error) !== 'EAGAIN') {
        trouble = coerceError(error).message;
        dropped += lines;
        pausedUntilMs = performance.now() + PAUSE_MS;
        isWriting = false;
        return;
      }
      isTorn = left.length > 0;
      if (!isTorn) {
        isWriting = false;
        trouble = undefined;
        pump();
      } else if (error) setTimeout(writeOn, AGAIN_MS, left, lines).unref();
      else writeOn(left, lines);
    });
  };

  return {
    write(line) {
      if (waitingBytes + line.length > MAX_WAITING_BYTES) {
        dropped++;
        trouble ??= 'it takes lines too slowly';
      } else if (!isWriting && performance.now() < pausedUntilMs) dropped++;
      else {
        waiting.push(line);
        waitingBytes += line.length;
        pumpSoon();
      }
    },
    flushSync() {
      if (waiting.length === 0) return;
      const { bytes, lines } = takeWaiting();
      try {
        writeSync(fd, bytes);
      } catch {
        dropped += lines;
      }
    },
    dropped: () => dropped,
    trouble: () => trouble,
  };
};

export const createLineSink = (fd: number): LineSink => {
  const isStream = (): boolean => {
    try {
      const about = fstatSync(fd);
      return about.isFIFO() || about.isSocket();
    } catch {
      return false;
    }
  };
  const sink = isStream() ? createStreamSink(fd) : createFileSink(fd);
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
