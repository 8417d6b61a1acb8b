import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { VitalInput, WaveInput } from '#contracts/mqtt/messages.ts';
import { type AgeGroup, VITAL_IDS, type VitalId, vital } from '#domain/vitals.ts';
import { WAVE_IDS, wave } from '#domain/waveforms.ts';
import type { BedSecond } from '../../simulators/bed.ts';
import { SCENARIO_NAMES } from '../../simulators/scenarios/scenarios.ts';
import { lastValues, live, numberOf } from './support/collect.ts';

const PROFILES: AgeGroup[] = ['adult', 'paediatric', 'neonatal'];
const Contract = z.record(z.string(), VitalInput);

const valuesOf = (seconds: readonly BedSecond[]): { id: VitalId; value: number }[] =>
  seconds.flatMap(({ vitals }) =>
    VITAL_IDS.flatMap((id) => {
      const value = numberOf(vitals[id]);
      return typeof value === 'number' ? [{ id, value }] : [];
    }),
  );

const FULL = { arterialLine: true, capnography: true } as const;

describe('a simulated bed', () => {
  it('gives the same bytes for the same seed, and others for another', () => {
    const options = { seed: 42, scenario: 'artefact', equipment: FULL } as const;
    const once = JSON.stringify(live(options, 90));
    expect(JSON.stringify(live(options, 90))).toBe(once);
    expect(JSON.stringify(live({ ...options, seed: 43 }, 90))).not.toBe(once);
  });

  it('gives the same numbers whether waveforms are made or not', () => {
    const options = { seed: 9, scenario: 'artefact' } as const;
    const numbers = (waves: boolean) => live({ ...options, waves }, 120).map(({ vitals }) => vitals);
    expect(numbers(false)).toEqual(numbers(true));
    expect(live({ ...options, waves: false }, 3).map(({ waves }) => waves)).toEqual([{}, {}, {}]);
  });

  it('speaks the message contract with only plausible values, in every scenario and age group', () => {
    for (const scenario of SCENARIO_NAMES) {
      for (const profile of PROFILES) {
        const seconds = live({ seed: 5, scenario, profile, equipment: FULL, waves: false }, 1_300);
        const outside = valuesOf(seconds).filter(({ id, value }) => {
          const [low, high] = vital(id).plausible;
          return value < low || value > high;
        });
        expect(outside).toEqual([]);
        expect(seconds.every(({ vitals }) => Contract.safeParse(vitals).success)).toBe(true);
      }
    }
  });

  it('sends a block of one second of each waveform, one after the other and within its range', () => {
    const seconds = live({ seed: 6, scenario: 'artefact', equipment: FULL }, 150);
    for (const [index, { waves, wavesFromMs, atMs }] of seconds.entries()) {
      expect([wavesFromMs, atMs]).toEqual([index * 1_000, (index + 1) * 1_000]);
      expect(Object.keys(waves).sort()).toEqual(['abp', 'co2', 'ecg-ii', 'pleth', 'resp']);
      for (const id of WAVE_IDS.filter((known) => waves[known])) {
        const { rate, samples, unit } = WaveInput.parse(waves[id]);
        expect(samples).toHaveLength(rate);
        expect(unit).toBe(wave(id).unit);
        const [low, high] = wave(id).plausible;
        expect(samples.every((sample) => sample !== null && sample >= low && sample <= high)).toBe(true);
      }
    }
  });

  it('rests inside the default limits of its age group', () => {
    for (const profile of PROFILES) {
      for (const seed of [1, 2, 3, 4, 5, 6]) {
        const seconds = live({ seed, profile, equipment: FULL, waves: false }, 1_000);
        const outside = valuesOf(seconds).filter(({ id, value }) => {
          const { low, high } = vital(id).limits[profile];
          return value < (low ?? -Infinity) || value > (high ?? Infinity);
        });
        expect(outside).toEqual([]);
      }
    }
  });

  it('measures the blood pressure by cuff within the first minute and every 15 minutes, with a mean between', () => {
    const measured = live({ seed: 8, waves: false }, 3_600).filter(({ vitals }) => 'nibp-systolic' in vitals);
    expect(measured).toHaveLength(4);
    expect(measured[0]?.atMs).toBeLessThanOrEqual(60_000);
    const gaps = measured.slice(1).map(({ atMs }, index) => atMs - (measured[index]?.atMs ?? 0));
    expect(gaps).toEqual([900_000, 900_000, 900_000]);
    for (const { vitals } of measured) {
      const [high, mean, low] = (['nibp-systolic', 'nibp-mean', 'nibp-diastolic'] as const).map(
        (id) => numberOf(vitals[id]) ?? Number.NaN,
      );
      expect(mean).toBeGreaterThan(low ?? Infinity);
      expect(mean).toBeLessThan(high ?? -Infinity);
    }
  });

  it('counts the breaths that its respiration waveform shows', () => {
    const seconds = live({ seed: 14, scenario: 'stable' }, 180);
    const samples = seconds.flatMap(({ waves }) => (waves.resp?.samples ?? []) as number[]);
    const crossings = samples.flatMap((sample, index) => (sample > 0 && (samples[index - 1] ?? 0) <= 0 ? [index] : []));
    const lastSix = crossings.slice(-7);
    const perMinute = (60 * 50 * 6) / ((lastSix.at(-1) ?? 0) - (lastSix[0] ?? 0));
    expect(Math.abs((numberOf(seconds.at(-1)?.vitals['respiratory-rate']) ?? 0) - perMinute)).toBeLessThan(2);
  });

  it('shows one pulse in the pleth for each beat, and a pulse rate that agrees with the heart rate', () => {
    const seconds = live({ seed: 15 }, 120);
    const samples = seconds.flatMap(({ waves }) => (waves.pleth?.samples ?? []) as number[]);
    const half = Math.max(...samples) * 0.55;
    const pulses = samples.filter((sample, index) => sample > half && (samples[index - 1] ?? 0) <= half).length;
    const vitals = lastValues(seconds);
    expect(Math.abs(pulses / 2 - (vitals['heart-rate'] ?? 0))).toBeLessThan(6);
    expect(Math.abs((vitals['pulse-rate'] ?? 0) - (vitals['heart-rate'] ?? 0))).toBeLessThan(5);
  });
});
