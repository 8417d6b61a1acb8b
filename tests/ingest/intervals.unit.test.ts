import { beforeEach, expect, test } from 'vitest';
import { createIntervals, type IntervalChange, type Intervals } from '../../ingest/intervals.ts';
import { indexRegistry } from '../../ingest/registry.ts';

const MINUTE = 60_000;

const registryWith = (intervalMs?: number | null) =>
  indexRegistry({
    ...indexRegistry().data,
    devices: [{ id: 'm1', unit: 'icu', secretHash: '', intervalMs }],
  });

let changes: IntervalChange[];
let intervals: Intervals;
let time: number;

beforeEach(() => {
  time = 0;
  intervals = createIntervals({ onChange: (_device, change) => changes.push(change) });
  changes = [];
  intervals.setRegistry(registryWith());
  expect(changes.splice(0)).toEqual([{ intervalMs: null, intervalProposedMs: null }]);
});

const measureEvery = (ms: number, times: number): void => {
  for (let count = 0; count < times; count++) {
    time += ms;
    intervals.measured('m1', time);
  }
};

test('a longer interval that is told waits for a person, and is in force once it is on record', () => {
  intervals.reported('m1', MINUTE);
  expect(changes).toEqual([{ intervalMs: null, intervalProposedMs: MINUTE }]);
  expect(intervals.inForce('m1')).toBeNull();
  intervals.setRegistry(registryWith(MINUTE));
  expect(intervals.inForce('m1')).toBe(MINUTE);
  expect(changes.at(-1)).toEqual({ intervalMs: MINUTE, intervalProposedMs: null });
  expect(intervals.shortened()).toEqual([]);
});

test('an interval that is seen is proposed after five measurements, once', () => {
  measureEvery(16_000, 4);
  expect(changes).toEqual([]);
  measureEvery(16_000, 20);
  expect(changes).toEqual([{ intervalMs: null, intervalProposedMs: 16_000 }]);
});

test('a link that loses ever more only proposes, and takes it back when it is well again', () => {
  measureEvery(20_000, 10);
  expect(changes).toEqual([{ intervalMs: null, intervalProposedMs: 20_000 }]);
  measureEvery(1_000, 10);
  expect(changes.at(-1)).toEqual({ intervalMs: null, intervalProposedMs: null });
});

test('who tells that it sends each second is not believed to send each minute', () => {
  intervals.reported('m1', 1_000);
  measureEvery(MINUTE, 10);
  expect(changes).toEqual([]);
});

test('a shorter interval is in force at once, and is to be put on record', () => {
  intervals.setRegistry(registryWith(MINUTE));
  intervals.reported('m1', 30_000);
  expect(intervals.inForce('m1')).toBe(30_000);
  expect(intervals.shortened()).toEqual([{ device: 'm1', fromMs: MINUTE, intervalMs: 30_000 }]);
  intervals.setRegistry(registryWith(30_000));
  expect(intervals.shortened()).toEqual([]);
});

test('a device that is seen to send each second is expected to, whatever was confirmed', () => {
  intervals.setRegistry(registryWith(MINUTE));
  intervals.reported('m1', MINUTE);
  measureEvery(1_000, 5);
  expect(changes.at(-1)).toEqual({ intervalMs: null, intervalProposedMs: null });
  measureEvery(MINUTE, 10);
  expect(changes.at(-1)).toEqual({ intervalMs: null, intervalProposedMs: MINUTE });
});
