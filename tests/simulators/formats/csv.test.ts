import { describe, expect, it } from 'vitest';
import { parseCsv, parseNumber } from '../../../simulators/formats/csv.ts';

describe('comma-separated text', () => {
  it('is trimmed, without its byte order mark, whatever ends its lines', () => {
    expect(parseCsv('\uFEFFTime [s], HR\r\n0,1\r\n\r\n1, 2 \n')).toEqual([
      ['Time [s]', 'HR'],
      ['0', '1'],
      ['1', '2'],
    ]);
  });

  it('keeps empty cells, at the end too', () => {
    expect(parseCsv('0,,2,,')).toEqual([['0', '', '2', '', '']]);
    expect(parseCsv('"a",,')).toEqual([['a', '', '']]);
  });

  it('reads quoted cells with commas and quotes in them', () => {
    expect(parseCsv('"a,b",c,"say ""yes"""')).toEqual([['a,b', 'c', 'say "yes"']]);
  });

  it('tells a number, no value and no number apart', () => {
    expect(['0', '-1.5', '1e3', 'NaN', 'nan'].map(parseNumber)).toEqual([0, -1.5, 1_000, null, null]);
    expect(['', 'x', '1e400', 'Infinity', '1,5'].map(parseNumber)).toEqual(Array(5).fill(undefined));
  });
});
