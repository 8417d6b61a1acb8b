/**
 * Latencies in buckets that grow by one per cent: millions of them cost no memory, and those of several processes can
 * be added up. What is read from it is the upper edge of a bucket, so it is never flattered.
 */
export type Histogram = {
  readonly add: (ms: number) => void;
  readonly merge: (other: HistogramData) => void;
  readonly data: () => HistogramData;
};

/** Plain data, to be sent between processes. */
export type HistogramData = { readonly counts: readonly number[]; readonly count: number; readonly maxMs: number };

const LOWEST_MS = 0.01;
const GROWTH = Math.log(1.01);
const BUCKETS = 1_900;

export const createHistogram = (): Histogram => {
  const counts = new Array<number>(BUCKETS).fill(0);
  let count = 0;
  let maxMs = 0;
  return {
    add(ms) {
      const bucket = ms <= LOWEST_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / LOWEST_MS) / GROWTH));
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      count++;
      if (ms > maxMs) maxMs = ms;
    },
    merge(other) {
      other.counts.forEach((more, bucket) => {
        counts[bucket] = (counts[bucket] ?? 0) + more;
      });
      count += other.count;
      maxMs = Math.max(maxMs, other.maxMs);
    },
    data: () => ({ counts: [...counts], count, maxMs }),
  };
};

/** `share` from 0 to 1. NaN when nothing was measured. */
export const quantileMs = ({ counts, count, maxMs }: HistogramData, share: number): number => {
  if (count === 0) return Number.NaN;
  const wanted = Math.max(1, Math.ceil(share * count));
  let seen = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    seen += counts[bucket] ?? 0;
    if (seen >= wanted) return Math.min(maxMs, LOWEST_MS * Math.exp(bucket * GROWTH));
  }
  return maxMs;
};

export type Summary = { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number };

export const summarize = (data: HistogramData): Summary => ({
  count: data.count,
  p50: quantileMs(data, 0.5),
  p99: quantileMs(data, 0.99),
  max: data.count === 0 ? Number.NaN : data.maxMs,
});

/** The curve for a plot: what share was at most how long. */
export const percentileCurve = (data: HistogramData): { readonly share: number; readonly ms: number }[] =>
  CURVE_SHARES.map((share) => ({ share, ms: quantileMs(data, share) }));

const CURVE_SHARES = [
  0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999,
];
