import { describe, expect, it } from 'vitest';
import { parseLongCsv } from '../../../simulators/formats/long-csv.ts';

const parse = (text: string) => parseLongCsv({ path: 'some.csv', name: 'some', text });

describe('long CSV', () => {
  it('gathers the values of a moment, in order of time, from seconds', () => {
    const text = 'time,vital,value\n1.5,spo2,97\n0,heart-rate,72.5\n0,spo2,NaN\n0,8310-5,\n';
    expect(parse(text).frames).toEqual([
      { atMs: 0, vitals: { 'heart-rate': 72.5, spo2: null, temperature: null } },
      { atMs: 1_500, vitals: { spo2: 97 } },
    ]);
  });

  it('counts dates from the first row', () => {
    const dates = 'value,time,vital\n72,2026-01-01T00:00:00+01:00,heart-rate\n73,2025-12-31T23:00:01.250Z,heart-rate\n';
    expect(parse(dates).frames.map(({ atMs }) => atMs)).toEqual([0, 1_250]);
    const epoch = 'time,vital,value\n1767225600000,spo2,90\n1767225600500,spo2,91\n';
    expect(parse(epoch).frames.map(({ atMs }) => atMs)).toEqual([0, 500]);
  });

  it('takes a quality, and any key the station understands', () => {
    const text = 'time,vital,value,quality\n0,MDC_ECG_HEART_RATE,72,questionable\n0,147842,73,\n0,wobble,1,\n';
    expect(parse(text)).toMatchObject({
      mapped: [
        { from: 'MDC_ECG_HEART_RATE', to: 'heart-rate' },
        { from: '147842', to: 'heart-rate' },
      ],
      skipped: [{ from: 'wobble' }],
      frames: [{ atMs: 0, vitals: { 'heart-rate': 73 } }],
    });
    expect(parse('time,vital,value,quality\n0,spo2,90,invalid\n').frames).toEqual([
      { atMs: 0, vitals: { spo2: { value: 90, quality: 'invalid' } } },
    ]);
  });

  it('refuses a column that it does not know, for it could be the unit', () => {
    expect(() => parse('time,vital,value,units\n0,etco2,5.1,kPa\n')).toThrow(
      'some.csv: the column units is not one of time, vital, value, unit, quality',
    );
  });

  it('sends the unit of each row, and counts the values whose unit is not understood', () => {
    const { frames, skipped } = parse(
      'time,vital,value,unit\n0,etco2,5.1,kPa\n1,etco2,5,furlong\n2,etco2,5,furlong\n3,etco2,38,\n',
    );
    expect(frames.map(({ vitals }) => vitals)).toEqual([{ etco2: { value: 5.1, unit: 'kPa' } }, { etco2: 38 }]);
    expect(skipped).toEqual([
      { from: 'etco2', unit: 'furlong', why: 'in furlong, which is not convertible to mm[Hg]', values: 2 },
    ]);
  });

  it.each([
    ['time,vital,value\n0,etco2,5.1,kPa\n', 'more cells than the header names'],
    ['time,vital,value\nyesterday,spo2,90\n', 'the time is not ISO 8601 with a zone, nor a number: yesterday'],
    ['time,vital,value\n2026-01-01T00:00:00,spo2,90\n', 'the time is not ISO 8601 with a zone'],
    ['time,vital,value\n0,spo2,ninety\n', 'the value is not a number: ninety'],
    ['time,vital,value,quality\n0,spo2,90,fine\n', 'quality is good, questionable, invalid, not fine'],
  ])('refuses a bad row and says which (%#)', (text, message) => {
    expect(() => parse(text)).toThrow(`some.csv row 2: ${message}`);
  });

  it('refuses dates mixed with seconds', () => {
    expect(() => parse('time,vital,value\n0,spo2,90\n2026-01-01T00:00:00Z,spo2,91\n')).toThrow(
      'some.csv row 3: some times are dates and some are seconds',
    );
  });
});
