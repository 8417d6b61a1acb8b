import type { WaveBlock } from '#contracts/http/waves.ts';
import { condition } from '#domain/alarms/conditions.ts';
import { vital } from '#domain/vitals.ts';
import { WAVE_IDS, type WaveId, wave } from '#domain/waveforms.ts';
import type { Queryable } from '../../database/query.ts';
import { notFound } from '../../http/problems.ts';
import { readWaves } from '../waves.ts';
import { createEdf, type EdfAnnotation, type EdfWriter } from './file.ts';
import { listAnnounced, listBlocks, type StoredAlarm } from './queries.ts';

/** The stored waves of a bed as one EDF+ file: looked over once for what there is, and read once while it is sent. */

export type RecordingRequest = {
  readonly bed: string;
  readonly signals: readonly WaveId[];
  readonly fromMs: number;
  readonly toMs: number;
};

const SECOND = 1_000;
const SLICE_MS = 60 * 60 * SECOND;
const SAMPLES_AT_ONCE = 200_000;

/** A block that began before may reach into the range. */
const LONGEST_BLOCK_MS = 10 * SECOND;

const LABELS: Readonly<Record<WaveId, string>> = {
  'ecg-i': 'ECG I',
  'ecg-ii': 'ECG II',
  'ecg-iii': 'ECG III',
  'ecg-v': 'ECG V',
  pleth: 'Pleth',
  resp: 'Resp',
  abp: 'ABP',
  co2: 'CO2',
};

const DIMENSIONS: Readonly<Record<string, string>> = { 'mm[Hg]': 'mmHg', '1': '' };

/** Time stamps of blocks that follow each other wobble by network and rounding; a wobble this small is no hole. */
const SNAP_MS = 60;

/** One signal at one rate: another rate is another signal, as EDF has one rate for each. */
type Track = { readonly signal: WaveId; readonly rate: number; low: number; high: number };

const trackKey = ({ signal, rate }: Pick<Track, 'signal' | 'rate'>): string => `${signal} ${rate}`;

/** `seconds`: in which there is a sample, counted from the start of the range. */
type Survey = { readonly tracks: readonly Track[]; readonly seconds: ReadonlySet<number> };

const lookOver = async (database: Queryable, request: RecordingRequest, signal: AbortSignal): Promise<Survey> => {
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
  }
  const inOrder = [...tracks.values()].sort(
    (a, b) => WAVE_IDS.indexOf(a.signal) - WAVE_IDS.indexOf(b.signal) || a.rate - b.rate,
  );
  return { tracks: inOrder, seconds };
};

/** The shortest in which every signal has a whole number of samples; if there is none, samples are moved by less than one. */
const RECORD_SECONDS = [1, 2, 4, 5, 8, 10] as const;

const recordSecondsFor = (tracks: readonly Track[]): number =>
  RECORD_SECONDS.find((length) => tracks.every(({ rate }) => Number.isInteger(rate * length))) ?? 1;

const annotationOf = ({ condition: id, vital: of, priority, decided_at, ended_at }: StoredAlarm): EdfAnnotation => ({
  atMs: decided_at.getTime(),
  lengthMs: ended_at && Math.max(0, ended_at.getTime() - decided_at.getTime()),
  text: `Alarm (${priority}): ${of ? `${vital(of).label.en} ` : ''}${condition(id).label.en}`,
});

export type Recording = Pick<EdfWriter, 'totalBytes'> & {
  /** The file, bit by bit; only as fast as it is taken. */
  readonly bytes: () => AsyncGenerator<Buffer>;
};

/**
 * Rejects with 404 when nothing is stored in the range, and with the signal's reason. The patient is not named, and notes
 * of people, which may name one, are left out.
 */
export const openRecording = async (
  database: Queryable,
  asked: RecordingRequest,
  signal: AbortSignal,
): Promise<Recording> => {
  const fromMs = Math.floor(asked.fromMs / SECOND) * SECOND;
  const request = { ...asked, fromMs };
  const { tracks, seconds } = await lookOver(database, request, signal);
  const [first] = [...seconds].sort((a, b) => a - b);
  if (first === undefined) throw notFound('no waveform is stored in this range');
  const startMs = fromMs + first * SECOND;
  const recordSeconds = recordSecondsFor(tracks);
  const records = [...new Set([...seconds].map((second) => Math.floor((second - first) / recordSeconds)))].sort(
    (a, b) => a - b,
  );
  const alarms = await listAnnounced(database, asked.bed, new Date(startMs), new Date(asked.toMs));
  const edf = createEdf({
    patient: 'X X X X',
    startMs,
    recordSeconds,
    records,
    signals: tracks.map((track) => ({
      label: LABELS[track.signal],
      dimension: DIMENSIONS[wave(track.signal).unit] ?? wave(track.signal).unit,
      low: track.low,
      high: track.high,
      samplesPerRecord: Math.ceil(track.rate * recordSeconds),
    })),
    annotations: alarms.map(annotationOf),
  });
  return {
    totalBytes: edf.totalBytes,
    async *bytes() {
      yield edf.header;
      const filling = createFilling(tracks, startMs, recordSeconds);
      let at = 0;
      for await (const { blocks, doneMs } of pagesOf(database, { ...request, fromMs: startMs }, signal)) {
        for (const block of blocks) filling.add(block);
        const ready: Buffer[] = [];
        for (let place = records[at]; place !== undefined; place = records[at]) {
          if (startMs + (place + 1) * recordSeconds * SECOND + SNAP_MS > doneMs) break;
          ready.push(edf.record(filling.take(place)));
          at += 1;
        }
        if (ready.length > 0) yield Buffer.concat(ready);
      }
    },
  };
};

/** Up to `doneMs` every block has been read. */
type Page = { readonly blocks: readonly WaveBlock[]; readonly doneMs: number };

async function* pagesOf(database: Queryable, request: RecordingRequest, signal: AbortSignal): AsyncGenerator<Page> {
  const { bed, signals, fromMs, toMs } = request;
  let from: Date | undefined = new Date(fromMs - LONGEST_BLOCK_MS);
  while (from) {
    signal.throwIfAborted();
    const page = await readWaves(database, { bed, signals, from, to: new Date(toMs), maxSamples: SAMPLES_AT_ONCE });
    from = page.next === null ? undefined : new Date(page.next);
    yield { blocks: page.blocks, doneMs: from?.getTime() ?? Number.POSITIVE_INFINITY };
  }
}

/** Samples put in their places, record by record. */
const createFilling = (tracks: readonly Track[], startMs: number, recordSeconds: number) => {
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
    add({ signal, rate, time, samples }: WaveBlock): void {
      const index = trackOf.get(trackKey({ signal, rate }));
      if (index === undefined) return;
      const length = lengths[index] ?? 0;
      const stamped = Math.round(((time - startMs) / recordMs) * length);
      const end = ends[index] ?? stamped;
      const begin = Math.abs(stamped - end) <= (SNAP_MS / recordMs) * length ? end : stamped;
      ends[index] = begin + samples.length;
      samples.forEach((sample, offset) => {
        const place = begin + offset;
        if (place < 0 || sample === null) return;
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
