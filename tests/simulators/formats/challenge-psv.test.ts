import { describe, expect, it } from 'vitest';
import { isChallengePsv, parseChallengePsv } from '../../../simulators/formats/challenge-psv.ts';

const HEADER =
  'HR|O2Sat|Temp|SBP|MAP|DBP|Resp|EtCO2|BaseExcess|FiO2|SaO2|Lactate|Age|Gender|Unit1|Unit2|HospAdmTime|ICULOS|SepsisLabel';
const parse = (...rows: string[]) =>
  parseChallengePsv({ path: 'p000001.psv', name: 'p000001', text: [HEADER, ...rows, ''].join('\n') });

describe('a PSV of the 2019 challenge', () => {
  it('has the vitals of each hour in the units of its description, and leaves out what was not measured', () => {
    const { frames, format } = parse(
      'NaN|NaN|NaN|NaN|NaN|NaN|NaN|NaN|NaN|NaN|NaN|NaN|83.14|0|NaN|NaN|-0.03|1|0',
      '97|95|36.11|98|75.33|60.5|19|33|24|0.28|88|1.1|83.14|0|NaN|NaN|-0.03|3|0',
    );
    expect(format).toBe('PSV of the 2019 challenge');
    expect(frames).toEqual([
      {
        atMs: 3 * 3_600_000,
        vitals: {
          'heart-rate': { value: 97, unit: 'beats/min' },
          spo2: { value: 95, unit: '%' },
          temperature: { value: 36.11, unit: 'Cel' },
          'nibp-systolic': { value: 98, unit: 'mmHg' },
          'nibp-mean': { value: 75.33, unit: 'mmHg' },
          'nibp-diastolic': { value: 60.5, unit: 'mmHg' },
          'respiratory-rate': { value: 19, unit: 'breaths/min' },
          etco2: { value: 33, unit: 'mmHg' },
        },
      },
    ]);
  });

  it('tells what is left out, how often it was measured, and why', () => {
    const { mapped, skipped } = parse(
      '97|NaN|NaN|98|NaN|NaN|NaN|NaN|24|0.28|88|NaN|83|0|NaN|NaN|-0.03|1|0',
      '98|NaN|NaN|99|NaN|NaN|NaN|NaN|24|0.28|NaN|NaN|83|0|NaN|NaN|-0.03|2|0',
    );
    expect(mapped.find(({ from }) => from === 'SBP')).toEqual({
      ...{ from: 'SBP', unit: 'mmHg', to: 'nibp-systolic', values: 2 },
    });
    expect(skipped).toContainEqual({
      ...{ from: 'FiO2', unit: null, values: 2 },
      why: 'its unit is not certain: the description says percent, and the files hold fractions too',
    });
    expect(skipped).toContainEqual({
      ...{ from: 'SaO2', unit: null, values: 1, why: 'of a sample of arterial blood, and not of a sensor' },
    });
    expect(skipped).toContainEqual({
      ...{ from: 'Lactate', unit: null, values: 0, why: 'not a vital sign of the catalogue' },
    });
    expect(skipped.map(({ from }) => from)).not.toContain('ICULOS');
  });

  it('refuses what is no number, and a row without its hour', () => {
    expect(() => parse('x|NaN|NaN|98|NaN|NaN|NaN|NaN|24|0.28|88|NaN|83|0|NaN|NaN|-0.03|1|0')).toThrow(
      'p000001.psv row 2: HR is not a number: x',
    );
    expect(() => parse('97|NaN|NaN|98|NaN|NaN|NaN|NaN|24|0.28|88|NaN|83|0|NaN|NaN|-0.03|NaN|0')).toThrow(
      'p000001.psv row 2: ICULOS, the hour of the row, is missing',
    );
    expect(() => parse('97|NaN')).toThrow('p000001.psv row 2: ICULOS is not a number: missing');
  });

  it('is told from other tables', () => {
    expect(isChallengePsv(`${HEADER}\r\n`)).toBe(true);
    expect(isChallengePsv('HR|O2Sat|Temp\n')).toBe(false);
    expect(isChallengePsv('Time [s], HR, O2Sat, ICULOS\n')).toBe(false);
  });
});
