import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '#platform/errors.ts';
import { readRecording } from '../../../simulators/formats/read-recording.ts';
import { readWhole } from '../support/recordings.ts';

describe('the format of a recording', () => {
  let folder = '';
  const file = (name: string, text: string | Uint8Array) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wardwatch-formats-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['numerics CSV', 'Time [s], HR, PULSE, RESP, SpO2\n0,1,2,3,4\n'],
    ['numerics CSV', 'time_s,HR [bpm],RESP [pm]\n0,1,2\n'],
    ['signals CSV', 'Time [s], RESP, PLETH, V, AVR, II\n0,1,2,3,4,5\n0.008,1,2,3,4,5\n'],
    ['long CSV', 'vital,time,value\nspo2,0,97\n'],
  ])('is found by content: %s', (format, text) => {
    expect(readRecording(file('anything.txt', text)).format).toBe(format);
  });

  it('is told for an unknown file, with all the formats there are', () => {
    const path = file('notes.csv', 'some,other,table\n1,2,3\n');
    expect(() => readRecording(path)).toThrow(UserError);
    expect(() => readRecording(path)).toThrow(/numerics CSV.*signals CSV.*long CSV.*WFDB record/);
  });

  it('is found in a compressed file, whatever its name is', () => {
    const packed = gzipSync('Time [s], HR\n0,70\n');
    for (const name of ['packed.csv.gz', 'packed.csv']) {
      expect(readRecording(file(name, packed))).toMatchObject({
        name: 'packed',
        format: 'numerics CSV',
        frames: [{ atMs: 0, vitals: { 'heart-rate': 70 } }],
      });
    }
  });

  it('is found in a WFDB record of which header, samples or both are compressed', () => {
    const header = 'r 1 1 2\nr.dat 80 1/mV 8 0 1 3 0 II\n';
    const samples = Uint8Array.from([129, 130]);
    for (const [heads, data] of [
      ['plain.hea', 'r.dat.gz'],
      ['packed.hea.gz', 'r.dat.gz'],
    ] as const) {
      const path = file(heads, heads.endsWith('.gz') ? gzipSync(header) : header);
      file(data, gzipSync(samples));
      const { name, frames } = readWhole(path);
      expect(name).toBe(heads.split('.')[0]);
      expect(frames.map(({ waves }) => waves?.['ecg-ii']?.samples)).toEqual([[1], [2]]);
    }
    // Named by its samples, or without an ending.
    file('r.hea.gz', gzipSync(header));
    expect(readRecording(join(folder, 'r.dat.gz')).format).toBe('WFDB record');
    expect(readRecording(join(folder, 'r')).format).toBe('WFDB record');
  });

  it('is a clear error for a damaged or endless compressed file', () => {
    const packed = gzipSync('Time [s], HR\n0,70\n');
    const cut = file('cut.csv.gz', packed.subarray(0, packed.length - 6));
    expect(() => readRecording(cut)).toThrow(/cut\.csv\.gz cannot be unpacked: .*it is damaged, fetch it again/);
    expect(() => readRecording(folder)).toThrow('is not a file');
  });

  it('is a clear error for a record whose samples are not there', () => {
    const path = file('alone.hea', 'alone 1 1 2\nmissing.dat 80 1/mV 8 0 1 3 0 II\n');
    expect(() => readRecording(path)).toThrow(/missing\.dat cannot be read: .*no such file/);
  });

  it('is a clear error for a file that is not there', () => {
    expect(() => readRecording(join(folder, 'none.csv'))).toThrow(/none\.csv cannot be read/);
  });
});
