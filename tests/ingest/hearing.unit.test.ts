import { beforeEach, expect, test } from 'vitest';
import { createHearing, type Hearing, type HearingChange } from '../../ingest/hearing.ts';
import { indexRegistry } from '../../ingest/registry.ts';

const T = 1_800_000_000_000;
const SECOND = 1_000;

const registryAt = (bed: string) =>
  indexRegistry({
    ...indexRegistry().data,
    devices: [{ id: 'm1', unit: 'icu', secretHash: '' }],
    assignments: [{ device: 'm1', bed, start: 0, end: null }],
  });

let changes: HearingChange[];
let intervalMs: number | null;
let hearing: Hearing;

beforeEach(() => {
  changes = [];
  intervalMs = null;
  hearing = createHearing({ intervalOf: () => intervalMs, onChange: (_device, change) => changes.push(change) });
  hearing.setRegistry(registryAt('b1'), T);
});

const heardAfter = (at: number) => {
  hearing.check(at);
  return changes.at(-1);
};

test('live data is told once, and its end with when the last came', () => {
  hearing.heard('m1', 'live', T);
  hearing.heard('m1', 'live', T + SECOND);
  expect(changes).toEqual([{ data: 'live', lastLiveAt: T }]);
  expect(heardAfter(T + 16 * SECOND)).toMatchObject({ data: 'live' });
  expect(heardAfter(T + 17 * SECOND)).toEqual({ data: 'none', lastLiveAt: T + SECOND });
});

test('a device that sends only what is refused is refused, from the first message', () => {
  hearing.heard('m1', 'refused', T);
  expect(changes).toEqual([{ data: 'refused', lastLiveAt: null }]);
  expect(heardAfter(T + 61 * SECOND)).toMatchObject({ data: 'none' });
});

test('a part that is refused beside what is live changes nothing', () => {
  for (let second = 0; second < 20; second++) {
    hearing.heard('m1', 'live', T + second * SECOND);
    hearing.heard('m1', 'refused', T + second * SECOND);
  }
  hearing.check(T + 20 * SECOND);
  expect(changes).toEqual([{ data: 'live', lastLiveAt: T }]);
  expect(heardAfter(T + 40 * SECOND)).toMatchObject({ data: 'none' });
});

test('a device whose messages begin to be refused, or to be late, is so once its last live ones are old', () => {
  hearing.heard('m1', 'live', T);
  for (let second = 1; second <= 20; second++) hearing.heard('m1', 'refused', T + second * SECOND);
  expect(heardAfter(T + 20 * SECOND)).toEqual({ data: 'refused', lastLiveAt: T });
  hearing.heard('m1', 'late', T + 21 * SECOND);
  expect(changes.at(-1)).toEqual({ data: 'late', lastLiveAt: T });
});

test('backlog beside live data is not late data', () => {
  hearing.heard('m1', 'late', T);
  hearing.heard('m1', 'live', T);
  hearing.heard('m1', 'late', T + SECOND);
  expect(changes.map(({ data }) => data)).toEqual(['late', 'live']);
});

test('a device that sends once a minute is live in between', () => {
  intervalMs = 60 * SECOND;
  hearing.heard('m1', 'live', T);
  expect(heardAfter(T + 150 * SECOND)).toMatchObject({ data: 'live' });
  expect(heardAfter(T + 151 * SECOND)).toMatchObject({ data: 'none' });
});

test('at another bed a device has not been heard yet', () => {
  hearing.heard('m1', 'live', T);
  hearing.setRegistry(registryAt('b1'), T + SECOND);
  expect(changes).toHaveLength(1);
  hearing.setRegistry(registryAt('b2'), T + SECOND);
  expect(changes.at(-1)).toEqual({ data: 'none', lastLiveAt: null });
});

test('what was heard before the clock was set back does not stand until that time comes again', () => {
  hearing.heard('m1', 'live', T);
  const setBack = T - 3_600 * SECOND;
  hearing.check(setBack);
  expect(heardAfter(setBack + 16 * SECOND)).toMatchObject({ data: 'none' });
});
