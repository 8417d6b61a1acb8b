import { describe, expect, it } from 'vitest';
import { UserError } from '#platform/errors.ts';
import { isWfdbHeader, parseWfdbHeader } from '../../../../simulators/formats/wfdb/header.ts';

const parse = (text: string) => parseWfdbHeader('r.hea', text);
const SIGNAL = 'r.dat 16 100/mV 16 0 0 0 0 II';

describe('the header of a WFDB record', () => {
  it('has gain, baseline, units, offset and description of each signal', () => {
    expect(
      parse('# a comment\nr 2 250 5\nr.mat 16+24 7247(12)/mV 16 3 -171 -27403 0 ECG lead II\nr.dat 212\n'),
    ).toEqual({
      name: 'r',
      rate: 250,
      samples: 5,
      signalCount: 2,
      segments: undefined,
      signals: [
        {
          ...{
            file: 'r.mat',
            format: 16,
            perFrame: 1,
            skew: 0,
            offsetBytes: 24,
            gain: 7247,
            baseline: 12,
            units: 'mV',
          },
          ...{ zero: 3, initialValue: -171, checksum: -27_403, description: 'ECG lead II' },
        },
        {
          ...{ file: 'r.dat', format: 212, perFrame: 1, skew: 0, offsetBytes: 0, gain: 200, baseline: 0, units: 'NU' },
          ...{ zero: 0, initialValue: undefined, checksum: undefined, description: '' },
        },
      ],
    });
  });

  it('has samples a frame, skew and offset of a signal, in this order', () => {
    expect(parse('r 1 62.4725/999.56 14400\nr.dat 212x4:3+512 200(800)/mmHg 14 0 0 0 0 ABP\n')).toMatchObject({
      rate: 62.4725,
      samples: 14_400,
      signals: [{ perFrame: 4, skew: 3, offsetBytes: 512, gain: 200, baseline: 800, units: 'mmHg' }],
    });
  });

  it('takes the zero of the converter for the baseline when none is given', () => {
    expect(parse('r 1 250 1\nr.dat 16 100/mV 16 512 0 0 0 II\n').signals[0]?.baseline).toBe(512);
  });

  it('takes 250 Hz for the rate, and the whole file for the length, when none are given', () => {
    expect(parse(`r 1\n${SIGNAL}\n`)).toMatchObject({ rate: 250, samples: undefined });
    expect(parse(`r 1 0.0166666666667/125 0 1:56:25.894 09/10/2896\n${SIGNAL}\n`)).toMatchObject({
      rate: 0.0166666666667,
      samples: undefined,
    });
  });

  it('names the segments of a record that has several, and its gaps', () => {
    expect(parse('r/4 2 125 25\nr_layout 0\n~ 5\nr_1 10\nr_2 10\n')).toMatchObject({
      signalCount: 2,
      signals: [],
      samples: 25,
      segments: [
        { name: 'r_layout', samples: 0 },
        { name: undefined, samples: 5 },
        { name: 'r_1', samples: 10 },
        { name: 'r_2', samples: 10 },
      ],
    });
  });

  it('is told from other texts', () => {
    expect(isWfdbHeader(`# comment\r\nr 1 250\r\n${SIGNAL}\r\n`)).toBe(true);
    expect(isWfdbHeader('r/2 1 250\nr1 10\nr2 10\n')).toBe(true);
    expect(isWfdbHeader('Dear all\nthis is a letter\n')).toBe(false);
    expect(isWfdbHeader('time,vital,value\n0,spo2,90\n')).toBe(false);
    expect(isWfdbHeader('')).toBe(false);
  });

  it.each([
    ['a count of samples below 0', `r 1 250 -5\n${SIGNAL}`, '-5 is no number of samples'],
    ['no rate', `r 1 fast 5\n${SIGNAL}`, 'fast is no sampling rate'],
    ['a rate of 0', `r 1 0 5\n${SIGNAL}`, '0 is no sampling rate'],
    ['a rate below 0', `r 1 -250 5\n${SIGNAL}`, '-250 is no sampling rate'],
    ['a rate beyond all rates', `r 1 1e300 5\n${SIGNAL}`, '1e300 is no sampling rate'],
    ['a thousand million signals', `r 1000000000 250 5\n${SIGNAL}`, '1000000000 signals'],
    ['more signals than it describes', `r 2 250 5\n${SIGNAL}`, '2 signals named, 1 described'],
    ['more segments than it names', 'r/1000000000 2 250 5\nr1 5', '1000000000 segments named, 1 described'],
    ['a segment without a length', 'r/1 2 250 5\nr1 -5', 'a segment without its number of samples'],
    ['a signal without a format', 'r 1 250 5\nr.dat', 'a signal without a format'],
    ['a negative skew', 'r 1 250 5\nr.dat 16:-3', 'a signal without a format'],
    ['frames of no sample', 'r 1 250 5\nr.dat 16x0', '0 samples a frame'],
    ['frames that fill the memory', 'r 1 250 5\nr.dat 16x1000000000', '1000000000 samples a frame'],
    ['a gain that is no number', 'r 1 250 5\nr.dat 16 high/mV', 'high/mV is no gain'],
    ['a checksum that is no number', 'r 1 250 5\nr.dat 16 100 16 0 0 x', 'x is no whole number'],
  ])('is refused with %s, and says what to do', (_what, text, message) => {
    expect(() => parse(text)).toThrow(UserError);
    expect(() => parse(text)).toThrow(message);
    expect(() => parse(text)).toThrow(/^r\.hea: .*the header is damaged, fetch it again/);
  });

  it.each(['../secret.dat', '/etc/passwd', '..', 'a\\b.dat', 'sub/r.dat'])(
    'points to no file outside of its folder: %s',
    (file) => {
      expect(() => parse(`r 1 250 5\n${file} 16 100/mV\n`)).toThrow(
        `it names ${file}, and only files beside it are read`,
      );
      expect(() => parse(`r/1 1 250 5\n${file} 5\n`)).toThrow(`it names ${file}, and only files beside it are read`);
    },
  );
});
