import type { Bits } from './bits.ts';

/** One channel of a FLAC frame: RFC 9639, section 9.2. */

/** A sample is predicted from those before it: by these factors, their sum divided by 2 to the power of `shift`. */
type Predictor = { readonly factors: readonly number[]; readonly shift: number };

/** The predictors that have no factors in the file, by their order. */
const FIXED: readonly Predictor[] = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]].map((factors) => ({
  factors,
  shift: 0,
}));

const CONSTANT = 0;
const VERBATIM = 1;
const FIRST_FIXED = 8;
const FIRST_LINEAR = 32;
const RAW_BITS = 5;

const unfold = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

const readResidual = (bits: Bits, samples: Int32Array, order: number): void => {
  const parameterBits = bits.unsigned(2) === 0 ? 4 : 5;
  const rawMark = 2 ** parameterBits - 1;
  const partitions = 2 ** bits.unsigned(4);
  const perPartition = samples.length / partitions;
  for (let partition = 0; partition < partitions; partition += 1) {
    const parameter = bits.unsigned(parameterBits);
    const rawBits = parameter === rawMark ? bits.unsigned(RAW_BITS) : undefined;
    const end = (partition + 1) * perPartition;
    for (let place = partition === 0 ? order : partition * perPartition; place < end; place += 1) {
      samples[place] =
        rawBits === undefined ? unfold(bits.zeros() * 2 ** parameter + bits.unsigned(parameter)) : bits.signed(rawBits);
    }
  }
};

/** Turns what was left over by the predictor into samples. */
const predict = (samples: Int32Array, { factors, shift }: Predictor): void => {
  const order = factors.length;
  const divisor = 2 ** shift;
  for (let place = order; place < samples.length; place += 1) {
    let sum = 0;
    // 24 bits by 15 bits are more than an integer of 32 bits holds, and less than a number does.
    for (let back = 0; back < order; back += 1) sum += (factors[back] ?? 0) * (samples[place - 1 - back] ?? 0);
    samples[place] = (samples[place] ?? 0) + Math.floor(sum / divisor);
  }
};

const readLinear = (bits: Bits, order: number): Predictor => {
  const precision = bits.unsigned(4) + 1;
  const shift = bits.signed(5);
  return { factors: Array.from({ length: order }, () => bits.signed(precision)), shift };
};

const readPredicted = (bits: Bits, samples: Int32Array, sampleBits: number, type: number): void => {
  const order = type >= FIRST_LINEAR ? type - FIRST_LINEAR + 1 : type - FIRST_FIXED;
  for (let place = 0; place < order; place += 1) samples[place] = bits.signed(sampleBits);
  const predictor = type >= FIRST_LINEAR ? readLinear(bits, order) : FIXED[order];
  if (!predictor) throw new RangeError(`a subframe of type ${type}`);
  readResidual(bits, samples, order);
  predict(samples, predictor);
};

export const readSubframe = (bits: Bits, count: number, sampleBits: number): Int32Array => {
  bits.unsigned(1);
  const type = bits.unsigned(6);
  const wasted = bits.unsigned(1) === 1 ? bits.zeros() + 1 : 0;
  const samples = new Int32Array(count);
  const stored = sampleBits - wasted;
  if (type === CONSTANT) samples.fill(bits.signed(stored));
  else if (type === VERBATIM) for (let place = 0; place < count; place += 1) samples[place] = bits.signed(stored);
  else if (type < FIRST_FIXED) throw new RangeError(`a subframe of type ${type}`);
  else readPredicted(bits, samples, stored, type);
  if (wasted > 0) for (let place = 0; place < count; place += 1) samples[place] = (samples[place] ?? 0) << wasted;
  return samples;
};
