import { BitReader, BitWriter } from './bits.ts';
import { NewerWavesError, UnreadableWavesError } from './errors.ts';
import { readSamples, writeSamples } from './samples.ts';

/**
 * The waveforms of one device at one time as bytes:
 *
 *   format, then for each waveform: MDC code and flags, rate, count, length of the rest, gaps, samples
 *
 * They go together because a row and its index entry take about 110 bytes, which is as much as a waveform of a second.
 */
export const PACKED_FORMAT = 1;

/** What is told with the MDC code: that there are as many samples as `rate` says, and that some are missing. */
const FLAGS = 4;
const IS_SECOND = 1;
const HAS_GAPS = 2;

/** NaN is a missing sample. */
export type Wave = { readonly mdc: number; readonly rate: number; readonly samples: Float32Array };

/** Bounds of what is written, so that damaged bytes cannot ask for more memory: a message carries 60,000 samples. */
const MAX_SAMPLES = 2 ** 16;
const MAX_WAVES = 64;

/** Samples that are missing, after so many that are there. */
type Gap = { readonly present: number; readonly missing: number };

const gapsOf = (samples: Float32Array): Gap[] => {
  const gaps: Gap[] = [];
  let from = 0;
  while (from < samples.length) {
    let begin = from;
    while (begin < samples.length && !Number.isNaN(samples[begin])) begin += 1;
    if (begin === samples.length) break;
    let end = begin;
    while (end < samples.length && Number.isNaN(samples[end])) end += 1;
    gaps.push({ present: begin - from, missing: end - begin });
    from = end;
  }
  return gaps;
};

const writeBody = (samples: Float32Array, gaps: readonly Gap[]): Uint8Array => {
  const body = new BitWriter();
  if (gaps.length > 0) body.varint(gaps.length);
  for (const { present, missing } of gaps) {
    body.varint(present);
    body.varint(missing);
  }
  const present = gaps.length === 0 ? samples : samples.filter((sample) => !Number.isNaN(sample));
  if (present.length > 0) writeSamples(body, present);
  return body.take();
};

/** Where there are samples: the runs between the gaps. */
const readRuns = (reader: BitReader, count: number): [from: number, to: number][] => {
  const gaps = reader.varint();
  if (gaps > count) throw new UnreadableWavesError('a waveform has more gaps than samples');
  const runs: [from: number, to: number][] = [];
  let from = 0;
  for (let gap = 0; gap < gaps; gap++) {
    const to = from + reader.varint();
    runs.push([from, to]);
    from = to + reader.varint();
    if (from > count) throw new UnreadableWavesError('a gap ends after its waveform');
  }
  runs.push([from, count]);
  return runs;
};

const readBody = (reader: BitReader, count: number, hasGaps: boolean): Float32Array => {
  if (!Number.isInteger(count) || count > MAX_SAMPLES) {
    throw new UnreadableWavesError(`no waveform has ${count} samples`);
  }
  if (!hasGaps) return count === 0 ? new Float32Array() : readSamples(reader, count);
  const runs = readRuns(reader, count);
  const present = runs.reduce((sum, [from, to]) => sum + to - from, 0);
  const read = present === 0 ? new Float32Array() : readSamples(reader, present);
  const samples = new Float32Array(count).fill(Number.NaN);
  let taken = 0;
  for (const [from, to] of runs) {
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
  const whole = new BitWriter();
  whole.byte(PACKED_FORMAT);
  for (const { mdc, rate, samples } of waves) {
    if (samples.length > MAX_SAMPLES) throw new RangeError(`${samples.length} samples do not go into one row`);
    const gaps = gapsOf(samples);
    const isSecond = samples.length === rate;
    const written = writeBody(samples, gaps);
    whole.varint(mdc * FLAGS + (isSecond ? IS_SECOND : 0) + (gaps.length > 0 ? HAS_GAPS : 0));
    writeRate(whole, rate);
    if (!isSecond) whole.varint(samples.length);
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
    const code = reader.varint();
    const mdc = Math.floor(code / FLAGS);
    const rate = readRate(reader);
    const length = code & IS_SECOND ? rate : reader.varint();
    const written = reader.bytes(reader.varint());
    if (!isWanted(mdc)) continue;
    const entry = new BitReader(written);
    const samples = readBody(entry, length, (code & HAS_GAPS) !== 0);
    if (entry.left() > 0) throw new UnreadableWavesError('a waveform is shorter than its bytes');
    waves.push({ mdc, rate, samples });
  }
  return waves;
};
