import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createEdf } from '../../../../api/history/edf/file.ts';
import type { EdfFile } from '../../../../api/history/edf/header.ts';
import { inMemory as bytesOf, openBytes } from '../../../../simulators/formats/bytes.ts';
import { openEdf } from '../../../../simulators/formats/edf/file.ts';
import { edfStretches, parseEdf } from '../../../../simulators/formats/edf/stretches.ts';
import { FOLDER, readingsOf } from '../../support/other-readings.ts';
import { inMemory, readWhole } from '../../support/recordings.ts';

/** The values that the Python package pyedflib reads from the same files: tests/fixtures/recordings/make.py. */

const readings = readingsOf('edf');
const open = (name: string) => openEdf(name, openBytes(`${FOLDER}${name}`));

describe('an EDF file has the values that another program reads from it', () => {
  it.each(Object.entries(readings))('%s', (name, { rates, names, units, values }) => {
    const [stretch, ...others] = edfStretches(name, open(name));
    expect(others).toEqual([]);
    const { frames = 0, frameRate = 0, signals = [] } = stretch ?? {};
    expect(signals.map((signal) => signal.name)).toEqual(names);
    expect(signals.map(({ unit = '' }) => unit)).toEqual(units);
    expect(signals.map(({ perFrame }) => frameRate * perFrame)).toEqual(rates);
    for (const [index, { perFrame, read }] of signals.entries()) {
      const expected = values[index] ?? [];
      const got = read(0, frames * perFrame);
      expect(got).toHaveLength(expected.length);
      // The two compute in another order: the last binary digits differ.
      for (const [place, value] of expected.entries()) expect(got[place]).toBeCloseTo(value ?? Number.NaN, 9);
      const third = Math.floor(expected.length / 3);
      expect(read(third, expected.length - third)).toEqual(got.slice(third));
    }
  });

  it('plus.edf, its annotations too', () => {
    const [...annotations] = open('plus.edf').annotations();
    expect(annotations.map(({ onset, duration, texts }) => [onset, duration ?? -1, ...texts])).toEqual(
      readings['plus.edf']?.annotations,
    );
    expect(annotations).toHaveLength(2);
  });
});

const START_MS = Date.parse('2026-06-01T10:00:00Z');
const FILE: EdfFile = {
  patient: 'X X X X',
  startMs: START_MS,
  recordSeconds: 1,
  records: [0, 1, 5],
  signals: [
    { label: 'ECG II', dimension: 'mV', low: -1, high: 1, samplesPerRecord: 4 },
    { label: 'ECG aVR', dimension: 'mV', low: -1, high: 1, samplesPerRecord: 2 },
  ],
  annotations: [{ atMs: START_MS + 500, lengthMs: null, text: 'Alarm' }],
};
const write = (file: EdfFile): Buffer => {
  const edf = createEdf(file);
  const samples = [Float32Array.of(0.5, Number.NaN, -0.5, 1), Float32Array.of(0.25, Number.NaN)];
  return Buffer.concat([edf.header, ...file.records.map(() => edf.record(samples))]);
};
const parse = (bytes: Buffer) => inMemory(parseEdf({ path: 'some.edf', name: 'some' }, bytesOf(bytes)));

describe('an EDF file as a recording', () => {
  it('has the waveforms of wardwatch’s own files, with gaps and missing samples where they were', () => {
    const { format, frames, mapped, skipped, span } = parse(write(FILE));
    const avr = frames.flatMap(({ waves }) => waves?.['ecg-avr']?.samples ?? []);
    expect(avr.filter((sample) => sample !== null)).toHaveLength(3);
    expect(format).toBe('EDF+ file');
    expect(frames.map(({ atMs }) => atMs)).toEqual([0, 1_000, 5_000]);
    const block = frames[2]?.waves?.['ecg-ii'];
    expect(block).toMatchObject({ rate: 4, unit: 'mV' });
    const [first, missing, ...others] = block?.samples ?? [];
    expect(missing).toBeNull();
    for (const [index, value] of [0.5, -0.5, 1].entries()) {
      expect([first, ...others][index]).toBeCloseTo(value, 4);
    }
    expect(mapped).toEqual([
      { from: 'ECG II', unit: 'mV', to: 'ecg-ii', values: 9 },
      { from: 'ECG aVR', unit: 'mV', to: 'ecg-avr', values: 3 },
    ]);
    expect(skipped).toEqual([{ from: 'EDF Annotations', unit: null, why: 'annotations are not sent', values: 1 }]);
    expect(span).toEqual({ messages: 3, firstMs: 0, lastMs: 5_000 });
  });

  it('is found by its content, compressed too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wardwatch-edf-'));
    try {
      writeFileSync(join(folder, 'night.rec.gz'), gzipSync(write(FILE)));
      expect(readWhole(join(folder, 'night.rec.gz'))).toMatchObject({
        format: 'EDF+ file',
        mapped: [{ to: 'ecg-ii' }, { to: 'ecg-avr' }],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(readWhole(`${FOLDER}plain.edf`)).toMatchObject({
      name: 'plain',
      format: 'EDF file',
      mapped: [
        { from: 'ECG II', unit: 'uV', to: 'ecg-ii', values: 150 },
        { from: 'Pleth', unit: null, to: 'pleth', values: 75 },
        { from: 'SpO2', unit: '%', to: 'spo2', values: 3 },
      ],
      skipped: [{ from: 'EEG Fpz-Cz', unit: 'uV', values: 60 }],
    });
  });
});

describe('a damaged EDF file', () => {
  /** The file with a field of its header overwritten. */
  const withField = (at: number, text: string): Buffer => {
    const bytes = write(FILE);
    bytes.write(text, at, 'latin1');
    return bytes;
  };
  const SIGNALS_AT = 256;
  const SAMPLES_AT = SIGNALS_AT + 3 * (16 + 80 + 5 * 8 + 80);

  it.each([
    ['records below -1', 236, '-5      ', 'the number of records is -5'],
    ['records that are no number', 236, 'many    ', 'the number of records is no number but "many"'],
    ['a record of no time', 244, '0       ', 'a record lasts 0 s'],
    ['a record of less than no time', 244, '-1      ', 'a record lasts -1 s'],
    ['9999 signals', 252, '9999', 'the number of signals is 9999'],
    ['another length of its header', 184, '999     ', 'its header is 999 bytes long'],
    ['records that fill the memory', SAMPLES_AT, '99999999', 'the number of samples in a record is 99999999'],
    ['a negative number of samples', SAMPLES_AT, '-4      ', 'the number of samples in a record is -4'],
    ['no range of physical values', SIGNALS_AT + 3 * (16 + 80 + 8), '1       ', 'no range'],
  ])('with %s is refused, and says what to do', (what, at, text, message) => {
    const bytes = withField(at, text);
    if (what.startsWith('no range')) bytes.write('1       ', at + 24, 'latin1');
    expect(() => parse(bytes)).toThrow(message);
    expect(() => parse(bytes)).toThrow(/^some\.edf: .*the header is damaged, fetch it again/);
  });

  it('that ends too soon is told, within its header too', () => {
    const bytes = write(FILE);
    expect(() => parse(bytes.subarray(0, bytes.length - 1))).toThrow(
      'some.edf ends after 2 of 3 records: fetch it again',
    );
    expect(() => parse(bytes.subarray(0, 300))).toThrow('the header is damaged, fetch it again');
    expect(() => parse(bytes.subarray(0, 200))).toThrow('the header is damaged, fetch it again');
  });

  it('of which the number of records was never written has those that are there', () => {
    expect(parse(withField(236, '-1      ')).span?.messages).toBe(3);
  });

  it('whose records go back in time is refused', () => {
    expect(() => parse(write({ ...FILE, records: [0, 5, 1] }))).toThrow('its records are not in the order of time');
  });
});
