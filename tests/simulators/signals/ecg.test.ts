import { describe, expect, it } from 'vitest';
import type { AgeGroup } from '#domain/vitals.ts';
import { live, numberOf } from '../support/collect.ts';

const RATE = 250;
const SECONDS = 120;
const AVERAGED = 12;

/**
 * R waves found in the samples alone: where the squared slope, smoothed over 40 ms, stands out. It knows nothing of
 * how the samples were made.
 */
const detectBeats = (samples: readonly number[]): number[] => {
  const energy = samples.map((sample, index) => (sample - (samples[index - 2] ?? sample)) ** 2);
  const smooth = energy.map((_, index) => energy.slice(Math.max(0, index - 5), index + 5).reduce((a, b) => a + b, 0));
  const threshold = 0.35 * (smooth.toSorted((a, b) => b - a)[Math.floor(smooth.length * 0.02)] ?? 0);
  const beats: number[] = [];
  for (let index = 1; index < samples.length; index++) {
    const rises = (smooth[index] ?? 0) > threshold && (smooth[index - 1] ?? 0) <= threshold;
    if (!rises || index - (beats.at(-1) ?? -RATE) < 0.17 * RATE) continue;
    const window = samples.slice(index, index + 0.08 * RATE);
    beats.push(index + window.indexOf(Math.max(...window)));
  }
  return beats;
};

describe('the ECG', () => {
  for (const [profile, scenario] of [
    ['adult', 'stable'],
    ['adult', 'tachycardia'],
    ['paediatric', 'stable'],
    ['neonatal', 'stable'],
  ] as const satisfies [AgeGroup, string][]) {
    it(`has the beats that the heart rate counts, within 2 % (${profile}, ${scenario})`, () => {
      const from = scenario === 'tachycardia' ? 200 : 0;
      const seconds = live({ seed: 11, profile, scenario }, from + SECONDS).slice(from);
      const samples = seconds.flatMap(({ waves }) => (waves['ecg-ii']?.samples ?? []) as number[]);
      const beats = detectBeats(samples);
      // At the end of each second: the mean of the last 12 intervals that ended before it.
      for (let second = 30; second < SECONDS; second += 10) {
        const recent = beats.filter((beat) => beat < second * RATE).slice(-AVERAGED - 1);
        const detected = (60 * RATE * (recent.length - 1)) / ((recent.at(-1) ?? 0) - (recent[0] ?? 0));
        const shown = numberOf(seconds[second - 1]?.vitals['heart-rate']) ?? 0;
        expect(Math.abs(shown - detected) / detected).toBeLessThan(0.02);
      }
    });
  }

  it('has an R wave of about a millivolt above a P and a T wave, in 250 samples a second', () => {
    const [second] = live({ seed: 4 }, 1);
    const block = second?.waves['ecg-ii'];
    expect(block).toMatchObject({ rate: RATE, unit: 'mV' });
    expect(block?.samples).toHaveLength(RATE);
    const samples = live({ seed: 4 }, 20).flatMap(({ waves }) => (waves['ecg-ii']?.samples ?? []) as number[]);
    expect(Math.max(...samples)).toBeGreaterThan(0.8);
    expect(Math.max(...samples)).toBeLessThan(2);
    expect(Math.min(...samples)).toBeGreaterThan(-1);
  });

  it('runs flat when the heart stands still', () => {
    const seconds = live({ seed: 5, scenario: 'asystole' }, 360).slice(-60);
    const samples = seconds.flatMap(({ waves }) => (waves['ecg-ii']?.samples ?? []) as number[]);
    expect(samples).toHaveLength(60 * RATE);
    expect(Math.max(...samples) - Math.min(...samples)).toBeLessThan(0.12);
  });

  it('shows the low and the high frequency of a resting heart in its intervals', () => {
    const samples = live({ seed: 21 }, 300).flatMap(({ waves }) => (waves['ecg-ii']?.samples ?? []) as number[]);
    const beats = detectBeats(samples);
    const intervals = beats.slice(1).map((beat, index) => beat - (beats[index] ?? 0));
    const mean = intervals.reduce((sum, value) => sum + value, 0) / intervals.length;
    const deviations = intervals.map((interval) => interval / mean - 1);
    /** Power at a frequency, by a plain Fourier sum over the beats' times. */
    const power = (hertz: number) => {
      const angle = (index: number) => (2 * Math.PI * hertz * (beats[index + 1] ?? 0)) / RATE;
      const cosines = deviations.reduce((sum, value, index) => sum + value * Math.cos(angle(index)), 0);
      const sines = deviations.reduce((sum, value, index) => sum + value * Math.sin(angle(index)), 0);
      return cosines ** 2 + sines ** 2;
    };
    const highest = (from: number, to: number) =>
      Math.max(...Array.from({ length: 60 }, (_, step) => power(from + ((to - from) * step) / 60)));
    expect(highest(0.07, 0.13)).toBeGreaterThan(5 * highest(0.15, 0.18));
    expect(highest(0.2, 0.36)).toBeGreaterThan(5 * highest(0.4, 0.5));
  });
});
