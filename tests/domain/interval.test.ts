import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isSpot,
  judgeInterval,
  MAX_INTERVAL_MS,
  NO_SPACINGS,
  SPOT_ABOVE_MS,
  type Spacings,
  typicalSpacingMs,
  unheardAfterMs,
  withMeasurement,
} from '#domain/interval.ts';

const told = (inForceMs: number | null, intervalMs: number) => judgeInterval(inForceMs, { intervalMs, isSeen: false });
const seen = (inForceMs: number | null, intervalMs: number) => judgeInterval(inForceMs, { intervalMs, isSeen: true });

describe('judging an interval', () => {
  test('a longer one is only proposed', () => {
    expect(told(null, 60_000)).toEqual({ news: 'longer', intervalMs: 60_000 });
    expect(told(60_000, 61_000)).toEqual({ news: 'longer', intervalMs: 61_000 });
    expect(seen(null, 16_000)).toEqual({ news: 'longer', intervalMs: 16_000 });
    expect(seen(60_000, 119_600)).toEqual({ news: 'longer', intervalMs: 120_000 });
  });

  test('one that is too long to be watched for silence is not even proposed', () => {
    expect(told(null, MAX_INTERVAL_MS)).toEqual({ news: 'longer', intervalMs: MAX_INTERVAL_MS });
    expect(told(null, MAX_INTERVAL_MS + 1)).toEqual({ news: 'none' });
    expect(seen(60_000, 900_000)).toEqual({ news: 'none' });
  });

  test('a shorter one is in force, and what is sent every few seconds is continuous', () => {
    expect(told(60_000, 59_000)).toEqual({ news: 'shorter', intervalMs: 59_000 });
    expect(seen(60_000, 30_400)).toEqual({ news: 'shorter', intervalMs: 30_000 });
    expect(seen(60_000, 1_000)).toEqual({ news: 'shorter', intervalMs: null });
    expect(told(60_000, 5_000)).toEqual({ news: 'shorter', intervalMs: null });
  });

  test('the same, and what is seen to waver a little, is no news', () => {
    for (const intervalMs of [0.25, 1_000, 5_000]) expect(told(null, intervalMs)).toEqual({ news: 'none' });
    expect(told(60_000, 60_000)).toEqual({ news: 'none' });
    for (const intervalMs of [49_000, 60_000, 74_000]) expect(seen(60_000, intervalMs)).toEqual({ news: 'none' });
    expect(seen(null, 6_000)).toEqual({ news: 'none' });
  });

  test('nothing that is told or seen ever lengthens what is in force', () => {
    const interval = fc.double({ min: 1, max: MAX_INTERVAL_MS, noNaN: true });
    fc.assert(
      fc.property(fc.option(interval), interval, fc.boolean(), (inForceMs, intervalMs, isSeen) => {
        const verdict = judgeInterval(inForceMs, { intervalMs, isSeen });
        if (verdict.news !== 'shorter') return;
        expect(verdict.intervalMs ?? 0).toBeLessThan(inForceMs ?? 0);
        expect(unheardAfterMs(verdict.intervalMs)).toBeLessThanOrEqual(unheardAfterMs(inForceMs));
      }),
    );
  });
});

test('spot readings begin where a continuous value would be blank before the next one comes', () => {
  expect(isSpot(null)).toBe(false);
  expect(isSpot(SPOT_ABOVE_MS)).toBe(false);
  expect(isSpot(SPOT_ABOVE_MS + 1)).toBe(true);
});

test('one message may be lost before a device is no longer heard', () => {
  expect(unheardAfterMs(null)).toBe(15_000);
  expect(unheardAfterMs(1_000)).toBe(15_000);
  expect(unheardAfterMs(60_000)).toBe(150_000);
  expect(unheardAfterMs(MAX_INTERVAL_MS)).toBe(600_000);
});

describe('the typical spacing', () => {
  const spacingOf = (times: readonly number[]): number | null =>
    typicalSpacingMs(times.reduce<Spacings>(withMeasurement, NO_SPACINGS));
  const every = (ms: number, count: number, from = 0) => Array.from({ length: count }, (_, place) => from + place * ms);

  test('is not known before five measurements', () => {
    expect(spacingOf(every(60_000, 4))).toBeNull();
    expect(spacingOf(every(60_000, 5))).toBe(60_000);
  });

  test('is moved neither by lost messages nor by an hour without the device', () => {
    expect(spacingOf([0, 1_000, 3_000, 4_000, 5_000, 8_000, 9_000])).toBe(1_000);
    expect(spacingOf([...every(1_000, 6), ...every(1_000, 3, 3_600_000)])).toBe(1_000);
  });

  test('takes parts of one measurement, sent apart, for one', () => {
    expect(spacingOf(every(60_000, 6).flatMap((time) => [time, time, time + 200]))).toBe(60_000);
  });

  test('of a device that sends four a second is a second', () => {
    expect(spacingOf(every(250, 40))).toBe(1_000);
  });

  test('follows the newest measurements, and begins anew when the clock was set back', () => {
    expect(spacingOf([...every(60_000, 9), ...every(1_000, 9, 500_000)])).toBe(1_000);
    expect(spacingOf([...every(60_000, 9, 900_000), ...every(1_000, 4)])).toBeNull();
  });
});
