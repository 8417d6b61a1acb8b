import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { VitalId } from '#domain/vitals.ts';
import { UserError } from '#platform/errors.ts';
import { parseNumericsCsv } from '../../../simulators/formats/numerics-csv.ts';
import { readWhole, recordingPath, withoutRecordings } from '../support/recordings.ts';

const parse = (text: string) => parseNumericsCsv({ path: 'some.csv', name: 'some', text });

describe('numerics CSV', () => {
  it('makes NaN a null, keeps 0, and leaves out what is empty', () => {
    expect(parse('time_s,HR [bpm],SpO2 [%],NBPSys [mmHg]\n0,NaN,0,\n60,70.5,97,120\n').frames).toEqual([
      { atMs: 0, vitals: { 'heart-rate': { value: null, unit: 'bpm' }, spo2: { value: 0, unit: '%' } } },
      {
        atMs: 60_000,
        vitals: {
          'heart-rate': { value: 70.5, unit: 'bpm' },
          spo2: { value: 97, unit: '%' },
          'nibp-systolic': { value: 120, unit: 'mmHg' },
        },
      },
    ]);
  });

  it('names the columns it knows and those it does not, and leaves out a unit that is not understood', () => {
    const { mapped, skipped } = parse('Time [s], HR, AWRR, ABPMean [kPa], CVP [furlong], 8310-5\n0,1,2,9.3,4,37\n');
    expect(mapped).toEqual([
      { from: 'HR', unit: null, to: 'heart-rate', values: 1 },
      { from: 'ABPMean [kPa]', unit: 'kPa', to: 'abp-mean', values: 1 },
      { from: '8310-5', unit: null, to: 'temperature', values: 1 },
    ]);
    expect(skipped).toEqual([
      { from: 'AWRR', unit: null, why: 'not a vital sign of the catalogue', values: 1 },
      { from: 'CVP [furlong]', unit: 'furlong', why: 'in furlong, which is not convertible to mm[Hg]', values: 1 },
    ]);
  });

  it('counts the values of each column, without what is missing', () => {
    const { mapped, skipped } = parse('Time [s], HR, AWRR\n0,NaN,\n1,70,NaN\n2,,5\n3,0,6\n');
    expect(mapped).toMatchObject([{ from: 'HR', values: 2 }]);
    expect(skipped).toMatchObject([{ from: 'AWRR', values: 2 }]);
  });

  it('takes the first of two columns of one vital, and tells of the other', () => {
    const { frames, skipped } = parse('Time [s], HR, 8867-4\n0,70,71\n');
    expect(frames).toEqual([{ atMs: 0, vitals: { 'heart-rate': 70 } }]);
    expect(skipped).toEqual([{ from: '8867-4', unit: null, why: 'a second heart-rate, beside HR', values: 1 }]);
  });

  it('knows the names of MIMIC-IV', () => {
    const heading = 'time_s,HR [bpm],Pulse (SpO2) [bpm],SpO2 [%],RR [rpm],ABPs [mmHg],NBP Mean [mmHg],%SpO2 [%]';
    expect(parse(`${heading}\n0,1,2,3,4,5,6,7\n`).mapped.map(({ to }) => to)).toEqual([
      ...['heart-rate', 'pulse-rate', 'spo2', 'respiratory-rate', 'abp-systolic', 'nibp-mean'],
    ]);
  });

  it('refuses what is no number, and says where', () => {
    expect(() => parse('Time [s], HR\n0,70\n1,abc\n')).toThrow(
      new UserError('some.csv row 3: HR is not a number: abc'),
    );
    expect(() => parse('Time [s], HR\nx,70\n')).toThrow('some.csv row 2: the time is not a number: x');
  });

  describe.skipIf(withoutRecordings)(`of real patients${withoutRecordings ? ` (${withoutRecordings})` : ''}`, () => {
    const bidmc = (subject: string) => readWhole(recordingPath(`bidmc/bidmc_${subject}_Numerics.csv`));
    const COLUMNS: VitalId[] = ['heart-rate', 'pulse-rate', 'respiratory-rate', 'spo2'];

    it.each(['01', '13', '19', '23'])('has every value of BIDMC %s, each at its time', (subject) => {
      const text = readFileSync(recordingPath(`bidmc/bidmc_${subject}_Numerics.csv`), 'utf8');
      const expected = text
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',').map(Number))
        .map(([time = 0, ...values]) => ({
          atMs: time * 1_000 + 0,
          vitals: Object.fromEntries(
            COLUMNS.map((id, column) => [id, Number.isNaN(values[column]) ? null : values[column]]),
          ),
        }));
      const { frames, skipped } = bidmc(subject);
      expect(frames).toEqual(expected);
      expect(frames).toHaveLength(481);
      expect(skipped).toEqual([]);
    });

    it('keeps the 146 missing and the 220 zero breathing rates of BIDMC 13 apart', () => {
      const rates = bidmc('13').frames.map(({ vitals }) => vitals?.['respiratory-rate']);
      expect(rates.filter((rate) => rate === null)).toHaveLength(146);
      expect(rates.filter((rate) => rate === 0)).toHaveLength(220);
    });

    it('has the 102 seconds of BIDMC 19 with the probe off, and starts BIDMC 23 a second before 0', () => {
      expect(bidmc('19').frames.filter(({ vitals }) => vitals?.spo2 === null)).toHaveLength(102);
      expect(bidmc('23').frames[0]).toMatchObject({ atMs: -1_000, vitals: { 'heart-rate': 63, spo2: 97 } });
    });

    it('has both conventions of s00001: disconnected is 0, not measured is no entry', () => {
      const { frames, mapped } = readWhole(recordingPath('wfdb/s00001_numerics_1permin.csv'));
      expect(frames).toHaveLength(1_936);
      expect(mapped).toHaveLength(10);
      expect(frames[0]).toEqual({
        atMs: 0,
        vitals: {
          'heart-rate': { value: 0, unit: 'bpm' },
          'abp-systolic': { value: 0, unit: 'mmHg' },
          'abp-diastolic': { value: 0, unit: 'mmHg' },
          'abp-mean': { value: 0, unit: 'mmHg' },
          'pulse-rate': { value: 0, unit: 'bpm' },
          'respiratory-rate': { value: 23, unit: 'pm' },
          spo2: { value: 0, unit: '%' },
        },
      });
      expect(frames[14]).toMatchObject({
        atMs: 840_000,
        vitals: {
          'pulse-rate': { value: 55, unit: 'bpm' },
          spo2: { value: 96, unit: '%' },
          'nibp-systolic': { value: 120, unit: 'mmHg' },
          'nibp-diastolic': { value: 72, unit: 'mmHg' },
          'nibp-mean': { value: 89, unit: 'mmHg' },
        },
      });
      expect(frames.at(-1)?.atMs).toBe(116_100_000);
    });
  });
});
