import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wardwatch } from './support/command.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'cli-dry-run-'));
  await writeFile(join(cwd, 'one.csv'), 'Time [s], HR, ABPMean [furlong]\n0,70,1\n1,71,\n');
  await writeFile(join(cwd, 'lead.hea'), 'lead 2 2 2\nlead.dat 80 1/mV 8 0 1 3 0 II\nlead.dat 80 1/uV 8 0 3 7 0 EEG\n');
  await writeFile(join(cwd, 'lead.dat'), Uint8Array.from([129, 131, 130, 132]));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

test('a dry run prints what each signal becomes, or why it is left out, without a station', async () => {
  const { code, stdout, stderr } = await wardwatch(['replay', 'one.csv', 'lead.hea', '--dry-run'], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n')).toEqual([
    'recording  signal             unit     values  becomes     left out because',
    'one        HR                          2       heart-rate',
    'one        ABPMean [furlong]  furlong  1                   in furlong, which is not convertible to mm[Hg]',
    'lead       II                 mV       2       ecg-ii',
    'lead       EEG                uV       2                   not a waveform of the catalogue; not a vital sign of the catalogue',
    'one: numerics CSV, 2 messages over 1.0 s',
    'lead: WFDB record, 1 messages over 0.0 s',
    '',
  ]);
});

test('a dry run as JSON has the same, and ends with 1 when nothing of a file can be sent', async () => {
  await writeFile(join(cwd, 'none.csv'), 'time,vital,value,unit\n0,etco2,5,furlong\n');
  const { code, stdout } = await wardwatch(['replay', 'one.csv', 'none.csv', '--dry-run', '--json'], { cwd });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject([
    { name: 'one', mapped: [{ from: 'HR', unit: null, to: 'heart-rate', values: 2 }], span: { messages: 2 } },
    { name: 'none', mapped: [], skipped: [{ from: 'etco2', unit: 'furlong', values: 1 }] },
  ]);
  expect(JSON.parse(stdout)[0]).not.toHaveProperty('frames');
});

test('a dry run of a damaged file says what to do in one line', async () => {
  await writeFile(join(cwd, 'lead.dat'), Uint8Array.from([129]));
  const { code, stdout, stderr } = await wardwatch(['replay', 'lead.hea', '--dry-run'], { cwd });
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: 'wardwatch: lead.hea: lead.dat ends after 0 of 2 samples: fetch it again\n',
  });
});
