import { expect, test } from 'vitest';
import { createBacklog } from '../../../bench/load/backlog.ts';
import { unitsOfScreen } from '../../../bench/load/screens.ts';

test('a backlog is sent as arrays of some messages a second apart, numbered from 0, up to a second before its end', () => {
  const backlog = createBacklog({ topic: 't', boot: 'b', messages: 5, batch: 2, untilMs: 100_000 });
  const batches: { time: number; seq: number; boot: string; vitals: object }[][] = [];
  for (let fill = backlog.next(); fill; fill = backlog.next()) {
    const packet = fill(7).toString('latin1');
    batches.push(JSON.parse(packet.slice(packet.indexOf('['))));
  }
  expect(batches.map((batch) => batch.map(({ seq }) => seq))).toEqual([[0, 1], [2, 3], [4]]);
  expect(batches.flat().map(({ time }) => time)).toEqual([95_000, 96_000, 97_000, 98_000, 99_000]);
  expect(Object.keys(batches[0]?.[0]?.vitals ?? {})).toHaveLength(8);
});

test('screens that show some of the units show them in turn, and all of them when nothing is said', () => {
  const units = ['a', 'b', 'c'];
  expect([0, 1, 2].map((screen) => unitsOfScreen(units, screen, 2))).toEqual([
    ['a', 'b'],
    ['c', 'a'],
    ['b', 'c'],
  ]);
  expect(unitsOfScreen(units, 1)).toEqual(units);
});
