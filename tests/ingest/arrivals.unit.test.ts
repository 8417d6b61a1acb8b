import { expect, test } from 'vitest';
import { firstMessageFrom, writeMoment } from '#domain/moment.ts';
import { createArrivals } from '../../ingest/arrivals.ts';

const NOW = Date.UTC(2026, 10, 22, 8);

const open = () => {
  const arrivals = createArrivals();
  /** When a message is taken that arrives so long after the first. */
  const arrive = (device: string, afterMs: number): number => {
    const moment = arrivals.next(device, NOW + afterMs);
    arrivals.note(device, moment);
    return writeMoment(moment) - NOW;
  };
  return { arrivals, arrive };
};

const rounded = (times: readonly number[]): number[] => times.map((ms) => Math.round(ms * 1_000) / 1_000);

test('messages of one device in one millisecond are told apart in their order, those of others are not moved', () => {
  const { arrive } = open();
  const times = [arrive('m1', 0), arrive('m1', 0), arrive('m2', 0), arrive('m1', 0), arrive('m1', 1), arrive('m1', 1)];
  expect(rounded(times)).toEqual([0, 0.001, 0, 0.002, 1, 1.001]);
});

test('what does not fit into a millisecond goes on in the next, and those that arrive there come after it', () => {
  const { arrive } = open();
  const times = Array.from({ length: 600 }, () => arrive('m1', 0));
  expect(times.every((ms, place) => place === 0 || ms > (times[place - 1] ?? 0))).toBe(true);
  expect(times.every((ms) => ms % 1 < 0.5)).toBe(true);
  expect(times.at(-1)).toBeGreaterThan(1);
  expect(arrive('m1', 1)).toBeGreaterThan(times.at(-1) ?? 0);
});

test('a clock that is set back does not hold messages in the time of before', () => {
  const { arrive } = open();
  expect(arrive('m1', 10)).toBe(10);
  expect(arrive('m1', 9)).toBeGreaterThan(10);
  expect(arrive('m1', 8)).toBe(8);
});

test('the moment that was noted counts, not the one that was answered', () => {
  const { arrivals, arrive } = open();
  arrive('m1', 0);
  arrivals.note('m1', firstMessageFrom(arrivals.next('m1', NOW)));
  expect(rounded([arrive('m1', 0)])).toEqual([1.001]);
});
