import { expect, test } from 'vitest';
import { bedsOfShard, compareDay, type Seen } from './support/day.ts';

const seen: Seen = new Set();

test.each(bedsOfShard(3))(
  'A3, C1, C2, C4, C6, D1, D2, D3, D4, E3: what becomes of bed %i in six hours, or in a day, is the same to the naive one',
  (bed) => {
    const { engine, naive } = compareDay(bed, seen);
    expect(engine).toEqual(naive);
  },
  60_000,
);

test('C2: those hours had every sort of event, and crises, limits and lost signals', () => {
  const sorts = ['onset', 'escalated', 'latched', 'recurred', 'ended'];
  const conditions = ['low-limit', 'high-limit', 'asystole', 'apnoea', 'sensor-off', 'signal-poor', 'no-data'];
  expect([...seen]).toEqual(expect.arrayContaining([...sorts, ...conditions, 'device-silent']));
});
