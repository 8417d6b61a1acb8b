import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStationLock } from '#platform/station-lock.ts';
import { wardwatch } from './support/command.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'cli-errors-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** What a person sees of an error that is theirs to mend: one line, exit code 1, nothing on standard output. */
const expectOneLine = (
  { code, stdout, stderr }: { code: number | null; stdout: string; stderr: string },
  line: RegExp,
) => {
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^wardwatch: [^\n]+\n$/);
  expect(stderr).toMatch(line);
};

test('bad settings are named all at once', async () => {
  const env = { HTTP_PORT: '80800', LATE_AFTER: 'soon', DATABASE_URL: 'mysql://db', TLS_CERT_FILE: 'cert.pem' };
  const outcome = await wardwatch(['start'], { cwd, env });
  for (const name of ['HTTP_PORT', 'LATE_AFTER', 'DATABASE_URL', 'TLS_KEY_FILE']) {
    expectOneLine(outcome, new RegExp(`bad settings, see \\.env\\.example: .*${name}`));
  }
});

test('settings come from .env, the environment wins over it, an option over both', async () => {
  await writeFile(join(cwd, '.env'), 'DATA_DIR=from-file\nHTTP_PORT=no\n');
  expectOneLine(await wardwatch(['token'], { cwd }), /HTTP_PORT/);
  const env = { HTTP_PORT: '0' };
  expectOneLine(await wardwatch(['token'], { cwd, env }), /from-file\/secrets/);
  expectOneLine(await wardwatch(['token'], { cwd, env: { ...env, DATA_DIR: 'from-env' } }), /from-env\/secrets/);
  const args = ['token', '--data-dir', 'from-option'];
  expectOneLine(await wardwatch(args, { cwd, env: { ...env, DATA_DIR: 'from-env' } }), /from-option\/secrets/);
});

test('a database that is not there is named without its password', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  await new Promise((resolve) => server.close(resolve));
  const env = { DATABASE_URL: `postgres://ward:hush@127.0.0.1:${port}/vitals` };
  const outcome = await wardwatch(['migrate'], { cwd, env });
  expectOneLine(outcome, new RegExp(`cannot reach the database at 127.0.0.1:${port}/vitals .+: start it, or correct`));
  expect(outcome.stderr).not.toContain('hush');
});

test('`migrate` without a database says what does it instead', async () => {
  expectOneLine(await wardwatch(['migrate'], { cwd }), /DATABASE_URL is not set: .+`wardwatch start`/);
});

test.each(['start', 'demo'])('`%s` says that DATA_DIR cannot be written', async (verb) => {
  await writeFile(join(cwd, 'file'), '');
  const args = [verb, '--data-dir', join(cwd, 'file')];
  const outcome = await wardwatch(args, { cwd, env: { HTTP_PORT: '0', MQTT_PORT: '0' } });
  expectOneLine(outcome, /file.* \(E[A-Z]+\): .*set DATA_DIR to /);
});

test('a second station on the same DATA_DIR is refused', async () => {
  const lock = createStationLock({ dataDir: cwd });
  await lock.acquire();
  const outcome = await wardwatch(['start', '--data-dir', cwd], { cwd, env: { HTTP_PORT: '0', MQTT_PORT: '0' } });
  await lock.release();
  expectOneLine(outcome, /already running on DATA_DIR .+: stop it, or give this one another DATA_DIR/);
});

test('`device list` without a running station says how to name one', async () => {
  expectOneLine(await wardwatch(['device', 'list'], { cwd }), /no station is running on .+ --url and --token/);
});

test('`token` where no station ever ran makes no key', async () => {
  expectOneLine(await wardwatch(['token'], { cwd }), /start a station on this folder first/);
  expect(await readdir(cwd)).toEqual([]);
});

test('a Node that is too old is told so before anything else is loaded', async () => {
  const old = join(cwd, 'old-node.cjs');
  await writeFile(old, `Object.defineProperty(process.versions, 'node', { value: '18.20.4' });`);
  const outcome = await wardwatch(['--version'], { cwd, nodeOptions: ['--require', old] });
  expectOneLine(outcome, /needs Node >= 20\.19, this is 18\.20\.4: install a newer one/);
});
