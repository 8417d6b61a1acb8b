import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UserError } from '#platform/errors.ts';
import { inMemory as bytesOf } from '../../../../simulators/formats/bytes.ts';
import { readVitalFile } from '../../../../simulators/formats/vitaldb/packets.ts';
import { parseVital } from '../../../../simulators/formats/vitaldb/recording.ts';
import { FOLDER } from '../../support/other-readings.ts';
import { readWhole } from '../../support/recordings.ts';

/** What the Python package vitaldb reads from the files that it wrote: tests/fixtures/recordings/make.py. */
const Reading = z.object({
  file: z.string(),
  tracks: z.array(
    z.object({
      name: z.string(),
      unit: z.string(),
      rate: z.number(),
      records: z.array(z.tuple([z.number(), z.array(z.number().nullable())])),
    }),
  ),
});

const readings = readFileSync(`${FOLDER}vital-values.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => Reading.parse(JSON.parse(line)));

const unpacked = (name: string): Buffer => gunzipSync(readFileSync(`${FOLDER}${name}`));

describe('a VitalDB file has the values that another program reads from it', () => {
  it.each(readings.map((reading) => [reading.file, reading] as const))('%s', (name, { tracks: expected }) => {
    const { tracks, isCutShort } = readVitalFile(name, unpacked(name));
    expect(isCutShort).toBe(false);
    const measured = tracks.filter(({ kind }) => kind !== 'other');
    expect(measured.map((track) => track.name).sort()).toEqual(expected.map((track) => track.name).sort());
    for (const { name: of, unit, rate, records } of expected) {
      const ours = measured.find((track) => track.name === of);
      expect(ours).toMatchObject({ unit: unit || undefined, rate });
      const read = ours?.records.map(({ second, at, count }) => [
        second,
        Array.from({ length: count }, (_, place) => ours.read(at + place * ours.bytesPerValue)),
      ]);
      expect(read).toEqual(records);
    }
  });

  it('has waves of whole numbers and of floats, a gap, and numbers', () => {
    expect(readings.map(({ file }) => file)).toEqual(['packed.vital', 'plain.vital']);
    const [packed, plain] = readings.map(({ tracks }) => tracks.find(({ name }) => name === 'Monitor/ECG_II')?.records);
    expect(packed).toHaveLength(1);
    expect(packed?.[0]?.[1].filter((value) => value === null)).toHaveLength(300);
    expect(plain).toHaveLength(5);
  });
});

describe('what is sent of a VitalDB file', () => {
  it.each(['packed.vital', 'plain.vital'])('is each number at its moment and each wave in its seconds: %s', (name) => {
    const { frames, mapped, skipped, span } = readWhole(`${FOLDER}${name}`);
    expect(frames.map(({ atMs }) => atMs)).toEqual([
      0, 500, 1_000, 1_500, 2_000, 2_500, 4_000, 6_000, 6_500, 7_000, 7_500,
    ]);
    expect(span).toEqual({ messages: 11, firstMs: 0, lastMs: 7_500 });
    expect(frames[0]?.waves?.['ecg-ii']).toMatchObject({ rate: 100, unit: 'mV' });
    expect(frames[0]?.waves?.abp?.samples).toHaveLength(50);
    expect(frames[0]?.vitals).toMatchObject({ 'st-ii': { unit: 'mm' }, temperature: { unit: 'C' } });
    expect(mapped.map(({ from, unit, to, values }) => [from, unit, to, values]).sort()).toEqual(
      [
        ['Monitor/ECG_II', 'mV', 'ecg-ii', 500],
        ['Monitor/PLETH', null, 'pleth', 125],
        ['Monitor/ART', 'mmHg', 'abp', 250],
        ['Monitor/HR', '/min', 'heart-rate', 4],
        ['Monitor/PLETH_SPO2', '%', 'spo2', 4],
        ['Monitor/ST_II', 'mm', 'st-ii', 4],
        ['Monitor/BT', 'C', 'temperature', 4],
        ['Monitor/VENT_PIP', 'mbar', 'peak-pressure', 4],
      ].sort(),
    );
    expect(skipped.map(({ from, why, values }) => [from, why, values]).sort()).toEqual([
      ['Monitor/EEG1_WAV', 'not a waveform of the catalogue', 250],
      ['Monitor/EVENT', 'text, and not measured', 1],
    ]);
  });

  it('is what there is of a file that ends early, and that it does is said', () => {
    const { skipped } = parseVital({ path: 'x.vital', name: 'x' }, bytesOf(unpacked('plain.vital').subarray(0, -3)));
    expect(skipped.map(({ why }) => why)).toContain('the file ends within a packet: fetch it again');
    expect(() => readVitalFile('x.vital', Buffer.from('VITA'))).toThrow(UserError);
    expect(() => readVitalFile('x.vital', unpacked('plain.vital').subarray(0, 20))).toThrow(/ends within its header/);
  });

  it('is read or refused in words, whatever bytes there are', () => {
    const whole = unpacked('plain.vital');
    const change = fc.tuple(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), (changes) => {
        const copy = Buffer.from(whole);
        for (const [at, value] of changes) copy[at] = value;
        try {
          const { frames, span } = parseVital({ path: 'x.vital', name: 'x' }, bytesOf(copy));
          expect([...frames]).toHaveLength(span?.messages ?? 0);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});
