import { findLine } from './line.ts';
import { type Rounding, rounded } from './rounding.ts';

/**
 * The resolution of a sender, found in the samples themselves: whole numbers, of which each sample is one over a divisor plus
 * an offset, possibly rounded as text. Steps of 0.005 mV have the divisor 200; a converter of 10 bits that is told with 5
 * digits has 1,023.
 */

export type Grid = { readonly divisor: number; readonly offset: number; readonly rounding: Rounding };

/** Samples on a grid and their whole numbers are exactly the same: both ways give the same bits. */
export type OnGrid = { readonly grid: Grid; readonly steps: Int32Array };

const MAX_DECIMALS = 7;
const MAX_DIVISOR = 10 ** MAX_DECIMALS;

/** Beyond twice this a float of 32 bits holds no whole number exactly. */
const MAX_STEP = 2 ** 23 - 1;

const EXACT: Rounding = { to: 'nothing', count: 0 };

export const sampleAt = ({ divisor, offset, rounding }: Grid, step: number): number =>
  rounded(step / divisor + offset, rounding);

/** The whole number of a sample on a grid; undefined: it is on another. */
const stepOf = (sample: number, grid: Grid): number | undefined => {
  // Adding 0 makes 0 of a negative zero, which is no whole number.
  const step = Math.round((sample - grid.offset) * grid.divisor) + 0;
  const isOn = Math.abs(step) <= MAX_STEP && Object.is(Math.fround(sampleAt(grid, step)), sample);
  return isOn ? step : undefined;
};

/** The samples on this grid; undefined as soon as one is not. */
const put = (samples: Float32Array, grid: Grid): OnGrid | undefined => {
  // Most grids fail at the first samples, so that room for all is made late.
  let steps: Int32Array | undefined;
  for (let index = 0; index < samples.length; index++) {
    const step = stepOf(samples[index] ?? 0, grid);
    if (step === undefined) return undefined;
    steps ??= new Int32Array(samples.length);
    steps[index] = step;
  }
  return steps && { grid, steps };
};

/** The largest number that all steps are multiples of it apart; 0: they are all the same. */
export const strideOf = (steps: Int32Array): number => {
  const [first = 0] = steps;
  let stride = 0;
  for (let index = 1; index < steps.length && stride !== 1; index++) {
    let rest = Math.abs((steps[index] ?? 0) - first);
    while (rest > 0) [stride, rest] = [rest, stride % rest];
  }
  return stride;
};

/** Samples so far apart are compared for the smallest difference: next to each other they may all be many steps apart. */
const LAGS = [1, 2, 3] as const;

const smallestDifference = (samples: Float32Array): number => {
  let smallest = Number.POSITIVE_INFINITY;
  for (const lag of LAGS) {
    for (let index = lag; index < samples.length; index++) {
      const difference = Math.abs((samples[index] ?? 0) - (samples[index - lag] ?? 0));
      if (difference > 0 && difference < smallest) smallest = difference;
    }
  }
  return smallest;
};

const furthest = (samples: Float32Array): number => {
  let most = 0;
  for (let index = 0; index < samples.length; index++) most = Math.max(most, Math.abs(samples[index] ?? 0));
  return most;
};

const decimalGrid = (samples: Float32Array): OnGrid | undefined => {
  for (let decimals = 0; decimals <= MAX_DECIMALS; decimals++) {
    const found = put(samples, { divisor: 10 ** decimals, offset: 0, rounding: EXACT });
    if (found) return found;
  }
  return undefined;
};

/** The smallest difference is taken for one step, then for two, and so on to so many. */
const MOST_STEPS_APART = 8;
const MOST_TRIES = 1_000;

/** What is known of a grid before it is found: by how much a sample may be off it, and below what its divisor is. */
type Hint = { readonly error: number; readonly below: number; readonly rounding: Rounding };

/** A grid whose step, so many times, is the smallest difference give or take the error. */
const gridNear = (samples: Float32Array, { error, below, rounding }: Hint): OnGrid | undefined => {
  const difference = smallestDifference(samples);
  if (!(error < difference / 2)) return undefined;
  let left = MOST_TRIES;
  for (let apart = 1; apart <= MOST_STEPS_APART; apart++) {
    const last = Math.min(below, Math.floor(apart / (difference - error)));
    for (let divisor = Math.max(1, Math.ceil(apart / (difference + error))); divisor <= last && left > 0; divisor++) {
      left -= 1;
      const found = put(samples, { divisor, offset: 0, rounding });
      if (found) return found;
    }
  }
  return undefined;
};

const isTold = (samples: Float32Array, rounding: Rounding): boolean => {
  for (let index = 0; index < samples.length; index++) {
    const sample = samples[index] ?? 0;
    if (Math.fround(rounded(sample, rounding)) !== sample) return false;
  }
  return true;
};

/** A grid that is coarser by less saves too little to be looked for. */
const WORTH_LOOKING = 4;

/** Significant digits that recordings are told with. */
const DIGITS = [4, 5, 6] as const;

/** Decimals may be the text of another grid's numbers. */
const gridBehind = (samples: Float32Array, { grid: { divisor }, steps }: OnGrid): OnGrid | undefined => {
  const below = divisor / strideOf(steps) / WORTH_LOOKING;
  if (!(smallestDifference(samples) * below > 1)) return undefined;
  const decade = 10 ** Math.ceil(Math.log10(furthest(samples)));
  for (const count of DIGITS) {
    const rounding: Rounding = { to: 'digits', count };
    if (!isTold(samples, rounding)) continue;
    const found = gridNear(samples, { error: decade / 10 ** count, below, rounding });
    if (found) return found;
    break;
  }
  const rounding: Rounding = { to: 'decimals', count: Math.round(Math.log10(divisor)) };
  return gridNear(samples, { error: 1 / divisor, below, rounding });
};

const FLOAT_ERROR = 2 ** -22;

/** A grid with any gain and offset. */
const gridOnLine = (samples: Float32Array, error: number): OnGrid | undefined => {
  const difference = smallestDifference(samples);
  if (!(error < difference / WORTH_LOOKING)) return undefined;
  const line = findLine(samples, difference, error);
  return line && put(samples, { divisor: 1 / line.gain, offset: line.offset, rounding: EXACT });
};

/** The coarsest grid that was found for the samples, of which none is missing; undefined: they are on none. */
export const findGrid = (samples: Float32Array): OnGrid | undefined => {
  const decimal = decimalGrid(samples);
  if (decimal) return gridBehind(samples, decimal) ?? decimal;
  const error = furthest(samples) * FLOAT_ERROR;
  return gridNear(samples, { error, below: MAX_DIVISOR, rounding: EXACT }) ?? gridOnLine(samples, error);
};
