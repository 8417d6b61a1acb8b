import type { Random } from '../random.ts';
import { type Cycles, createCycles } from './cycles.ts';

/**
 * Beat intervals with the two peaks of heart rate variability that the ECG model prescribes (McSharry et al. 2003,
 * section III.B): low frequency near 0.1 Hz, and high frequency, which here is the breathing itself
 * (respiratory sinus arrhythmia), with a power ratio of 0.5.
 */
const LOW_FREQUENCY_HZ = 0.1;
const LOW_FREQUENCY_SPREAD_HZ = 0.01;
const LOW_FREQUENCY_LINES = 6;
const LOW_SHARE = Math.sqrt(1 / 3);
const HIGH_SHARE = Math.sqrt(2 / 3);
/** No rhythm is slower or faster than this, whatever the variability adds. */
const SHORTEST_MS = 180;
const LONGEST_MS = 3_000;

/** Unit variance: a Gaussian lobe of the spectrum, as a few lines of random phase. */
const createLowFrequency = (random: Random) => {
  const lines = Array.from({ length: LOW_FREQUENCY_LINES }, () => ({
    perMs: (2 * Math.PI * (LOW_FREQUENCY_HZ + LOW_FREQUENCY_SPREAD_HZ * random.normal())) / 1_000,
    phase: random.between(0, 2 * Math.PI),
  }));
  const amplitude = Math.sqrt(2 / LOW_FREQUENCY_LINES);
  return (atMs: number) => lines.reduce((sum, { perMs, phase }) => sum + amplitude * Math.sin(perMs * atMs + phase), 0);
};

/** Beats; each begins at its R wave. */
export const createHeart = ({
  startMs,
  perMinute,
  variability,
  breathPhaseAt,
  random,
}: {
  startMs: number;
  /** 0 is standstill. */
  perMinute: () => number;
  /** Standard deviation of the intervals as a fraction of their mean. */
  variability: () => number;
  breathPhaseAt: (atMs: number) => number;
  random: Random;
}): Cycles => {
  const low = createLowFrequency(random);
  const lengthMs = (atMs: number): number => {
    if (perMinute() <= 0) return Infinity;
    // The heart is faster while breathing in: a shorter interval in the first half of the breath.
    const high = -Math.SQRT2 * Math.sin(2 * Math.PI * breathPhaseAt(atMs));
    const length = (60_000 / perMinute()) * (1 + variability() * (LOW_SHARE * low(atMs) + HIGH_SHARE * high));
    return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, length));
  };
  return createCycles({ startMs, lengthMs });
};
