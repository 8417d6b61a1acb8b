import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { eventually } from '../support/eventually.ts';
import { startCommand } from './support/command.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'cli-demo-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const Ready = z.object({ link: z.url(), http: z.url(), dataDir: z.string() });

test('the demo shows its beds to whoever opens the link, stops at Ctrl-C and leaves nothing outside its folder', async () => {
  const env = { HTTP_PORT: '0', MQTT_PORT: '0', HOME: join(cwd, 'home'), TMPDIR: join(cwd, 'tmp') };
  await Promise.all([mkdir(env.HOME), mkdir(env.TMPDIR)]);
  // A demo never touches a database of the ward's own, so this one need not exist.
  const ownDatabase = { DATABASE_URL: 'postgres://127.0.0.1:1/ward' };
  const args = ['demo', '--beds', '3', '--units', '1', '--json'];
  const demo = startCommand(args, { cwd, env: { ...env, ...ownDatabase } });
  demo.stderr.resume();
  const exited = once(demo, 'exit');
  const [line] = await once(createInterface(demo.stdout), 'line');
  const { link, http, dataDir } = Ready.parse(JSON.parse(String(line)));
  expect(dataDir).toBe(join(cwd, 'data', 'demo'));

  const signedIn = await fetch(link, { redirect: 'manual' });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const beds = await fetch(`${http}/api/v1/beds`, { headers: { cookie } });
  expect(await beds.json()).toHaveLength(3);

  demo.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
  await eventually(() => expect(fetch(`${http}/health/live`)).rejects.toThrow());
  expect((await readdir(cwd)).sort()).toEqual(['data', 'home', 'tmp']);
  expect([...(await readdir(env.HOME)), ...(await readdir(env.TMPDIR))]).toEqual([]);
});
