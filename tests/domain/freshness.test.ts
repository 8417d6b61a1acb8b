import { expect, test } from 'vitest';
import { FRESHNESS, freshness, MAX_AHEAD_MS } from '#domain/freshness.ts';
import { VITAL_IDS, vital } from '#domain/vitals.ts';

test.each(VITAL_IDS)('%s is live, then old, then stale, each at its limit', (id) => {
  const { oldAfterMs, staleAfterMs } = FRESHNESS[vital(id).measured];
  expect(freshness(id, 0)).toBe('live');
  expect(freshness(id, oldAfterMs)).toBe('live');
  expect(freshness(id, oldAfterMs + 1)).toBe('old');
  expect(freshness(id, staleAfterMs)).toBe('old');
  expect(freshness(id, staleAfterMs + 1)).toBe('stale');
});

test('a little ahead of the clock is on its way, more than that has no age and is stale', () => {
  expect(freshness('spo2', -MAX_AHEAD_MS)).toBe('live');
  expect(freshness('spo2', -MAX_AHEAD_MS - 1)).toBe('stale');
});

test('of a device that sends once a minute a value is told with its age from the first, and blank once two did not come', () => {
  const minute = 60_000;
  expect(freshness('spo2', 0, minute)).toBe('old');
  expect(freshness('spo2', 2.5 * minute, minute)).toBe('old');
  expect(freshness('spo2', 2.5 * minute + 1, minute)).toBe('stale');
  expect(freshness('spo2', 15_001, null)).toBe('stale');
});

test.each(VITAL_IDS)('%s never stands longer than its class because its device sends sooner than that', (id) => {
  const { staleAfterMs } = FRESHNESS[vital(id).measured];
  for (const intervalMs of [1_000, 5_000]) {
    expect(freshness(id, 0, intervalMs)).toBe('live');
    expect(freshness(id, staleAfterMs + 1, intervalMs)).toBe('stale');
  }
});
