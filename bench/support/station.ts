import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Role } from '#contracts/roles.ts';
import { systemClock } from '#platform/clock.ts';
import { readOrCreateSecret } from '#platform/secrets.ts';
import { createTokens } from '#platform/tokens.ts';
import { type Metrics, parseMetrics } from './metrics.ts';

/** The station as anybody starts it, in a process and a DATA_DIR of its own. */
export type Station = {
  readonly pid: number;
  readonly http: string;
  readonly mqttPort: number;
  readonly liveUrl: string;
  readonly readyAfterMs: number;
  readonly token: (role: Role) => Promise<string>;
  readonly metrics: () => Promise<Metrics>;
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const Ready = z.object({ event: z.literal('ready'), http: z.url(), mqtt: z.url() });
const PROGRAM = fileURLToPath(new URL('../../bin/wardwatch.js', import.meta.url));
const LOG_FILE = 'station.log';
const HOUR_MS = 3_600_000;

export const createDataDir = async (): Promise<{ path: string; remove: () => Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), 'wardwatch-bench-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
};

/** The option of Node that `npm start` and the program's first line have. */
const YOUNG_SPACE = '--max-semi-space-size=64';

const environmentOf = (dataDir: string, databaseUrl: string) => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  // NODE_OPTIONS is handed on, to try what a flag of V8 does.
  NODE_OPTIONS: process.env.NODE_OPTIONS,
  HTTP_PORT: '0',
  MQTT_PORT: '0',
  DATA_DIR: dataDir,
  DATABASE_URL: databaseUrl,
  LOG_LEVEL: 'warn',
});

/**
 * Resolves when the station says that it is ready. `profileDir`: where it leaves a CPU profile when it stops. `settings`:
 * what of its settings is not as anybody has it.
 */
export const startStation = async ({
  dataDir,
  databaseUrl,
  profileDir,
  settings = {},
}: {
  dataDir: string;
  databaseUrl: string;
  profileDir?: string | undefined;
  settings?: Readonly<Record<string, string>>;
}): Promise<Station> => {
  const startedAt = performance.now();
  const profiling = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
  const stderr = await open(join(dataDir, LOG_FILE), 'a');
  const child = spawn(process.execPath, [YOUNG_SPACE, ...profiling, PROGRAM, 'start', '--json'], {
    // The station runs in its own folder, because a .env in the working directory would be read.
    cwd: dataDir,
    env: { ...environmentOf(dataDir, databaseUrl), ...settings },
    stdio: ['ignore', 'pipe', stderr.fd],
  });
  await stderr.close();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    const ready = await readReadyLine(child, ended);
    const readyAfterMs = performance.now() - startedAt;
    return {
      pid: child.pid ?? 0,
      http: ready.http,
      mqttPort: Number(new URL(ready.mqtt).port),
      liveUrl: `${ready.http.replace(/^http/, 'ws')}/api/v1/live`,
      readyAfterMs,
      async token(role) {
        const tokens = createTokens({ key: await readOrCreateSecret(dataDir, 'token.key'), clock: systemClock });
        return await tokens.issue({ name: 'bench', role, kind: 'access', expiresInMs: HOUR_MS });
      },
      metrics: async () => parseMetrics(await (await fetch(`${ready.http}/metrics`)).text()),
      async kill() {
        child.kill('SIGKILL');
        await ended;
      },
      async stop() {
        child.kill('SIGTERM');
        await ended;
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`the station did not start: ${await lastWords(dataDir)}`, { cause: error });
  }
};

/** The end of what the station said on standard error. */
export const lastWords = async (dataDir: string): Promise<string> => {
  const text = await readFile(join(dataDir, LOG_FILE), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return lines.slice(-3).join(' | ').slice(-1_000) || 'it said nothing';
};

const readReadyLine = async (child: ChildProcess, ended: Promise<void>): Promise<z.infer<typeof Ready>> => {
  if (!child.stdout) throw new Error('no output');
  const lines = createInterface({ input: child.stdout });
  const first = new Promise<string>((resolve) => lines.once('line', resolve));
  const line = await Promise.race([first, ended]);
  if (line === undefined) throw new Error('it ended');
  return Ready.parse(JSON.parse(line));
};
