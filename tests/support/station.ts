import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Role } from '#contracts/roles.ts';
import { systemClock } from '#platform/clock.ts';
import { readOrCreateSecret } from '#platform/secrets.ts';
import { createTokens } from '#platform/tokens.ts';

/** A real station in a process of its own, which a test may kill. */

const PROGRAM = fileURLToPath(new URL('../../bin/wardwatch.js', import.meta.url));

const PROGRAM_WITH_CLOCK = fileURLToPath(new URL('station-at.ts', import.meta.url));

const Ready = z.object({ event: z.literal('ready'), http: z.url(), mqtt: z.url(), databaseLevel: z.string() });

export type Addresses = { readonly http: string; readonly mqtt: string; readonly databaseLevel: string };

export type TestStation = {
  readonly dataDir: string;
  /** Starts it, again with the same ports after a kill, and resolves when it says that it is ready. */
  readonly start: () => Promise<Addresses>;
  readonly addresses: () => Addresses;
  /** Ends it at once, as a power cut would. */
  readonly kill: () => Promise<void>;
  /** Ends it as an operator would. Resolves with its exit code. */
  readonly terminate: () => Promise<number | null>;
  /** Stops the process, and with it its sockets, without closing them. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  readonly isRunning: () => boolean;
  readonly token: (role: Role) => Promise<string>;
  /** What it wrote to standard error. */
  readonly output: () => string;
  /** Ends it if need be and removes its files. */
  readonly dispose: () => Promise<void>;
};

export const createTestStation = async ({
  databaseUrl,
  environment = {},
  clockShiftMs,
  stderr = 'pipe',
  maxDescriptors,
}: {
  /** Unset: a database of its own, embedded in its folder. */
  databaseUrl?: string;
  environment?: Readonly<Record<string, string>>;
  /** Its clock, from that of this machine. */
  clockShiftMs?: number;
  /** A descriptor for its log to go to; `output` is empty then. */
  stderr?: number | 'pipe';
  /** Files and connections that it may have open; unset: as many as we. */
  maxDescriptors?: number;
} = {}): Promise<TestStation> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'wardwatch-station-'));
  let child: ChildProcess | undefined;
  let known: Addresses | undefined;
  let output = '';

  const portOf = (url: string | undefined): string => (url ? new URL(url).port : '0');

  const start = async (): Promise<Addresses> => {
    const limit = maxDescriptors === undefined ? '' : `ulimit -n ${maxDescriptors}; `;
    const program =
      clockShiftMs === undefined
        ? [PROGRAM, 'start', '--json']
        : ['--import', import.meta.resolve('tsx'), PROGRAM_WITH_CLOCK];
    const started = spawn('sh', ['-c', `${limit}exec "$0" "$@"`, process.execPath, ...program], {
      cwd: dataDir,
      stdio: ['ignore', 'pipe', stderr],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        DATA_DIR: dataDir,
        HTTP_PORT: portOf(known?.http),
        MQTT_PORT: portOf(known?.mqtt),
        LOG_LEVEL: 'warn',
        ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
        ...(clockShiftMs === undefined ? {} : { CLOCK_SHIFT_MS: String(clockShiftMs) }),
        ...environment,
      },
    });
    child = started;
    started.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    const lines = createInterface({ input: started.stdout ?? Readable.from([]) });
    const ready = once(lines, 'line').then(([line]) => Ready.parse(JSON.parse(String(line))));
    const ended = once(started, 'exit').then(([code]) => {
      throw new Error(`the station ended with ${code} before it was ready: ${output.slice(-2_000)}`);
    });
    ended.catch(() => undefined);
    known = await Promise.race([ready, ended]);
    return known;
  };

  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return ending?.exitCode ?? null;
    const exited = once(ending, 'exit');
    ending.kill(signal);
    const [code] = await exited;
    return code;
  };

  return {
    dataDir,
    start,
    addresses() {
      if (!known) throw new Error('the station was never ready');
      return known;
    },
    async kill() {
      await end('SIGKILL');
    },
    terminate: () => end('SIGTERM'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    isRunning: () => child !== undefined && child.exitCode === null && child.signalCode === null,
    async token(role) {
      const tokens = createTokens({ key: await readOrCreateSecret(dataDir, 'token.key'), clock: systemClock });
      return await tokens.issue({ name: 'test', role, kind: 'access', expiresInMs: 3_600_000 });
    },
    output: () => output,
    async dispose() {
      child?.kill('SIGCONT');
      // An embedded database outlives a killed station: only an orderly end takes it along.
      if (!databaseUrl && !child) await start().catch(() => undefined);
      await end('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
