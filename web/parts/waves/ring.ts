/**
 * The last seconds of one signal. A sample's place follows from its time (time × rate), so that blocks may come
 * twice, out of order or with holes, and a hole is a hole: never a line across it. NaN is "no sample".
 */
export type Ring = {
  readonly rate: number;
  readonly samples: Float32Array;
  /** One past the newest place ever written; 0 before the first block. */
  next: number;
  /** One past the newest place that holds a number. */
  nextValid: number;
};

const CAPACITY_SECONDS = 20;

/** Time stamps of blocks that follow each other wobble by network and rounding; a wobble this small is no hole. */
const SNAP_SECONDS = 0.06;

export const createRing = (rate: number): Ring => ({
  rate,
  samples: new Float32Array(Math.ceil(rate * CAPACITY_SECONDS)).fill(Number.NaN),
  next: 0,
  nextValid: 0,
});

const placeOf = (ring: Ring, index: number): number => index % ring.samples.length;

export const indexAt = (ring: Ring, timeMs: number): number => Math.round((timeMs * ring.rate) / 1_000);

export const timeAt = (ring: Ring, index: number): number => (index * 1_000) / ring.rate;

/** NaN where there is no sample, or no longer, or not yet. */
export const sampleAt = (ring: Ring, index: number): number =>
  index >= ring.next || index < ring.next - ring.samples.length || index < 0
    ? Number.NaN
    : (ring.samples[placeOf(ring, index)] ?? Number.NaN);

const clear = (ring: Ring): void => {
  ring.samples.fill(Number.NaN);
  ring.next = 0;
  ring.nextValid = 0;
};

/** Moves the newest end forward; what is skipped is a hole. */
const advance = (ring: Ring, next: number): void => {
  if (next <= ring.next) return;
  const from = Math.max(ring.next, next - ring.samples.length);
  for (let index = from; index < next; index += 1) ring.samples[placeOf(ring, index)] = Number.NaN;
  ring.next = next;
};

const startIndex = (ring: Ring, timeMs: number): number => {
  const index = indexAt(ring, timeMs);
  return ring.next > 0 && Math.abs(index - ring.next) <= ring.rate * SNAP_SECONDS ? ring.next : index;
};

/** `timeMs` is that of the first sample; `null` is a missing sample. */
export const writeBlock = (ring: Ring, timeMs: number, block: readonly (number | null)[]): void => {
  const start = startIndex(ring, timeMs);
  const end = start + block.length;
  // Older than all that is kept: the sender's clock was set back, and a new recording begins.
  if (end <= ring.next - ring.samples.length) clear(ring);
  advance(ring, end);
  const oldest = ring.next - ring.samples.length;
  block.forEach((sample, offset) => {
    const index = start + offset;
    if (index < oldest) return;
    ring.samples[placeOf(ring, index)] = sample ?? Number.NaN;
    if (sample !== null && index >= ring.nextValid) ring.nextValid = index + 1;
  });
};

/** Least and greatest sample between two indexes; undefined when there is none. */
export const extent = (ring: Ring, from: number, to: number): readonly [low: number, high: number] | undefined => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = from; index < to; index += 1) {
    const sample = sampleAt(ring, index);
    if (sample < low) low = sample;
    if (sample > high) high = sample;
  }
  return low <= high ? [low, high] : undefined;
};
