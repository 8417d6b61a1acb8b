import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import {
  neededDescriptors,
  parseDescriptorLimits,
  readDescriptorLimit,
  readDescriptorLimits,
  shareDescriptors,
} from '#platform/descriptors.ts';

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

test('soft and hard limit are read, and no limit is one that is never reached', () => {
  const limits = (soft: string, hard: string) =>
    parseDescriptorLimits(`Limit  Soft  Hard  Units\nMax open files            ${soft}      ${hard}      files\n`);
  expect(limits('1024', '524288')).toEqual({ soft: 1_024, hard: 524_288 });
  expect(limits('unlimited', 'unlimited')).toEqual({ soft: Number.POSITIVE_INFINITY, hard: Number.POSITIVE_INFINITY });
  expect(parseDescriptorLimits('nothing of it')).toBeUndefined();
});

test('a process that is gone has no limits', () => {
  expect(readDescriptorLimits(2 ** 30)).toBeUndefined();
});

test.each([
  WISHED,
  { strangers: 1_000, mqtt: 12_000, http: 2_000 },
  { strangers: 1_000, mqtt: 100, http: 2_000 },
  { strangers: 10, mqtt: 100, http: 2_000 },
])('what is needed for %j gives everybody the share that was wished, and one less does not', (wished) => {
  const needed = neededDescriptors(wished);
  expect(shareDescriptors(needed, wished)).toEqual(wished);
  expect(shareDescriptors(needed - 1, wished)).not.toEqual(wished);
});
