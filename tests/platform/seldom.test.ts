import { expect, test } from 'vitest';
import { createSeldom } from '#platform/seldom.ts';

test('one line of a key in a while, which says how many were passed over', () => {
  let at = 0;
  const seldom = createSeldom({ everyMs: 1_000, now: () => at });
  expect([seldom('a'), seldom('a'), seldom('a'), seldom('b')]).toEqual([0, undefined, undefined, 0]);
  at = 1_000;
  expect([seldom('a'), seldom('b')]).toEqual([2, 0]);
});

test('keys without end make no lines without end', () => {
  const seldom = createSeldom({ everyMs: 1_000, maxLines: 10, now: () => 0 });
  const lines = Array.from({ length: 5_000 }, (_, index) => seldom(String(index))).filter((line) => line !== undefined);
  expect(lines).toHaveLength(10);
});
