import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createFolder } from '../../../../simulators/formats/folder.ts';
import type { Stretch } from '../../../../simulators/formats/sampled.ts';
import { openWfdb } from '../../../../simulators/formats/wfdb/stretches.ts';
import { FOLDER, layOut, readingsOf } from '../../support/other-readings.ts';
import { readWhole } from '../../support/recordings.ts';

/** The values that the Python package wfdb reads from the same files: tests/fixtures/recordings/make.py. */

const readings = readingsOf('wfdb');

const open = (name: string): Stretch[] => {
  const path = `${FOLDER}${name}.hea`;
  return openWfdb(path, readFileSync(path, 'utf8'), createFolder(FOLDER));
};
const plain = (name: string): string => name.replace(/,$/, '');

describe('a WFDB record has the values that another program reads from it', () => {
  it.each(Object.entries(readings))('%s', (record, { rates, names, units, values }) => {
    const stretches = open(record);
    const ours = new Set(stretches.flatMap(({ signals }) => signals.map(({ name }) => name)));
    expect([...ours].sort()).toEqual(names.map(plain).sort());
    for (const [index, name] of names.entries()) {
      const expected = values[index] ?? [];
      const read = layOut(stretches, plain(name), rates[index] ?? 0, expected.length);
      expect([...read.units]).toEqual([units[index]]);
      expect(read.values).toEqual(expected);
    }
  });

  it('has every format, missing samples, and lengths that end within a block', () => {
    const formats = Object.keys(readings).filter((name) => name.startsWith('format-'));
    expect(formats.sort()).toEqual(
      [8, 16, 24, 32, 61, 80, 160, 212, 310, 311].map((format) => `format-${format}`).sort(),
    );
    for (const name of formats) {
      const values = readings[name]?.values.flat() ?? [];
      expect(values).toHaveLength(37 * 3);
      expect(values.includes(null)).toBe(name !== 'format-8');
    }
  });

  it('is read the same from any place, in any order', () => {
    for (const record of ['format-8', 'format-212', 'format-310', 'per-frame', 'per-frame-8', 'skew']) {
      for (const { frames, signals } of open(record)) {
        for (const { perFrame, read } of signals) {
          const all = read(0, frames * perFrame);
          for (const [from, to] of [
            [frames - 1, frames],
            [3, 10],
            [4, 5],
            [0, 7],
            [7, frames],
          ] as const) {
            const [first, end] = [from * perFrame, to * perFrame];
            expect(read(first, end - first)).toEqual(all.slice(first, end));
          }
        }
      }
    }
  });
});

describe('what is sent of a WFDB record', () => {
  const sent = (record: string, id: string): unknown[] =>
    readWhole(`${FOLDER}${record}.hea`).frames.flatMap(({ waves = {} }) =>
      Object.entries(waves).flatMap(([key, block]) => (key === id ? block.samples : [])),
    );

  it('is every sample of a signal, at the rate of that signal', () => {
    const { frames } = readWhole(`${FOLDER}per-frame.hea`);
    expect(sent('per-frame', 'ecg-ii')).toEqual(readings['per-frame']?.values[0]);
    expect(sent('per-frame', 'abp')).toEqual(readings['per-frame']?.values[1]);
    expect(sent('per-frame', 'resp')).toEqual(readings['per-frame']?.values[3]);
    expect(frames[0]?.waves).toMatchObject({
      'ecg-ii': { rate: 4 * 62.4725, unit: 'mV' },
      abp: { rate: 2 * 62.4725, unit: 'mmHg' },
      resp: { rate: 62.4725, unit: 'Ohm' },
    });
    expect(frames[0]?.waves?.pleth).not.toHaveProperty('unit');
  });

  it('is BIDMC’s RESP as a waveform at 125 Hz, and as a rate at 1 Hz', () => {
    expect(readWhole(`${FOLDER}bidmc.hea`).mapped.map(({ from, to }) => [from, to])).toEqual([
      ['RESP', 'resp'],
      ['PLETH', 'pleth'],
      ['II', 'ecg-ii'],
    ]);
    const { mapped, frames, span } = readWhole(`${FOLDER}numerics.hea`);
    expect(mapped.map(({ from, unit, to }) => [from, unit, to])).toEqual([
      ['HR', 'bpm', 'heart-rate'],
      ['PULSE', 'bpm', 'pulse-rate'],
      ['RESP', 'pm', 'respiratory-rate'],
      ['SpO2', '%', 'spo2'],
    ]);
    expect(frames.map(({ vitals }) => vitals?.spo2)).toEqual(
      readings.numerics?.values[3]?.map((value) => ({ value, unit: '%' })),
    );
    expect(span).toEqual({ messages: 20, firstMs: 0, lastMs: 19_000 });
  });

  it('is nothing where a segment does not have a signal', () => {
    const { frames, mapped, skipped } = readWhole(`${FOLDER}variable.hea`);
    expect(frames.map(({ atMs, waves = {} }) => [atMs, Object.keys(waves)])).toEqual([
      [72, ['ecg-ii', 'ecg-v']],
      [152, ['ecg-ii', 'abp']],
    ]);
    const counted = (index: number) => readings.variable?.values[index]?.filter((value) => value !== null).length;
    expect(mapped.map(({ from, values }) => [from, values])).toEqual([
      ['II', counted(0)],
      ['V', counted(1)],
      ['ABP', counted(2)],
    ]);
    expect(skipped).toEqual([]);
  });
});
