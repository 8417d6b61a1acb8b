import type { StoredBlock } from '../stored-waves.ts';
import { type Track, trackKey } from './survey.ts';

const SECOND = 1_000;

/** Time stamps of blocks that follow each other wobble by network and rounding; a wobble this small is no hole. */
export const SNAP_MS = 60;

/** Samples put in their places, record by record. */
export const createFilling = (tracks: readonly Track[], startMs: number, recordSeconds: number) => {
  const waiting = new Map<number, (Float32Array | undefined)[]>();
  const trackOf = new Map(tracks.map((track, index) => [trackKey(track), index]));
  const lengths = tracks.map(({ rate }) => Math.ceil(rate * recordSeconds));
  const recordMs = recordSeconds * SECOND;
  /** Where the last block of each track ended. */
  const ends = tracks.map(() => Number.NEGATIVE_INFINITY);

  const channel = (record: number, index: number): Float32Array => {
    const channels = waiting.get(record) ?? tracks.map(() => undefined);
    waiting.set(record, channels);
    const held = channels[index] ?? new Float32Array(lengths[index] ?? 0).fill(Number.NaN);
    channels[index] = held;
    return held;
  };

  return {
    add({ signal, rate, timeMs, samples }: StoredBlock): void {
      const index = trackOf.get(trackKey({ signal, rate }));
      if (index === undefined) return;
      const length = lengths[index] ?? 0;
      const stamped = Math.round(((timeMs - startMs) / recordMs) * length);
      const end = ends[index] ?? stamped;
      const begin = Math.abs(stamped - end) <= (SNAP_MS / recordMs) * length ? end : stamped;
      ends[index] = begin + samples.length;
      samples.forEach((sample, offset) => {
        const place = begin + offset;
        if (place < 0 || Number.isNaN(sample)) return;
        channel(Math.floor(place / length), index)[place % length] = sample;
      });
    },
    take(record: number): readonly (Float32Array | undefined)[] {
      const channels = waiting.get(record) ?? [];
      waiting.delete(record);
      return channels;
    },
  };
};
