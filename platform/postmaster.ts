import { spawn } from 'node:child_process';
import { open, readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep } from './backoff.ts';
import type { PostgresAccount } from './postgres-account.ts';
import { clusterSettings } from './postgres-cluster.ts';

/**
 * The server process of a data folder. It is not tied to ours: it must outlive a `kill -9` of the station and be found
 * by the next one, so everything is known from `postmaster.pid` and the process, never from being its parent.
 */
export type Postmaster = {
  /**
   * Waits for a server that runs already, in whatever state it is. Resolves with its port, or with undefined when there
   * is no server.
   */
  readonly adopt: (signal: AbortSignal) => Promise<number | undefined>;
  /** Resolves when the server takes connections. Rejects with the end of its output when it ends, or when aborted. */
  readonly launch: (port: number, signal: AbortSignal) => Promise<void>;
  readonly isRunning: () => Promise<boolean>;
  /** Fast: open transactions are rolled back. After some seconds immediate: the next start recovers. */
  readonly shutDown: () => Promise<void>;
};

type Server = { readonly pid: number; readonly isRunning: () => Promise<boolean> };

const POLL_MS = 20;
const FAST_SHUTDOWN_MS = 4_000;
const IMMEDIATE_SHUTDOWN_MS = 7_000;
const BACKENDS_END_MS = 10_000;
const MAX_LOG_BYTES = 2 ** 20;

/** Lines 1, 4 and 8 of postmaster.pid, see PostgreSQL's miscadmin.h. */
type PidFile = { readonly pid: number; readonly port: number; readonly isReady: boolean };

const readPidFile = async (folder: string): Promise<PidFile | undefined> => {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' } : undefined;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/**
 * Whether the process is a server on the folder: a server has it as its working directory. A process that got the same
 * number later has not, and neither has a zombie. On other systems than Linux it is enough that the process is alive.
 */
const isServerOf = async (pid: number, folder: string): Promise<boolean> =>
  process.platform === 'linux' ? worksIn(pid, await realpath(folder)) : isAlive(pid);

const worksIn = async (pid: number, realFolder: string): Promise<boolean> =>
  (await readlink(`/proc/${pid}/cwd`).catch(() => undefined)) === realFolder;

/**
 * Waits for the last backend of a killed server, which PostgreSQL would find in its way. Then a living owner of the
 * number in postmaster.pid is somebody else, whom PostgreSQL would take for a server: the file goes.
 */
const clearPredecessor = async (folder: string, signal: AbortSignal): Promise<void> => {
  const found = await readPidFile(folder);
  if (process.platform !== 'linux' || !found) return;
  const realFolder = await realpath(folder);
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    signal.throwIfAborted();
    const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
    const working = await Promise.all(pids.map((pid) => worksIn(pid, realFolder)));
    if (!working.includes(true)) break;
    if (waitedMs >= BACKENDS_END_MS)
      throw new Error(`could not start: processes of an earlier server are in ${folder}`);
    await sleep(POLL_MS, signal);
  }
  if (isAlive(found.pid)) await rm(join(folder, 'postmaster.pid'), { force: true });
};

export type PostmasterOptions = {
  readonly folder: string;
  readonly logFile: string;
  readonly binary: string;
  readonly account: PostgresAccount;
};

const spawnServer = async (
  { folder, binary, account }: PostmasterOptions,
  port: number,
  logFd: number,
): Promise<Server> => {
  const [program, args] = account.command(binary, ['-D', folder, ...clusterSettings(port)]);
  // Detached: Ctrl-C in our terminal must not end the database before what is acknowledged is in it.
  const child = spawn(program, args, { ...account.identity, detached: true, stdio: ['ignore', logFd, logFd] });
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} has no process id`);
  // We ask our own child: a server that has just begun does not work in the folder yet.
  return { pid, isRunning: async () => child.exitCode === null && child.signalCode === null };
};

/** Resolves when the server takes connections. Rejects with its last words when it ends before. */
const takesConnections = async (
  { pid, isRunning }: Server,
  folder: string,
  lastWords: () => Promise<string>,
  signal: AbortSignal,
): Promise<void> => {
  for (;;) {
    signal.throwIfAborted();
    const found = await readPidFile(folder);
    if (found?.pid === pid && found?.isReady) return;
    if (!(await isRunning())) throw new Error(await lastWords());
    await sleep(POLL_MS, signal);
  }
};

export const createPostmaster = (options: PostmasterOptions): Postmaster => {
  const { folder, logFile } = options;
  let server: Server | undefined;

  const isRunning = async () => server !== undefined && (await server.isRunning());

  const endsWithin = async (timeoutMs: number): Promise<boolean> => {
    for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += POLL_MS) {
      if (!(await isRunning())) return true;
      await sleep(POLL_MS);
    }
    return !(await isRunning());
  };

  const signalEnd = async (signal: NodeJS.Signals) => {
    if (server && (await isRunning())) process.kill(server.pid, signal);
  };

  return {
    async adopt(signal) {
      for (;;) {
        signal.throwIfAborted();
        const found = await readPidFile(folder);
        if (!found || !(await isServerOf(found.pid, folder))) return undefined;
        const { pid } = found;
        server = { pid, isRunning: () => isServerOf(pid, folder) };
        if (found.isReady) return found.port;
        await sleep(POLL_MS, signal);
      }
    },
    async launch(port, signal) {
      await clearPredecessor(folder, signal);
      const output = await openLog(logFile);
      try {
        const launched = await spawnServer(options, port, output.fd);
        server = launched;
        await takesConnections(launched, folder, output.lastWords, signal);
      } finally {
        await output.close();
      }
    },
    isRunning,
    async shutDown() {
      await signalEnd('SIGINT');
      if (await endsWithin(FAST_SHUTDOWN_MS)) return;
      await signalEnd('SIGQUIT');
      if (!(await endsWithin(IMMEDIATE_SHUTDOWN_MS))) throw new Error(`PostgreSQL (pid ${server?.pid}) does not end`);
    },
  };
};

/** The server writes to the file itself, so it can outlive us. `lastWords` is what this one wrote, as one line. */
const openLog = async (path: string) => {
  const file = await open(path, 'a+', 0o600);
  const { size } = await file.stat();
  const isFull = size > MAX_LOG_BYTES;
  if (isFull) await file.truncate();
  const start = isFull ? 0 : size;
  return {
    fd: file.fd,
    close: () => file.close(),
    async lastWords(): Promise<string> {
      const text = (await readFile(path)).subarray(start).toString('utf8');
      // The time and the process id that PostgreSQL puts in front are left out.
      const lines = text.split('\n').map((line) => line.replace(/^.* UTC \[\d+\] /, ''));
      const faults = lines.filter((line) => /FATAL|PANIC|error|could not/i.test(line));
      return faults.slice(-2).join('; ') || 'it said nothing';
    },
  };
};
