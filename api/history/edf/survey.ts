import type { RecordingRequest } from '#contracts/ports/archive.ts';
import { WAVE_IDS, type WaveId } from '#domain/waveforms.ts';
import type { Queryable } from '../../database/query.ts';
import { listBlocks } from './queries.ts';

/** What there is of a bed's waves in a range, before any of them is sent. */

const SECOND = 1_000;
const SLICE_MS = 60 * 60 * SECOND;

/** A block that began before may reach into the range. */
export const LONGEST_BLOCK_MS = 10 * SECOND;

/** One signal at one rate: another rate is another signal, as EDF has one rate for each. */
export type Track = { readonly signal: WaveId; readonly rate: number; low: number; high: number };

export const trackKey = ({ signal, rate }: Pick<Track, 'signal' | 'rate'>): string => `${signal} ${rate}`;

/** `seconds`: in which there is a sample, counted from the start of the range. */
export type Survey = { readonly tracks: readonly Track[]; readonly seconds: ReadonlySet<number> };

/** Reads what there is without its samples, an hour at a time, and yields after each. Rejects with the signal's reason. */
export async function* lookOver(
  database: Queryable,
  request: RecordingRequest,
  signal: AbortSignal,
): AsyncGenerator<'looking', Survey> {
  const { fromMs, toMs } = request;
  const tracks = new Map<string, Track>();
  const seconds = new Set<number>();
  for (let startMs = fromMs - LONGEST_BLOCK_MS; startMs < toMs; startMs += SLICE_MS) {
    signal.throwIfAborted();
    const to = new Date(Math.min(startMs + SLICE_MS, toMs));
    for (const block of await listBlocks(database, { ...request, from: new Date(startMs), to })) {
      if (block.low === null || block.high === null) continue;
      const first = Math.max(0, Math.floor((block.timeMs - fromMs) / SECOND));
      const lastMs = Math.min(block.timeMs + ((block.count - 1) * SECOND) / block.rate, toMs - 1);
      const last = Math.floor((lastMs - fromMs) / SECOND);
      if (last < first) continue;
      for (let second = first; second <= last; second += 1) seconds.add(second);
      const track = tracks.get(trackKey(block)) ?? { ...block, low: block.low, high: block.high };
      track.low = Math.min(track.low, block.low);
      track.high = Math.max(track.high, block.high);
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
