/**
 * Samples that are whole numbers times any gain plus any offset: of an EDF file with odd limits, or of kPa told in mmHg. Both are
 * found as well as floats of 32 bits can tell them.
 */

export type Line = { readonly gain: number; readonly offset: number };

/** What was rounded to a float lies so near to it, and a little nearer, so that ties do not matter. */
const errorOf = (sample: number): number =>
  sample === 0 ? 2 ** -150 : 0.999 * 2 ** (Math.floor(Math.log2(Math.abs(sample))) - 24);

/** Samples beside the one that is the nearest to zero (`base`), in the order of how far they are `away` from it. */
type Sorted = {
  readonly base: number;
  readonly baseError: number;
  readonly away: Float64Array;
  readonly errors: Float64Array;
};

const sort = (samples: Float32Array): Sorted => {
  let base = samples[0] ?? 0;
  for (const sample of samples) if (Math.abs(sample) < Math.abs(base)) base = sample;
  const away = Float64Array.from(samples, (sample) => sample - base).sort((a, b) => Math.abs(a) - Math.abs(b));
  return { base, baseError: errorOf(base), away, errors: away.map((distance) => errorOf(base + distance)) };
};

/** How far the gain may lie. */
type Span = { readonly low: number; readonly high: number };

/** Narrows the gain by samples further and further away, as long as it is clear by how many steps. */
const narrow = ({ baseError, away, errors }: Sorted, first: Span): Span | undefined => {
  let { low, high } = first;
  for (let index = 0; index < away.length; index++) {
    const distance = Math.abs(away[index] ?? 0);
    const error = baseError + (errors[index] ?? 0);
    const fewest = Math.ceil((distance - error) / high);
    const most = Math.floor((distance + error) / low);
    if (fewest > most) return undefined;
    if (fewest < most || most < 1) continue;
    low = Math.max(low, (distance - error) / most);
    high = Math.min(high, (distance + error) / most);
  }
  return low <= high ? { low, high } : undefined;
};

/** The gains by which all samples are what they are, with this offset; none when the lowest is above the highest. */
const gainsWith = (offset: number, { base, away, errors }: Sorted, steps: Float64Array): Span => {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (let index = 0; index < steps.length; index++) {
    const count = steps[index] ?? 0;
    if (count === 0) continue;
    const gain = (base + (away[index] ?? 0) - offset) / count;
    const room = (errors[index] ?? 0) / Math.abs(count);
    low = Math.max(low, gain - room);
    high = Math.min(high, gain + room);
  }
  return { low, high };
};

const SEARCH_STEPS = 30;

/** The room that an offset leaves the gain has one summit, which is searched for in thirds. */
const climb = (sorted: Sorted, gain: number): Line | undefined => {
  const steps = sorted.away.map((distance) => Math.round(distance / gain));
  const roomAt = (offset: number): number => {
    const { low, high } = gainsWith(offset, sorted, steps);
    return high - low;
  };
  let from = sorted.base - sorted.baseError;
  let to = sorted.base + sorted.baseError;
  for (let step = 0; step < SEARCH_STEPS; step++) {
    const third = (to - from) / 3;
    if (roomAt(from + third) < roomAt(to - third)) from += third;
    else to -= third;
  }
  const offset = (from + to) / 2;
  const { low, high } = gainsWith(offset, sorted, steps);
  return low <= high ? { gain: (low + high) / 2, offset } : undefined;
};

/** The smallest difference is taken for one step, then for two, and so on to so many. */
const MOST_STEPS_APART = 8;

/** A line whose gain, so many times, is the smallest difference give or take the error. */
export const findLine = (samples: Float32Array, difference: number, error: number): Line | undefined => {
  const sorted = sort(samples);
  for (let apart = 1; apart <= MOST_STEPS_APART; apart++) {
    const span = narrow(sorted, { low: (difference - error) / apart, high: (difference + error) / apart });
    const line = span && climb(sorted, (span.low + span.high) / 2);
    if (line) return line;
  }
  return undefined;
};
