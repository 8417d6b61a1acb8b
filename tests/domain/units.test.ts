import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convert, findConversion } from '#domain/units.ts';

const converted = (value: number, from: string, to: string): number | undefined => {
  const conversion = findConversion(from, to);
  return conversion && convert(value, conversion);
};

test.each<readonly [value: number, from: string, to: string, expected: number]>([
  [98.6, '[degF]', 'Cel', 37],
  [310.15, 'K', 'Cel', 37],
  [16, 'kPa', 'mm[Hg]', 120.009852135],
  [0.97, '1', '%', 97],
  [1.2, 'Hz', '/min', 72],
  [500, 'uV', 'mV', 0.5],
  [72, '{beat}/min', '/min', 72],
  ...[
    '{beats}/min',
    '/min{resp}',
    '1/min',
    'min-1',
    '{resp}.min-1',
    'bpm',
    'BPM',
    'brpm',
    'beats/min',
    'min⁻¹',
    '次/分',
  ].map((unit) => [72, unit, '/min', 72] as const),
  ...['mm[Hg]{mean}', 'mmHg', 'mm Hg', 'MMHG', 'Torr', 'MDC_DIM_MMHG', '266016'].map(
    (unit) => [93, unit, 'mm[Hg]', 93] as const,
  ),
  ...['°C', '℃', 'ºC', 'degC', 'deg C', 'C', 'Celsius', 'MDC_DIM_DEGC'].map((unit) => [37, unit, 'Cel', 37] as const),
  ...['degF', '°F', '℉', 'F', '[DEGF]'].map((unit) => [98.6, unit, 'Cel', 37] as const),
  ...['pct', 'percent', '％', '%{SpO2}', 'MDC_DIM_PERCENT'].map((unit) => [97, unit, '%', 97] as const),
  ...['\u00b5V', '\u03bcV', 'uV', 'mcV', 'MDC_DIM_MICRO_VOLT'].map((unit) => [40, unit, 'mV', 0.04] as const),
  [10, 'cmH2O', 'mm[Hg]', 7.355591],
  [9.3, 'KPA', 'mm[Hg]', 69.7557265536],
  // Monitors count an ST level in mm, ten of them a millivolt; ventilators count in mbar, which is nearly a centimetre of water.
  [1.5, 'mm', 'mV', 0.15],
  [-1, 'mm', 'mV', -0.1],
  [20, 'mbar', 'cm[H2O]', 20.3943252377],
  [0.45, 'L', 'mL', 450],
  [6_800, 'mL/min', 'L/min', 6.8],
  [0.5, 'L/s', 'L/min', 30],
])('%d %s is what it is in %s', (value, from, to, expected) => {
  expect(converted(value, from, to)).toBeCloseTo(expected, 9);
});

test.each([
  ['mm[Hg]', 'Cel'],
  ['%', '/min'],
  ['furlong', 'mm[Hg]'],
  ['', '%'],
  ['{beats}', '/min'],
  ['MV', 'mV'],
  ['MOhm', 'Ohm'],
  ['vol%', 'mm[Hg]'],
  ['/h', '/min'],
  ['__proto__', 'mm[Hg]'],
])('%s does not measure what %s measures', (from, to) => {
  expect(converted(1, from, to)).toBeUndefined();
});

test('a value in its own unit is left as it is, to the last bit', () => {
  fc.assert(fc.property(fc.double({ noNaN: true }), (value) => converted(value, 'mm[Hg]', 'mm[Hg]') === value));
});

test('there and back is where one was', () => {
  const pair = fc.constantFrom(['[degF]', 'Cel'], ['kPa', 'mm[Hg]'], ['Hz', '/min'], ['uV', 'mV']);
  fc.assert(
    fc.property(pair, fc.integer({ min: -1_000, max: 1_000 }), ([from, to], value) => {
      const there = converted(value, from ?? '', to ?? '') ?? Number.NaN;
      expect(converted(there, to ?? '', from ?? '')).toBeCloseTo(value, 6);
    }),
  );
});
