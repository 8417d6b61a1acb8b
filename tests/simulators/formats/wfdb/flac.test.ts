import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UserError } from '#platform/errors.ts';
import { decodeFlac } from '../../../../simulators/formats/flac/decode.ts';
import { createFolder } from '../../../../simulators/formats/folder.ts';
import { openWfdb } from '../../../../simulators/formats/wfdb/stretches.ts';
import { FOLDER } from '../../support/other-readings.ts';
import { readWhole } from '../../support/recordings.ts';

/** The sums and some of the samples that the Python package wfdb reads, by libsndfile: tests/fixtures/recordings/make.py. */
const Reading = z.object({
  file: z.string(),
  names: z.array(z.string()),
  units: z.array(z.string()),
  sums: z.array(z.number()),
  counts: z.array(z.number()),
  parts: z.array(z.tuple([z.number(), z.array(z.number().nullable())])),
});

const readings = readFileSync(`${FOLDER}flac-values.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => Reading.parse(JSON.parse(line)));

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

describe('a WFDB record that is compressed with FLAC has the values that another program reads from it', () => {
  it.each(readings.map((reading) => [reading.file, reading] as const))('%s', (name, expected) => {
    const path = `${FOLDER}${name}.hea`;
    const [stretch, ...others] = openWfdb(path, readFileSync(path, 'utf8'), createFolder(FOLDER));
    expect(others).toEqual([]);
    const signals = stretch?.signals ?? [];
    expect(signals.map((signal) => signal.name)).toEqual(expected.names);
    expect(signals.map(({ unit }) => unit)).toEqual(expected.units);
    for (const [index, signal] of signals.entries()) {
      const values = signal.read(0, stretch?.frames ?? 0);
      const present = values.filter((value) => value !== null);
      expect(present).toHaveLength(expected.counts[index] ?? -1);
      expect(sum(present)).toBeCloseTo(expected.sums[index] ?? Number.NaN, 4);
      for (const [place, all] of expected.parts) expect(values[place]).toBe(all[index]);
    }
  });

  it('has all depths, missing samples, and a block after the first', () => {
    expect(readings.map(({ file }) => file)).toEqual(['flac-508', 'flac-516', 'flac-524', 'flac-two']);
    for (const { parts } of readings) expect(parts.some(([place]) => place > 4_096)).toBe(true);
    expect(readings[0]?.parts.some(([, values]) => values.includes(null))).toBe(true);
  });
});

describe('what is sent of a compressed record', () => {
  it('is every sample', () => {
    const { frames } = readWhole(`${FOLDER}flac-516.hea`);
    const samples = frames.flatMap(({ waves }) => waves?.['ecg-ii']?.samples ?? []);
    expect(samples).toHaveLength(5_000);
    expect(samples[4_096]).toBe(readings[1]?.parts.find(([place]) => place === 4_096)?.[1][0]);
  });
});

describe('a damaged FLAC file', () => {
  const whole = readFileSync(`${FOLDER}flac-two.dat`);

  it('is refused by its digest, or by what is not FLAC in it, and never taken for a signal', () => {
    const expected = decodeFlac('whole', whole).channels;
    const change = fc.tuple(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(change, ([at, by]) => {
        const copy = Buffer.from(whole);
        copy[at] = (copy[at] ?? 0) ^ by;
        try {
          // What changes no sample, such as a comment or a check of a block, is no damage.
          expect(decodeFlac('copy', copy).channels).toEqual(expected);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is refused when it ends early, in words', () => {
    expect(() => decodeFlac('r.dat', whole.subarray(0, 3_000))).toThrow(
      'r.dat cannot be unpacked: the bits end early: it is damaged, fetch it again',
    );
    expect(() => decodeFlac('r.dat', Buffer.from('RIFF....'))).toThrow(/no fLaC at its head/);
  });
});
