import type { Frame } from './recording.ts';

/** Frames of several signals, each in order of time, as frames in order of time: what is at one moment is one frame. */
export function* mergeInTime(signals: readonly Iterable<Frame>[]): Generator<Frame> {
  const coming = signals.flatMap((signal) => {
    const iterator = signal[Symbol.iterator]();
    const first = iterator.next();
    return first.done ? [] : [{ iterator, frame: first.value }];
  });
  while (coming.length > 0) {
    const atMs = Math.min(...coming.map(({ frame }) => frame.atMs));
    let merged: Frame = { atMs };
    for (const signal of coming.filter(({ frame }) => frame.atMs === atMs)) {
      const { vitals, waves } = signal.frame;
      merged = {
        atMs,
        ...((merged.vitals || vitals) && { vitals: { ...merged.vitals, ...vitals } }),
        ...((merged.waves || waves) && { waves: { ...merged.waves, ...waves } }),
      };
      const next = signal.iterator.next();
      if (next.done) coming.splice(coming.indexOf(signal), 1);
      else signal.frame = next.value;
    }
    yield merged;
  }
}
