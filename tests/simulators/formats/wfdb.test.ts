import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRecording } from '../../../simulators/formats/read-recording.ts';
import { decodeWfdb, parseWfdb } from '../../../simulators/formats/wfdb.ts';
import { parseWfdbHeader } from '../../../simulators/formats/wfdb-header.ts';
import { recordingPath, withoutRecordings } from '../support/recordings.ts';

const bytes =
  (...values: number[]) =>
  () =>
    Uint8Array.from(values);
const parse = (text: string, read: () => Uint8Array) => parseWfdb({ path: 'r.hea', name: 'r', text }, read);
const asInt16 = (sum: number) => (sum << 16) >> 16;

describe('a WFDB record', () => {
  it('reads gain, baseline, units, offset and description from its header', () => {
    const header = parseWfdbHeader(
      'r.hea',
      '# a comment\nr 2 250 5\nr.mat 16+24 7247(12)/mV 16 3 -171 -27403 0 ECG lead II\nr.dat 212\n',
    );
    expect(header).toEqual({
      name: 'r',
      rate: 250,
      samples: 5,
      signals: [
        {
          ...{ file: 'r.mat', format: 16, offsetBytes: 24, gain: 7247, baseline: 12, units: 'mV' },
          ...{ initialValue: -171, checksum: -27_403, description: 'ECG lead II' },
        },
        {
          ...{ file: 'r.dat', format: 212, offsetBytes: 0, gain: 200, baseline: 0, units: 'NU' },
          ...{ initialValue: undefined, checksum: undefined, description: '' },
        },
      ],
    });
  });

  it('takes the zero of the converter for the baseline when none is given', () => {
    expect(parseWfdbHeader('r.hea', 'r 1 250 1\nr.dat 16 100/mV 16 512 0 0 0 II\n').signals[0]?.baseline).toBe(512);
  });

  it('decodes format 212: two samples of 12 bits in three bytes, negative ones too', () => {
    // 0x7ff = 2047, 0x800 = -2048 (no sample), 0xfff = -1, 0x001 = 1
    const header = 'r 2 2 2\nr.dat 212 1/mV 12 0 2047 2046 0 II\nr.dat 212 1/mV 12 0 -2048 -2047 0 V\n';
    const { frames } = parse(header, bytes(0xff, 0x87, 0x00, 0xff, 0x0f, 0x01));
    expect(frames).toEqual([
      {
        atMs: 0,
        waves: {
          'ecg-ii': { rate: 2, unit: 'mV', samples: [2047, -1] },
          'ecg-v': { rate: 2, unit: 'mV', samples: [null, 1] },
        },
      },
    ]);
  });

  it('decodes format 16 after its offset, with the missing sample null and the baseline taken off', () => {
    const { frames } = parse(
      'r 1 250 3\nr.mat 16+2 10(5)/mV 16 0 25 -32748 0 II\n',
      bytes(9, 9, 25, 0, 0, 0x80, 0xfb, 0xff),
    );
    expect(frames[0]?.waves?.['ecg-ii']?.samples).toEqual([2, null, -1]);
  });

  it('sends the unit of its header, and leaves out what is in none that is understood', () => {
    const of = (description: string, gain: string) =>
      parse(`r 1 1 1\nr.dat 16 ${gain} 16 0 40 40 0 ${description}\n`, bytes(40, 0));
    expect(of('II', '1/µV').frames[0]?.waves).toEqual({ 'ecg-ii': { rate: 1, unit: 'µV', samples: [40] } });
    expect(of('ABP', '10/kPa').frames[0]?.waves).toEqual({ abp: { rate: 1, unit: 'kPa', samples: [4] } });
    for (const [description, gain] of [
      ['II', '1/furlong'],
      ['II', '1/NU'],
      ['II', '0'],
      ['ABP', '1/mV'],
    ] as const) {
      expect(of(description, gain)).toMatchObject({ mapped: [], frames: [], skipped: [{ from: description }] });
    }
  });

  it('takes RESP in pm for the rate that it is, and not for a waveform', () => {
    const { frames, mapped } = parse(
      'r 2 1 1\nr.dat 16 1/pm 16 0 40 40 0 RESP\nr.dat 16 10/kPa 16 0 93 93 0 NBPMean\n',
      bytes(40, 0, 93, 0),
    );
    expect(mapped).toEqual([
      { from: 'RESP', to: 'respiratory-rate' },
      { from: 'NBPMean', to: 'nibp-mean' },
    ]);
    expect(frames).toEqual([
      { atMs: 0, vitals: { 'respiratory-rate': { value: 40, unit: 'pm' }, 'nibp-mean': { value: 9.3, unit: 'kPa' } } },
    ]);
  });

  it('refuses samples that its checksum or first value does not fit, and files that end too soon', () => {
    const damaged = 'r.hea: the samples of II do not match its header: r.dat is damaged';
    expect(() => parse('r 1 250 2\nr.dat 16 1/mV 16 0 1 9 0 II\n', bytes(1, 0, 2, 0))).toThrow(damaged);
    expect(() => parse('r 1 250 2\nr.dat 16 1/mV 16 0 7 3 0 II\n', bytes(1, 0, 2, 0))).toThrow(damaged);
    expect(() => parse('r 1 250 3\nr.dat 16 1/mV 16 0 1 3 0 II\n', bytes(1, 0, 2, 0))).toThrow('ends after 2 of 3');
  });

  it('refuses formats it does not decode rather than guess', () => {
    expect(() => parse('r 1 250 2\nr.dat 80 1/mV 16 0 1 3 0 II\n', bytes(1, 2))).toThrow(
      'sample format 80 is not supported',
    );
    expect(() => parse('r 1 250 2\nr.dat 16x4 1/mV 16 0 1 3 0 II\n', bytes(1, 2))).toThrow('several samples a frame');
    expect(() => parse('r/3 1 250 2\nr1 2\n', bytes(1, 2))).toThrow('several segments');
  });

  describe.skipIf(withoutRecordings)(`of a real patient${withoutRecordings ? ` (${withoutRecordings})` : ''}`, () => {
    it.each([
      ['v102s', 4, 75_000],
      ['a103l', 3, 82_500],
    ])('%s: every signal has the first value and the checksum that its header states', (name, count, samples) => {
      const path = recordingPath(`wfdb/${name}.hea`);
      const header = parseWfdbHeader(path, readFileSync(path, 'utf8'));
      const raw = decodeWfdb(path, header, (file) => readFileSync(recordingPath(`wfdb/${file}`)));
      expect(raw.map((signal) => signal.length)).toEqual(Array(count).fill(samples));
      expect(raw.map((signal) => signal[0])).toEqual(header.signals.map(({ initialValue }) => initialValue));
      expect(raw.map((signal) => asInt16(signal.reduce((sum, value) => (sum + value) | 0, 0)))).toEqual(
        header.signals.map(({ checksum }) => checksum),
      );
    });

    it('v102s: physical values are the converter’s by gain and baseline, in blocks of a second', () => {
      const { frames, mapped } = readRecording(recordingPath('wfdb/v102s.dat'));
      expect(mapped.map(({ to }) => to)).toEqual(['ecg-ii', 'ecg-v', 'pleth', 'resp']);
      expect(frames).toHaveLength(300);
      expect(frames[0]?.waves?.['ecg-ii']).toMatchObject({ rate: 250, unit: 'mV' });
      expect(frames[0]?.waves?.['ecg-ii']?.samples[0]).toBe(-26 / 2_281);
      expect(frames[0]?.waves?.resp?.samples[0]).toBe(339 / 38_880);
    });

    it('a103l: the gains written as 1.052e+04 are read', () => {
      const { frames } = readRecording(recordingPath('wfdb/a103l'));
      expect(frames).toHaveLength(330);
      expect(frames[0]?.waves?.['ecg-v']?.samples[0]).toBe(9_127 / 10_520);
      expect(frames[0]?.waves?.pleth?.samples[0]).toBe(6_042 / 12_530);
    });
  });
});
