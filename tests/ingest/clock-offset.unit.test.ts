import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ClockOffset, correctedTime, NO_CLOCK_OFFSET, observeDelay } from '../../ingest/clock-offset.ts';

const START = Date.UTC(2026, 0, 1);

/** One message a second, measured `behindMs` behind our clock, delayed by the network. */
const liveStream = (seconds: number, behindMs: number, networkMs: (second: number) => number): ClockOffset => {
  let offset = NO_CLOCK_OFFSET;
  for (let second = 0; second < seconds; second++) {
    const at = START + second * 1_000;
    offset = observeDelay(offset, at - behindMs, at + networkMs(second));
  }
  return offset;
};

test('a steady stream gives the offset as its least delay', () => {
  expect(liveStream(20, 600_000, (second) => (second % 5) * 20).estimateMs).toBe(600_000);
  expect(liveStream(20, -45_000, () => 3).estimateMs).toBe(-44_997);
});

test('there is no estimate before the delay has been steady for ten seconds', () => {
  expect(liveStream(9, 5_000, () => 0).estimateMs).toBeNull();
});

test('a backfill played faster than life gives no estimate', () => {
  let offset = NO_CLOCK_OFFSET;
  for (let index = 0; index < 600; index++)
    offset = observeDelay(offset, START + index * 1_000, START + 700_000 + index * 20);
  expect(offset.estimateMs).toBeNull();
});

test('a backfill does not change what is known of the clock', () => {
  const known = liveStream(20, 0, () => 5);
  let offset = known;
  for (let index = 0; index < 300; index++)
    offset = observeDelay(offset, START - 400_000 + index * 1_000, START + 25_000 + index * 10);
  expect(offset.estimateMs).toBe(known.estimateMs);
});

test('a correction never makes a measurement younger', () => {
  fc.assert(
    fc.property(fc.integer({ min: -600_000, max: 600_000 }), fc.integer({ min: 0, max: 1e12 }), (estimateMs, time) => {
      expect(correctedTime({ ...NO_CLOCK_OFFSET, estimateMs }, time)).toBeLessThanOrEqual(time);
    }),
  );
});

test('a clock that runs ahead is taken back, one that is behind is believed', () => {
  expect(correctedTime({ ...NO_CLOCK_OFFSET, estimateMs: -60_000 }, START)).toBe(START - 60_000);
  expect(correctedTime({ ...NO_CLOCK_OFFSET, estimateMs: 60_000 }, START)).toBe(START);
});
