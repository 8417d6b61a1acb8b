import { describe, expect, it } from 'vitest';
import { lastValues, live, numberOf } from '../support/collect.ts';

const FULL = { arterialLine: true, capnography: true } as const;
const MINUTE = 60;

describe('scenarios', () => {
  it('sepsis: over six hours the rates and temperature rise, pressure and saturation fall', () => {
    const seconds = live({ seed: 2, scenario: 'sepsis', equipment: FULL, waves: false }, 360 * MINUTE);
    const before = lastValues(seconds.slice(0, MINUTE));
    const middle = lastValues(seconds.slice(0, 180 * MINUTE));
    const after = lastValues(seconds);
    for (const id of ['heart-rate', 'respiratory-rate', 'temperature'] as const) {
      expect(middle[id]).toBeGreaterThan(before[id] ?? Infinity);
      expect(after[id]).toBeGreaterThan(middle[id] ?? Infinity);
    }
    for (const id of ['abp-systolic', 'abp-mean', 'spo2', 'perfusion-index', 'etco2'] as const) {
      expect(after[id]).toBeLessThan(before[id] ?? -Infinity);
    }
    expect(after['abp-mean']).toBeLessThan(70);
    expect(after.temperature).toBeGreaterThan(38.5);
  });

  it('desaturation: falls below 88 % within three minutes of its start and recovers', () => {
    const seconds = live({ seed: 3, scenario: 'desaturation', waves: false }, 14 * MINUTE);
    const at = (second: number) => numberOf(seconds[second - 1]?.vitals.spo2) ?? Number.NaN;
    expect(at(2 * MINUTE)).toBeGreaterThan(93);
    expect(at(6 * MINUTE)).toBeLessThan(88);
    expect(at(13 * MINUTE)).toBeGreaterThan(93);
  });

  it('dips: saturation falls to about 78 every 40 seconds, below 90 for less than ten', () => {
    const seconds = live({ seed: 4, scenario: 'dips', waves: false }, 4 * MINUTE);
    const values = seconds.map(({ vitals }) => numberOf(vitals.spo2) ?? Number.NaN);
    const low = values.flatMap((value, second) => (value < 90 ? [second] : []));
    const begins = low.filter((second) => !low.includes(second - 1));
    expect(begins).toHaveLength(6);
    for (const [place, second] of begins.entries())
      expect(Math.abs(second - 40 * place - (begins[0] ?? 0))).toBeLessThan(3);
    expect(low.length / begins.length).toBeLessThan(10);
    expect(Math.min(...values)).toBeGreaterThan(75);
    expect(Math.min(...values)).toBeLessThan(81);
  });

  it('frozen: the same numbers for eight minutes without a waveform, and then others', () => {
    const seconds = live({ seed: 4, scenario: 'frozen' }, 11 * MINUTE);
    const frozen = seconds.slice(2 * MINUTE, 10 * MINUTE);
    expect(new Set(frozen.map(({ vitals }) => JSON.stringify(vitals))).size).toBe(1);
    expect(frozen.filter(({ waves }) => Object.keys(waves).length > 0)).toEqual([]);
    const others = seconds.slice(10 * MINUTE);
    expect(new Set(others.map(({ vitals }) => JSON.stringify(vitals))).size).toBeGreaterThan(10);
    expect(others.filter(({ waves }) => Object.keys(waves).length === 0)).toEqual([]);
  });

  it('tachycardia: the heart runs at nearly twice its rate within seconds, and stops doing so', () => {
    const seconds = live({ seed: 4, scenario: 'tachycardia', waves: false }, 15 * MINUTE);
    const at = (second: number) => numberOf(seconds[second - 1]?.vitals['heart-rate']) ?? Number.NaN;
    const rest = at(110);
    expect(at(150)).toBeGreaterThan(1.75 * rest);
    expect(at(7 * MINUTE)).toBeGreaterThan(1.7 * rest);
    expect(at(14 * MINUTE)).toBeLessThan(1.25 * rest);
  });

  it('asystole: ends with heart rate and breathing at 0, no pulse, no saturation, hardly any pressure', () => {
    const seconds = live({ seed: 5, scenario: 'asystole', equipment: FULL, waves: false }, 10 * MINUTE);
    expect(lastValues(seconds)).toMatchObject({
      'heart-rate': 0,
      'respiratory-rate': 0,
      'pulse-rate': null,
      spo2: null,
      'perfusion-index': null,
    });
    expect(lastValues(seconds)['abp-mean']).toBeLessThan(20);
  });

  it('probe off: saturation and pulse are null and the pleth is absent while the heart rate goes on, and all comes back', () => {
    const seconds = live({ seed: 6, scenario: 'probe-off' }, 7 * MINUTE);
    const off = seconds[3 * MINUTE];
    expect(off?.vitals).toMatchObject({ spo2: null, 'pulse-rate': null, 'perfusion-index': null });
    expect(off?.waves).not.toHaveProperty('pleth');
    expect(numberOf(off?.vitals['heart-rate'])).toBeGreaterThan(40);
    const back = seconds.at(-1);
    expect(numberOf(back?.vitals.spo2)).toBeGreaterThan(90);
    expect(back?.waves).toHaveProperty('pleth');
  });

  it('artefact: numbers are marked questionable while the signals are noisy, and only then', () => {
    const seconds = live({ seed: 7, scenario: 'artefact' }, 4 * MINUTE);
    const quality = (second: number) => {
      const input = seconds[second]?.vitals['heart-rate'];
      return typeof input === 'object' && input !== null ? input.quality : undefined;
    };
    expect([quality(30), quality(120), quality(220)]).toEqual([undefined, 'questionable', undefined]);
    const roughness = (second: number) => {
      const samples = (seconds[second]?.waves.resp?.samples ?? []) as number[];
      return samples.reduce((sum, sample, index) => sum + Math.abs(sample - (samples[index - 1] ?? sample)), 0);
    };
    expect(roughness(120)).toBeGreaterThan(3 * roughness(30));
  });
});
