import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHistory, livelyQuarter, plant, START } from '../review/support/history.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createTestStation, type TestStation } from '../support/station.ts';
import { wardwatch } from './support/command.ts';

let database: TestDatabase;
let station: TestStation;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardwatch-alarms-'));
  database = await createTestDatabase();
  await livelyQuarter(await createHistory(database.pool, 'clean'));
  await livelyQuarter(await createHistory(database.pool, 'planted', 'hdu'));
  await plant(
    database.pool,
    `delete from alarm_events where bed_id = 'planted' and type = 'onset' and detail -> 'alarm' ->> 'kind' = 'heart-rate-low'`,
  );
});

afterAll(async () => {
  await station?.dispose();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

const at = (ms: number): string => new Date(ms).toISOString();
const RANGE = ['--from', at(START + 1), '--to', at(START + 880_000)];

const verify = (args: readonly string[], env: Record<string, string> = { DATABASE_URL: database.url }) =>
  wardwatch(['alarms', 'verify', ...args], { cwd: folder, env });

test('a clean bed has no difference, and exit code 0', async () => {
  const { code, stdout } = await verify(['--bed', 'clean', ...RANGE]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^clean: no difference; 1758 readings, \d+ events expected, \d+ announced, 2026-11-22 08:00/);
});

test('a planted difference is printed in words, with exit code 1, of the bed, its unit and of all', async () => {
  for (const choice of [['--bed', 'planted'], ['--unit', 'hdu'], ['--all']]) {
    const { code, stdout } = await verify([...choice, ...RANGE]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^planted {2}2026-11-22 08:01:4\d\.\d+ {2}not announced: heart-rate-low onset: low-limit/m);
  }
});

test('`--json` prints one value with every difference', async () => {
  const { code, stdout } = await verify(['--unit', 'hdu', '--json', ...RANGE]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    differences: 1,
    judged: 1,
    subjects: [{ subject: 'planted', differences: [{ what: 'missing' }] }],
  });
});

test.each([
  [[], 'name one of --bed, --unit and --all'],
  [['--bed', 'clean', '--all'], 'name one of --bed, --unit and --all'],
  [['--bed', 'clean', '--from', 'yesterday'], 'Expected a time like'],
  [['--bed', 'clean', '--from', at(START), '--to', at(START - 1)], '--from must be before --to'],
])('wrong use, %j, ends with 2', async (args, reason) => {
  const { code, stderr } = await verify(args);
  expect(code).toBe(2);
  expect(stderr).toContain(reason);
});

test('what cannot be judged ends with 3: a database that is away, a bed that is not there, a day of which nothing is stored', async () => {
  const away = await verify(['--all'], { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' });
  expect(away).toMatchObject({ code: 3, stdout: '' });
  expect(away.stderr).toContain('wardwatch: could not verify: ');
  expect((await verify(['--bed', 'nobody', ...RANGE])).code).toBe(3);
  const before = ['--from', at(START - 86_400_000), '--to', at(START - 3_600_000)];
  expect((await verify(['--bed', 'clean', ...before])).code).toBe(3);
});

test('what-if and burden ask a running station', async () => {
  station = await createTestStation({ databaseUrl: database.url });
  await station.start();
  const ask = (...args: string[]) => wardwatch(['alarms', ...args, '--data-dir', station.dataDir], { cwd: folder });
  const burden = await ask('burden', '--from', at(START), '--to', at(START + 900_000), '--unit', 'icu');
  expect(burden).toMatchObject({ code: 0, stdout: expect.stringContaining('icu: time in flood') });
  const whatIf = await ask('what-if', '--bed', 'clean', '--hours', '1', '--set', 'spo2.low=88', '--json');
  expect(whatIf.code).toBe(0);
  expect(JSON.parse(whatIf.stdout)).toMatchObject({ before: { alarms: expect.any(Number) }, silenced: [] });
  const nonsense = await ask('what-if', '--bed', 'clean', '--set', 'spo2.low=70');
  expect(nonsense.code).toBe(1);
  expect(nonsense.stderr).toContain('extremeLow 80 must not be above low 70');
});

test.each([
  [['--bed', 'clean', '--set', 'spo2.lowest=88'], 'spo2.lowest'],
  [['--bed', 'clean', '--set', 'spo2.low=little'], 'Expected a number'],
  [['--bed', 'clean'], "required option '--set <setting=value>' not specified"],
  [['--set', 'spo2.low=88'], 'name one of --bed and --unit'],
])('a what-if with %j is wrong use', async (args, reason) => {
  const { code, stderr } = await wardwatch(['alarms', 'what-if', ...args], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toContain(reason);
});
