import { type BitReader, type BitWriter, MAX_BITS, unzigzag, zigzag } from './bits.ts';
import { UnreadableWavesError } from './errors.ts';
import { findGrid, type Grid, type OnGrid, sampleAt, strideOf } from './grid.ts';
import {
  COEFFICIENT_BITS,
  FITTED_COEFFICIENTS,
  fitPredictor,
  POLYNOMIALS,
  type Predictor,
  residualsOf,
  SHIFT_BITS,
  undoPrediction,
} from './predictors.ts';
import { costOf, FIRST_K_BITS, firstKOf, MEMORIES, readResiduals, writeResiduals } from './rice.ts';

/**
 * Samples without a gap as bytes, and back to the same bits:
 *
 *   samples ─▶ grid ─▶ whole numbers ─▶ differences ─▶ predictor ─▶ residuals ─▶ Rice
 *                └ none ─▶ floats as they are
 */

/**
 * How samples are written: as floats; as steps of a grid with a whole divisor that is rounded to so much; or of any other
 * grid. The places are stored.
 */
const WAYS = ['floats', 'nothing', 'decimals', 'digits', 'line'] as const;
type Way = Exclude<(typeof WAYS)[number], 'floats'>;
const WAY_BITS = 3;
const COUNT_BITS = 4;

/** The code of a polynomial is its place; that of a fitted predictor follows. */
const FITTED = POLYNOMIALS.length;
const PREDICTOR_BITS = 2;
const MEMORY_BITS = 2;
const SIGNED = 2 ** (COEFFICIENT_BITS - 1);

const readFloats = (reader: BitReader, count: number): Float32Array => {
  // No room is made for more than there are.
  if (count * 4 > reader.left()) throw new UnreadableWavesError('packed waveforms are cut short');
  return Float32Array.from({ length: count }, () => reader.float());
};

const writeWay = (writer: BitWriter, way: (typeof WAYS)[number]): void => writer.bits(WAYS.indexOf(way), WAY_BITS);

const writeGrid = (writer: BitWriter, { divisor, offset, rounding: { to, count } }: Grid): void => {
  if (offset !== 0 || !Number.isInteger(divisor)) {
    writeWay(writer, 'line');
    writer.double(divisor);
    writer.double(offset);
    return;
  }
  writeWay(writer, to);
  if (to !== 'nothing') writer.bits(count, COUNT_BITS);
  writer.number(divisor);
};

const readGrid = (reader: BitReader, way: Way): Grid => {
  if (way === 'line') {
    return { divisor: reader.double(), offset: reader.double(), rounding: { to: 'nothing', count: 0 } };
  }
  const count = way === 'nothing' ? 0 : reader.bits(COUNT_BITS);
  const divisor = reader.number();
  if (divisor === 0) throw new UnreadableWavesError('no samples are divided by 0');
  return { divisor, offset: 0, rounding: { to: way, count } };
};

type Plan = { readonly code: number; readonly predictor: Predictor; readonly residuals: Int32Array };

const USUAL_MEMORY = 2;

/** The predictor whose residuals are the shortest. */
const choosePlan = (differences: Int32Array): Plan => {
  const fitted = fitPredictor(differences);
  const predictors = fitted ? [...POLYNOMIALS, fitted] : POLYNOMIALS;
  let best: Plan | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [code, predictor] of predictors.entries()) {
    const residuals = residualsOf(predictor, differences);
    const own = code === FITTED ? SHIFT_BITS + FITTED_COEFFICIENTS * COEFFICIENT_BITS : 0;
    const cost = own + costOf(residuals, firstKOf(residuals), USUAL_MEMORY);
    if (cost >= least) continue;
    least = cost;
    best = { code, predictor, residuals };
  }
  return best ?? { code: 0, predictor: POLYNOMIALS[0], residuals: differences };
};

const chooseMemory = (residuals: Int32Array, firstK: number): number => {
  const costs = MEMORIES.map((memory) => costOf(residuals, firstK, memory));
  return costs.indexOf(Math.min(...costs));
};

const writeDifferences = (writer: BitWriter, differences: Int32Array): void => {
  const { code, predictor, residuals } = choosePlan(differences);
  const firstK = firstKOf(residuals);
  const memory = chooseMemory(residuals, firstK);
  writer.bits(code, PREDICTOR_BITS);
  writer.bits(memory, MEMORY_BITS);
  writer.bits(firstK, FIRST_K_BITS);
  if (code === FITTED) {
    writer.bits(predictor.shift, SHIFT_BITS);
    for (const coefficient of predictor.coefficients) writer.bits(coefficient + SIGNED, COEFFICIENT_BITS);
  }
  writeResiduals(writer, residuals, firstK, MEMORIES[memory] ?? 0);
};

const readPredictor = (reader: BitReader, code: number): Predictor => {
  const polynomial = POLYNOMIALS[code];
  if (polynomial) return polynomial;
  const shift = reader.bits(SHIFT_BITS);
  const coefficients = Int32Array.from({ length: FITTED_COEFFICIENTS }, () => reader.bits(COEFFICIENT_BITS) - SIGNED);
  return { coefficients, shift };
};

const readDifferences = (reader: BitReader, count: number): Int32Array => {
  const code = reader.bits(PREDICTOR_BITS);
  const memory = MEMORIES[reader.bits(MEMORY_BITS)] ?? 0;
  const firstK = reader.bits(FIRST_K_BITS);
  if (firstK > MAX_BITS) throw new UnreadableWavesError('a first residual is larger than any that is written');
  const predictor = readPredictor(reader, code);
  // Every residual takes a bit at least: no room is made for more than there are.
  if (count > (reader.left() + 1) * 8) throw new UnreadableWavesError('packed waveforms are cut short');
  const differences = readResiduals(reader, count, firstK, memory);
  undoPrediction(predictor, differences);
  return differences;
};

const writeSteps = (writer: BitWriter, { grid, steps }: OnGrid): void => {
  const [first = 0] = steps;
  const stride = strideOf(steps);
  writeGrid(writer, grid);
  writer.number(zigzag(first));
  writer.number(stride);
  // All samples are the same.
  if (stride === 0) return;
  const differences = new Int32Array(steps.length - 1);
  for (let index = 1; index < steps.length; index++) {
    differences[index - 1] = ((steps[index] ?? 0) - (steps[index - 1] ?? 0)) / stride;
  }
  writeDifferences(writer, differences);
};

const readSteps = (reader: BitReader, way: Way, count: number): Float32Array => {
  const grid = readGrid(reader, way);
  const samples = new Float32Array(count);
  let step = unzigzag(reader.number());
  const stride = reader.number();
  if (stride === 0) return samples.fill(sampleAt(grid, step));
  const differences = readDifferences(reader, count - 1);
  samples[0] = sampleAt(grid, step);
  for (let index = 1; index < count; index++) {
    step += (differences[index - 1] ?? 0) * stride;
    samples[index] = sampleAt(grid, step);
  }
  return samples;
};

/** At least one sample, none of them NaN. */
export const writeSamples = (writer: BitWriter, samples: Float32Array): void => {
  const found = findGrid(samples);
  if (found) {
    writeSteps(writer, found);
    writer.align();
  } else {
    writeWay(writer, 'floats');
    writer.align();
    for (const sample of samples) writer.float(sample);
  }
};

/** Throws an UnreadableWavesError for what `writeSamples` does not write. */
export const readSamples = (reader: BitReader, count: number): Float32Array => {
  const way = WAYS[reader.bits(WAY_BITS)];
  if (way === undefined) throw new UnreadableWavesError('there is no such way to write samples');
  if (way !== 'floats') return readSteps(reader, way, count);
  reader.align();
  return readFloats(reader, count);
};
