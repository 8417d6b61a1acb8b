import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { wardwatch } from './support/command.ts';

const Findings = z.array(
  z.object({
    check: z.string(),
    status: z.enum(['ok', 'warn', 'fail']),
    detail: z.string(),
    remedy: z.string().optional(),
  }),
);

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'cli-doctor-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const anyPorts = { HTTP_PORT: '0', MQTT_PORT: '0' };

const examine = async (env: Record<string, string>) => {
  const { code, stdout, stderr } = await wardwatch(['doctor', '--json'], { cwd, env });
  expect(stderr).toBe('');
  const findings = Findings.parse(JSON.parse(stdout));
  return { code, findings, of: (check: string) => findings.find((finding) => finding.check === check) };
};

test('a machine where nothing is wrong gets 0, and nothing is made', async () => {
  const { code, findings, of } = await examine(anyPorts);
  expect(findings.filter(({ status }) => status === 'fail')).toEqual([]);
  expect(code).toBe(0);
  expect(of('station')).toMatchObject({ status: 'ok', detail: 'none is running here' });
  expect(await readdir(cwd)).toEqual([]);
});

test('what is not well comes with its remedy', async () => {
  await writeFile(join(cwd, 'file'), '');
  const { code, findings } = await examine({ ...anyPorts, DATA_DIR: 'file', DATABASE_URL: 'postgres://127.0.0.1:1/x' });
  expect(code).toBe(1);
  const unwell = findings.filter(({ status }) => status !== 'ok');
  expect(unwell.map(({ check }) => check)).toEqual(expect.arrayContaining(['DATA_DIR', 'database']));
  for (const { remedy } of unwell) expect(remedy).toBeTruthy();
});

test('a port that somebody else has is a failure, with the setting that changes it', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const { code, of } = await examine({ ...anyPorts, MQTT_PORT: port });
  other.close();
  expect(code).toBe(1);
  expect(of('MQTT_PORT')).toMatchObject({ status: 'fail', detail: `127.0.0.1:${port} is taken` });
  expect(of('MQTT_PORT')?.remedy).toContain('set MQTT_PORT to another port');
});

test('bad settings are the finding, and nothing else is tried', async () => {
  const { code, findings } = await examine({ HTTP_PORT: 'x' });
  expect(code).toBe(1);
  expect(findings.map(({ check, status }) => [check, status])).toEqual([
    ['Node', 'ok'],
    ['settings', 'fail'],
  ]);
});

test('a station.json that nobody answers for is told of', async () => {
  const station = {
    pid: 4711,
    http: 'http://127.0.0.1:1',
    mqtt: 'mqtt://127.0.0.1:1',
    startedAt: '2026-11-22T10:00:00.000Z',
  };
  await writeFile(join(cwd, 'station.json'), JSON.stringify(station));
  const { of } = await examine({ ...anyPorts, DATA_DIR: '.' });
  expect(of('station')).toMatchObject({ status: 'warn', detail: expect.stringContaining('pid 4711') });
});

test('for people it is an aligned table', async () => {
  const { stdout } = await wardwatch(['doctor'], { cwd, env: anyPorts });
  expect(stdout).toMatch(/^ +check +finding$/m);
  expect(stdout).toMatch(/^ok +Node +\d+/m);
});
