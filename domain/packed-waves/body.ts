import { BitReader, BitWriter } from './bits.ts';
import { UnreadableWavesError } from './errors.ts';
import { readSamples, writeSamples } from './samples.ts';

/** One waveform as bytes: where samples are −0, where they are missing, and the others. */

const HAS_GAPS = 1;
const HAS_MINUS_ZEROS = 2;

/** A message carries 60,000. Bounds what damaged bytes can ask for. */
const MAX_SAMPLES = 2 ** 16;

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

/** Senders that round to decimals tell −0 of what lies a little below 0. It is written as 0, and its place beside. */
const minusZerosOf = (samples: Float32Array): number[] => {
  const places: number[] = [];
  for (let place = 0; place < samples.length; place++) if (Object.is(samples[place], -0)) places.push(place);
  return places;
};

const writePlaces = (writer: BitWriter, places: readonly number[]): void => {
  writer.varint(places.length);
  let after = 0;
  for (const place of places) {
    writer.varint(place - after);
    after = place + 1;
  }
};

/** The samples of one waveform, at most `MAX_SAMPLES`; the flags say what is in the bytes. */
export const packBody = (samples: Float32Array): { flags: number; bytes: Uint8Array } => {
  if (samples.length > MAX_SAMPLES) throw new RangeError(`${samples.length} samples do not go into one row`);
  const body = new BitWriter();
  const gaps = gapsOf(samples);
  const minusZeros = minusZerosOf(samples);
  if (minusZeros.length > 0) writePlaces(body, minusZeros);
  if (gaps.length > 0) body.varint(gaps.length);
  for (const { present, missing } of gaps) {
    body.varint(present);
    body.varint(missing);
  }
  const isPlain = gaps.length === 0 && minusZeros.length === 0;
  // −0 and 0 are 0.
  const present = isPlain ? samples : samples.filter((sample) => !Number.isNaN(sample)).map((sample) => sample + 0);
  if (present.length > 0) writeSamples(body, present);
  const flags = (gaps.length > 0 ? HAS_GAPS : 0) + (minusZeros.length > 0 ? HAS_MINUS_ZEROS : 0);
  return { flags, bytes: body.take() };
};

/** Where there are samples: the runs between the gaps. */
const readRuns = (reader: BitReader, count: number): (readonly [from: number, to: number])[] => {
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

const readPlaces = (reader: BitReader, count: number): number[] => {
  const places: number[] = [];
  let after = 0;
  for (let left = reader.varint(); left > 0; left--) {
    const place = after + reader.varint();
    if (place >= count) throw new UnreadableWavesError('a sample lies after its waveform');
    places.push(place);
    after = place + 1;
  }
  return places;
};

/** Throws an UnreadableWavesError for what `packBody` does not write. */
export const unpackBody = (bytes: Uint8Array, count: number, flags: number): Float32Array => {
  if (!Number.isInteger(count) || count < 0 || count > MAX_SAMPLES) {
    throw new UnreadableWavesError(`no waveform has ${count} samples`);
  }
  const reader = new BitReader(bytes);
  const minusZeros = flags & HAS_MINUS_ZEROS ? readPlaces(reader, count) : [];
  const runs = flags & HAS_GAPS ? readRuns(reader, count) : [[0, count] as const];
  const presentCount = runs.reduce((sum, [from, to]) => sum + to - from, 0);
  const present = presentCount === 0 ? new Float32Array() : readSamples(reader, presentCount);
  if (reader.left() > 0) throw new UnreadableWavesError('a waveform is shorter than its bytes');
  const samples = new Float32Array(count).fill(Number.NaN);
  let taken = 0;
  for (const [from, to] of runs) {
    samples.set(present.subarray(taken, taken + to - from), from);
    taken += to - from;
  }
  for (const place of minusZeros) samples[place] = -0;
  return samples;
};
