import { expect, test } from 'vitest';
import { compareLines, formatComparison, refuseOther } from '../../../bench/support/compare.ts';

const rate = (measured: number) => ({ what: 'ingest', unit: 'readings/s', measured, budget: { atLeast: 100 } });
const delay = (measured: number) => ({ what: 'puback', unit: 'ms', measured, budget: { atMost: 20 } });
const judged = (...[before, now]: Parameters<typeof compareLines>) =>
  compareLines(before, now).map(({ ratio, judgement }) => [Number(ratio.toFixed(2)), judgement]);

test('more is better of what must be at least so much, and less of what must be at most', () => {
  expect(judged([rate(100)], [rate(120)])).toEqual([[1.2, 'better']]);
  expect(judged([rate(100)], [rate(90)])).toEqual([[0.9, 'worse']]);
  expect(judged([delay(10)], [delay(12)])).toEqual([[1.2, 'worse']]);
  expect(judged([delay(10)], [delay(9)])).toEqual([[0.9, 'better']]);
});

test('five per cent are not told apart', () => {
  expect(judged([rate(100)], [rate(96)])).toEqual([[0.96, 'same']]);
  expect(judged([delay(100)], [delay(104)])).toEqual([[1.04, 'same']]);
});

test('of a line without a budget the unit tells which way is better', () => {
  const plain = (unit: string, measured: number) => ({ what: 'it', unit, measured });
  expect(judged([plain('µs a reading', 5)], [plain('µs a reading', 6)])).toEqual([[1.2, 'worse']]);
  expect(judged([plain('MiB', 5)], [plain('MiB', 4)])).toEqual([[0.8, 'better']]);
  expect(judged([plain('readings/s', 5)], [plain('readings/s', 6)])).toEqual([[1.2, 'better']]);
});

test('what only one of them measured, or in another unit, is left out', () => {
  expect(compareLines([rate(1)], [delay(1)])).toEqual([]);
  expect(compareLines([rate(1)], [{ ...rate(1), unit: 'rows/s' }])).toEqual([]);
});

test('a run that measured nothing is neither better nor worse, and nothing before and now is the same', () => {
  expect(compareLines([rate(100)], [rate(Number.NaN)])).toMatchObject([{ judgement: 'unknown' }]);
  expect(judged([rate(0)], [rate(0)])).toEqual([[1, 'same']]);
  expect(compareLines([rate(0)], [rate(3)])).toMatchObject([{ judgement: 'unknown' }]);
});

test('in the table what became worse stands out', () => {
  const table = formatComparison(compareLines([rate(100), delay(10)], [rate(120), delay(12)]), ['then', 'now']);
  expect(table.split('\n')).toEqual([
    'what    then            now             ratio',
    'ingest  100 readings/s  120 readings/s  1.20   better',
    'puback  10 ms           12 ms           1.20   ◀ WORSE',
  ]);
});

const PLACE = {
  machine: { cpu: 'a processor', cores: 2, memoryGiB: 24 },
  database: { version: 'PostgreSQL 17', level: 'postgresql', kind: 'embedded' },
};

test('results of the same machine and database are compared, whatever its version', () => {
  expect(() =>
    refuseOther(PLACE, { ...PLACE, database: { ...PLACE.database, version: 'PostgreSQL 18' } }),
  ).not.toThrow();
});

test.each([
  [{ ...PLACE, machine: { ...PLACE.machine, cores: 8 } }, 'cores: 8 then, 2 now'],
  [{ ...PLACE, machine: { ...PLACE.machine, cpu: 'another' } }, 'processor: another then, a processor now'],
  [
    { ...PLACE, database: { ...PLACE.database, level: 'apache' } },
    'level of the database: apache then, postgresql now',
  ],
])('another machine or database is refused with what differs', (before, why) => {
  expect(() => refuseOther(before, PLACE)).toThrow(why);
});
