import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { readDescriptorLimit, shareDescriptors } from '#platform/descriptors.ts';

const WISHED = { strangers: 1_000, mqtt: 5_000, http: 2_000 };

test('the limit is the one of this process', () => {
  const told = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  expect(readDescriptorLimit()).toBe(told === 'unlimited' ? Number.POSITIVE_INFINITY : Number(told));
});

test('with room for all everybody has what was wished', () => {
  expect(shareDescriptors(100_000, WISHED)).toEqual(WISHED);
  expect(shareDescriptors(Number.POSITIVE_INFINITY, WISHED)).toEqual(WISHED);
});

test.each([64, 256, 1_024, 4_096, 8_000])(
  'of %i descriptors all shares together leave some, and beds have most',
  (limit) => {
    const { strangers, mqtt, http } = shareDescriptors(limit, WISHED);
    expect(strangers + mqtt + http).toBeLessThan(limit);
    expect(limit - strangers - mqtt - http).toBeGreaterThanOrEqual(Math.min(128, limit / 2 - 1));
    expect(mqtt).toBeGreaterThan(Math.max(strangers, http));
  },
);
