import type { RecordingRequest } from '#contracts/ports/archive.ts';
import { WAVE_IDS, type WaveId } from '#domain/waveforms.ts';
import type { Queryable } from '../../database/query.ts';
import { pagesOf } from './pages.ts';

/** What there is of a bed's waves in a range, before any of them is sent. */

const SECOND = 1_000;

/** One signal at one rate: another rate is another signal, as EDF has one rate for each. */
export type Track = { readonly signal: WaveId; readonly rate: number; low: number; high: number };

export const trackKey = ({ signal, rate }: Pick<Track, 'signal' | 'rate'>): string => `${signal} ${rate}`;

/** `seconds`: in which there is a sample, counted from the start of the range. */
export type Survey = { readonly tracks: readonly Track[]; readonly seconds: ReadonlySet<number> };

/** The lowest and the highest sample; undefined: all are missing. */
const spanOf = (samples: Float32Array): { low: number; high: number } | undefined => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const sample of samples) {
    if (sample < low) low = sample;
    if (sample > high) high = sample;
  }
  return low <= high ? { low, high } : undefined;
};

/** Reads what there is, a page at a time, and yields after each. Rejects with the signal's reason. */
export async function* lookOver(
  database: Queryable,
  request: RecordingRequest,
  signal: AbortSignal,
): AsyncGenerator<'looking', Survey> {
  const { fromMs, toMs } = request;
  const tracks = new Map<string, Track>();
  const seconds = new Set<number>();
  for await (const { blocks } of pagesOf(database, request, signal)) {
    for (const block of blocks) {
      const span = spanOf(block.samples);
      if (!span) continue;
      const first = Math.max(0, Math.floor((block.timeMs - fromMs) / SECOND));
      const lastMs = Math.min(block.timeMs + ((block.samples.length - 1) * SECOND) / block.rate, toMs - 1);
      const last = Math.floor((lastMs - fromMs) / SECOND);
      if (last < first) continue;
      for (let second = first; second <= last; second += 1) seconds.add(second);
      const track = tracks.get(trackKey(block)) ?? { signal: block.signal, rate: block.rate, ...span };
      track.low = Math.min(track.low, span.low);
      track.high = Math.max(track.high, span.high);
      tracks.set(trackKey(block), track);
    }
    yield 'looking';
  }
  const inOrder = [...tracks.values()].sort(
    (a, b) => WAVE_IDS.indexOf(a.signal) - WAVE_IDS.indexOf(b.signal) || a.rate - b.rate,
  );
  return { tracks: inOrder, seconds };
}

/** The shortest in which every signal has a whole number of samples; if there is none, samples are moved by less than one. */
const RECORD_SECONDS = [1, 2, 4, 5, 8, 10] as const;

export const recordSecondsFor = (tracks: readonly Track[]): number =>
  RECORD_SECONDS.find((length) => tracks.every(({ rate }) => Number.isInteger(rate * length))) ?? 1;
