import { expect, test } from 'vitest';
import { freshness } from '#domain/freshness.ts';

test.each([
  [0, 'live'],
  [-2_000, 'live'],
  [5_001, 'old'],
  [15_001, 'stale'],
  [-3_600_000, 'stale'],
] as const)('a heart rate of the age %i ms is %s', (ageMs, expected) => {
  expect(freshness('heart-rate', ageMs)).toBe(expected);
});
