/**
 * What the next first difference of a signal will be, from the ones before it: a sum of them, each times a coefficient, over
 * 2 ** shift. Polynomials of order 1 to 3 as in Shorten; and linear prediction fitted to the block, as in FLAC, which sees
 * that a signal was filtered. Whole numbers only, so that every machine predicts the same.
 */

export type Predictor = { readonly coefficients: Int32Array; readonly shift: number };

export const POLYNOMIALS = [
  { coefficients: Int32Array.of(), shift: 0 },
  { coefficients: Int32Array.of(1), shift: 0 },
  { coefficients: Int32Array.of(2, -1), shift: 0 },
] as const satisfies readonly Predictor[];

/** Measured: of 4 to 32 coefficients of 8 or 10 bits these are the best for blocks of a second. */
export const FITTED_COEFFICIENTS = 8;
export const COEFFICIENT_BITS = 8;
export const SHIFT_BITS = 4;
const LARGEST_COEFFICIENT = 2 ** (COEFFICIENT_BITS - 1) - 1;
const LARGEST_SHIFT = 2 ** SHIFT_BITS - 1;

/** Far from what is measured a prediction only must not leave the 32 bits of an integer. */
const FURTHEST = 2 ** 28;

/** Until enough came before, the last difference stands for the next. */
const predict = ({ coefficients, shift }: Predictor, differences: Int32Array, place: number): number => {
  const count = coefficients.length;
  if (place < count) return place === 0 ? 0 : (differences[place - 1] ?? 0);
  let sum = 0;
  for (let back = 0; back < count; back++) sum += (coefficients[back] ?? 0) * (differences[place - 1 - back] ?? 0);
  const predicted = Math.floor(sum / (1 << shift) + 0.5);
  return Math.max(-FURTHEST, Math.min(FURTHEST, predicted));
};

export const residualsOf = (predictor: Predictor, differences: Int32Array): Int32Array => {
  const residuals = new Int32Array(differences.length);
  for (let place = 0; place < residuals.length; place++) {
    residuals[place] = (differences[place] ?? 0) - predict(predictor, differences, place);
  }
  return residuals;
};

/** Turns residuals into the differences that they were of, in place. */
export const undoPrediction = (predictor: Predictor, values: Int32Array): void => {
  for (let place = 0; place < values.length; place++) {
    values[place] = (values[place] ?? 0) + predict(predictor, values, place);
  }
};

/** Keeps the ends of a block from passing for edges. Most blocks are as long as the one before. */
let lastWindow = new Float64Array();
const windowOf = (count: number): Float64Array => {
  if (lastWindow.length !== count) {
    lastWindow = Float64Array.from({ length: count }, (_, place) => Math.sin((Math.PI * (place + 0.5)) / count));
  }
  return lastWindow;
};

/** How much differences that are `lag` apart go together. */
const autocorrelation = (differences: Int32Array): Float64Array => {
  const count = differences.length;
  const window = windowOf(count);
  const windowed = new Float64Array(count);
  for (let place = 0; place < count; place++) windowed[place] = (differences[place] ?? 0) * (window[place] ?? 0);
  const sums = new Float64Array(FITTED_COEFFICIENTS + 1);
  for (let lag = 0; lag < sums.length; lag++) {
    let sum = 0;
    for (let place = lag; place < count; place++) sum += (windowed[place] ?? 0) * (windowed[place - lag] ?? 0);
    sums[lag] = sum;
  }
  return sums;
};

/** The Levinson-Durbin recursion; undefined when the differences are all zero, or predict themselves without a rest. */
const solve = (sums: Float64Array): number[] | undefined => {
  let solved: number[] = [];
  let rest = sums[0] ?? 0;
  for (let order = 1; order < sums.length; order++) {
    if (!(rest > 0)) return undefined;
    const missed = solved.reduce((sum, value, index) => sum - value * (sums[order - 1 - index] ?? 0), sums[order] ?? 0);
    const reflection = missed / rest;
    const mirrored = solved.toReversed();
    solved = [...solved.map((value, index) => value - reflection * (mirrored[index] ?? 0)), reflection];
    rest *= 1 - reflection * reflection;
  }
  return solved;
};

/** The linear prediction that suits a block; undefined when there is none. */
export const fitPredictor = (differences: Int32Array): Predictor | undefined => {
  if (differences.length <= 2 * FITTED_COEFFICIENTS) return undefined;
  const solved = solve(autocorrelation(differences));
  if (!solved) return undefined;
  const largest = Math.max(...solved.map(Math.abs));
  if (!(largest > 0 && largest < LARGEST_COEFFICIENT)) return undefined;
  const shift = Math.min(LARGEST_SHIFT, Math.floor(Math.log2(LARGEST_COEFFICIENT / largest)));
  return { coefficients: Int32Array.from(solved, (value) => Math.round(value * 2 ** shift)), shift };
};
