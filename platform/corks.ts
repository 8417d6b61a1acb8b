import type { Writable } from 'node:stream';

/** Gathers what is written to each of many streams in one turn: it goes out as one write of the operating system. */
export type Corks = {
  /** Must be called before a write. */
  readonly hold: (stream: Writable) => void;
};

/** `atEnd` runs what it is given when the turn is over: `process.nextTick`, or `setImmediate` for the whole of an event loop's turn. */
export const createCorks = (atEnd: (work: () => void) => void): Corks => {
  let held: Writable[] = [];

  const letGo = (): void => {
    const streams = held;
    held = [];
    for (const stream of streams) stream.uncork();
  };

  return {
    hold(stream) {
      if (stream.writableCorked > 0) return;
      stream.cork();
      if (held.push(stream) === 1) atEnd(letGo);
    },
  };
};
