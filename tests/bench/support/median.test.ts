import { expect, test } from 'vitest';
import { medianLines } from '../../../bench/support/median.ts';

const line = (measured: number, what = 'it') => ({ what, unit: 'ms', measured, note: `measured ${measured}` });

test('of several runs the one in the middle is told, with its own words and the lowest and highest', () => {
  expect(medianLines([line(30), line(10), line(20)])).toEqual([
    { ...line(20), spread: { runs: 3, lowest: 10, highest: 30 } },
  ]);
});

test('of an even count it is one that was measured, and a single run has no spread', () => {
  expect(medianLines([line(30), line(10)])).toEqual([{ ...line(10), spread: { runs: 2, lowest: 10, highest: 30 } }]);
  expect(medianLines([line(7)])).toEqual([line(7)]);
});

test('lines keep their order and are told apart by what they say', () => {
  const lines = medianLines([line(1, 'first'), line(9, 'second'), line(3, 'first'), line(7, 'second')]);
  expect(lines.map(({ what, measured }) => [what, measured])).toEqual([
    ['first', 1],
    ['second', 7],
  ]);
});

test('a run that measured nothing does not count', () => {
  expect(medianLines([line(Number.NaN), line(5), line(6)])).toMatchObject([{ measured: 5, spread: { runs: 2 } }]);
  expect(medianLines([line(Number.NaN)])).toMatchObject([{ measured: Number.NaN }]);
});
