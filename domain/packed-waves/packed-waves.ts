import { BitReader, BitWriter } from './bits.ts';
import { NewerWavesError, UnreadableWavesError } from './errors.ts';
import { readSamples, writeSamples } from './samples.ts';

/**
 * The waveforms of one device at one time as bytes:
 *
 *   format, then for each waveform: MDC code, rate, length of the rest, count, gaps, samples
 *
 * They go together because a row and its index entry take about 110 bytes, which is as much as a waveform of a second.
 */
export const PACKED_FORMAT = 1;

/** NaN is a missing sample. */
export type Wave = { readonly mdc: number; readonly rate: number; readonly samples: Float32Array };

/** Bounds of what is written, so that damaged bytes cannot ask for more memory: a message carries 60,000 samples. */
const MAX_SAMPLES = 2 ** 16;
const MAX_WAVES = 64;

type Gaps = { readonly runs: readonly { readonly present: number; readonly missing: number }[] };

const gapsOf = (samples: Float32Array): Gaps['runs'] => {
  const runs: { present: number; missing: number }[] = [];
  let from = 0;
  while (from < samples.length) {
    let begin = from;
    while (begin < samples.length && !Number.isNaN(samples[begin])) begin += 1;
    if (begin === samples.length) break;
    let end = begin;
    while (end < samples.length && Number.isNaN(samples[end])) end += 1;
    runs.push({ present: begin - from, missing: end - begin });
    from = end;
  }
  return runs;
};

const body = new BitWriter();
const whole = new BitWriter();

const writeBody = (samples: Float32Array): Uint8Array => {
  const runs = gapsOf(samples);
  body.varint(samples.length);
  body.varint(runs.length);
  for (const { present, missing } of runs) {
    body.varint(present);
    body.varint(missing);
  }
  const present = runs.length === 0 ? samples : samples.filter((sample) => !Number.isNaN(sample));
  if (present.length > 0) writeSamples(body, present);
  return body.take();
};

const readBody = (reader: BitReader): Float32Array => {
  const count = reader.varint();
  if (count > MAX_SAMPLES) throw new UnreadableWavesError(`${count} samples are more than any waveform has`);
  const runs = reader.varint();
  if (runs > count) throw new UnreadableWavesError('a waveform has more gaps than samples');
  const samples = new Float32Array(count).fill(Number.NaN);
  const places: [from: number, to: number][] = [];
  let at = 0;
  let present = 0;
  for (let run = 0; run < runs; run++) {
    const from = at;
    at += reader.varint();
    places.push([from, at]);
    present += at - from;
    at += reader.varint();
    if (at > count) throw new UnreadableWavesError('a gap ends after its waveform');
  }
  places.push([at, count]);
  present += count - at;
  if (present === 0) return samples;
  const read = readSamples(reader, present);
  let taken = 0;
  for (const [from, to] of places) {
    samples.set(read.subarray(taken, taken + to - from), from);
    taken += to - from;
  }
  return samples;
};

/** A whole rate is written as it is; 0 says that a float follows. */
const writeRate = (writer: BitWriter, rate: number): void => {
  if (Number.isInteger(rate) && rate > 0) {
    writer.varint(rate);
    return;
  }
  writer.varint(0);
  writer.float(rate);
};

const readRate = (reader: BitReader): number => {
  const rate = reader.varint();
  return rate > 0 ? rate : reader.float();
};

/** Each MDC code at most once. */
export const packWaves = (waves: readonly Wave[]): Uint8Array => {
  if (waves.length > MAX_WAVES) throw new RangeError(`${waves.length} waveforms do not go into one row`);
  whole.byte(PACKED_FORMAT);
  for (const { mdc, rate, samples } of waves) {
    if (samples.length > MAX_SAMPLES) throw new RangeError(`${samples.length} samples do not go into one row`);
    const written = writeBody(samples);
    whole.varint(mdc);
    writeRate(whole, rate);
    whole.varint(written.length);
    whole.bytes(written);
  }
  return whole.take();
};

/**
 * The waveforms as they were packed, to the bit; of all, or of those that are wanted. Throws a NewerWavesError for a format
 * that this program does not know, and an UnreadableWavesError for bytes that no program packed.
 */
export const unpackWaves = (bytes: Uint8Array, isWanted: (mdc: number) => boolean = () => true): Wave[] => {
  const reader = new BitReader(bytes);
  const format = reader.byte();
  if (format > PACKED_FORMAT) throw new NewerWavesError(format, PACKED_FORMAT);
  if (format === 0) throw new UnreadableWavesError('packed waveforms name no format');
  const waves: Wave[] = [];
  for (let count = 0; reader.left() > 0; count++) {
    if (count === MAX_WAVES) throw new UnreadableWavesError('there are more waveforms than go into one row');
    const mdc = reader.varint();
    const rate = readRate(reader);
    const written = reader.bytes(reader.varint());
    if (!isWanted(mdc)) continue;
    const entry = new BitReader(written);
    const samples = readBody(entry);
    if (entry.left() > 0) throw new UnreadableWavesError('a waveform is shorter than its bytes');
    waves.push({ mdc, rate, samples });
  }
  return waves;
};
