import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEdf } from '../../../api/history/edf/file.ts';
import type { EdfFile } from '../../../api/history/edf/header.ts';
import { readEdf } from '../support/edf-reader.ts';

const START_MS = Date.parse('2026-06-01T10:00:00Z');

const file = (change: Partial<EdfFile> = {}): EdfFile => ({
  patient: 'X X X X',
  startMs: START_MS,
  recordSeconds: 1,
  records: [0, 1],
  signals: [{ label: 'ECG II', dimension: 'mV', low: -0.5, high: 1.5, samplesPerRecord: 4 }],
  annotations: [],
  ...change,
});

const write = (wanted: EdfFile, samples: (place: number) => (Float32Array | undefined)[]): Buffer => {
  const edf = createEdf(wanted);
  const bytes = Buffer.concat([edf.header, ...wanted.records.map((_, place) => edf.record(samples(place)))]);
  expect(bytes.length).toBe(edf.totalBytes);
  return bytes;
};

describe('a file of EDF+', () => {
  it('has the fields of the header, in ASCII of their length', () => {
    const bytes = write(file(), () => []);
    const { header, signals } = readEdf(bytes);
    expect(header).toEqual({
      version: '0',
      patient: 'X X X X',
      recording: 'Startdate 01-JUN-2026 X X wardwatch',
      date: '01.06.26',
      time: '10.00.00',
      headerBytes: 768,
      reserved: 'EDF+C',
      records: 2,
      recordSeconds: 1,
    });
    expect(signals.map(({ label, dimension }) => [label, dimension])).toEqual([
      ['ECG II', 'mV'],
      ['EDF Annotations', ''],
    ]);
    expect([...bytes.subarray(0, 768)].every((byte) => byte >= 32 && byte < 127)).toBe(true);
  });

  it('gives every sample back within a step of 16 bits, and the lowest value for one that is missing', () => {
    const number = fc.float({ min: Math.fround(-1e5), max: Math.fround(1e5), noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.option(number, { nil: Number.NaN }), { minLength: 1, maxLength: 50 }), (values) => {
        const known = values.filter((value) => !Number.isNaN(value));
        const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)];
        const signals = [{ label: 'X', dimension: '', low, high, samplesPerRecord: values.length }];
        const read = readEdf(write(file({ records: [0], signals }), () => [Float32Array.from(values)]));
        const [min, max] = read.signals[0]?.physical ?? [0, 0];
        values.forEach((value, place) => {
          const got = read.values[0]?.[place] ?? Number.NaN;
          if (Number.isNaN(value)) expect(got).toBe(min);
          else expect(Math.abs(got - value)).toBeLessThanOrEqual((max - min) / 65_535);
        });
      }),
    );
  });

  it('says when each record was, and that it is not contiguous when one is left out', () => {
    const read = readEdf(write(file({ records: [0, 1, 7], recordSeconds: 2 }), () => []));
    expect(read.header.reserved).toBe('EDF+D');
    expect(read.onsets).toEqual([0, 2, 14]);
  });

  it('has every annotation, however many there are for its records', () => {
    const annotations = Array.from({ length: 200 }, (_, index) => ({
      atMs: START_MS + index * 10,
      lengthMs: index % 2 === 0 ? null : 1_500,
      text: `Alarm ${'x'.repeat(index % 90)}\u0014 ${index}`,
    }));
    const read = readEdf(write(file({ annotations }), () => []));
    expect(read.annotations).toHaveLength(200);
    expect(read.annotations[3]).toEqual({ onset: 0.03, duration: 1.5, texts: ['Alarm xxx  3'] });
    expect(read.annotations[4]?.duration).toBeNull();
  });
});
