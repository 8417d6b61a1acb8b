import { expect, test } from 'vitest';
import { dueBetween, faultsOf } from '../../../bench/support/alarm-faults.ts';

const BEDS = ['b0', 'b1'];

test('alarms of readings from within the time are due, from its first moment and without its last', () => {
  const excursions = [9, 10, 19, 20].map((time) => ({ bed: 1, time }));
  expect(dueBetween(excursions, BEDS, 10, 20)).toEqual(['b1@10', 'b1@19']);
});

test('what every listener heard once is no fault', () => {
  expect(faultsOf(['b0@1'], { heard: { 'b0@1': { listeners: 3, times: 3 } } }, 3)).toEqual([]);
});

test('an alarm that some did not hear, that one heard twice, or that nothing was the reason of is a fault each', () => {
  const heard = {
    'b0@1': { listeners: 2, times: 2 },
    'b0@2': { listeners: 3, times: 4 },
    'b0@3': { listeners: 3, times: 3 },
  };
  expect(faultsOf(['b0@1', 'b0@2', 'b1@1'], { heard }, 3)).toEqual(['4 LOST', '1 DOUBLED', '1 OF NO READING']);
});
