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
