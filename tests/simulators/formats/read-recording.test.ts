import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '#platform/errors.ts';
import { readRecording } from '../../../simulators/formats/read-recording.ts';

describe('the format of a recording', () => {
  let folder = '';
  const file = (name: string, text: string) => {
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

  it('is a clear error for a file that is not there', () => {
    expect(() => readRecording(join(folder, 'none.csv'))).toThrow(/none\.csv cannot be read/);
  });
});
