import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backoffDelayMs, sleep } from './backoff.ts';
import { errorCode, UserError } from './errors.ts';
import { readStationFile } from './station-file.ts';

/**
 * One station at a time on a DATA_DIR, without a lock that outlives its holder.
 *
 * Each contender listens on a socket of its own in DATA_DIR/lock and holds the lock when it then finds no other live
 * socket there. The kernel closes a dead process's socket, so `kill -9` leaves a file that refuses connections and that
 * anyone may remove: names are random and never used twice, so what was dead once is never somebody's living lock.
 *
 * Two at once: both listen before they look, so at least one sees the other and steps back. When both do, they try
 * again after waits of different length. A contender caught between bind and listen looks dead and loses its file;
 * it finds that out by not finding itself.
 */
export type StationLock = {
  /** Throws a UserError that names the remedy when another station has it, or DATA_DIR cannot be written. */
  readonly acquire: () => Promise<void>;
  readonly release: () => Promise<void>;
};

/** Seven tries take about a second: enough for a station that is just closing, short enough for a person. */
const TRIES = 7;
const RETRY = { firstMs: 25, maxMs: 300 };

/** A socket's path is limited to 107 bytes on Linux and 103 on macOS. */
const MAX_SOCKET_PATH_BYTES = 103;

/** Hands over a path that is short enough for a socket: the folder's own, or one through a passing symbolic link. */
const withSocketPath = async <T>(folder: string, name: string, use: (path: string) => Promise<T>): Promise<T> => {
  const path = join(folder, name);
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return use(path);
  const passage = await mkdtemp(join(tmpdir(), 'wardwatch-'));
  try {
    await symlink(folder, join(passage, 'd'));
    return await use(join(passage, 'd', name));
  } finally {
    await rm(passage, { recursive: true, force: true });
  }
};

const listen = (path: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    // Unreferenced: a start that fails elsewhere must be able to end the process.
    server.listen(path, () => resolve(server.unref()));
  });

/** The holder is gone only if the connection is refused or the file is not there. */
const isLive = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    const settle = (live: boolean) => {
      socket.destroy();
      resolve(live);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', (error) => settle(!['ECONNREFUSED', 'ENOENT'].includes(errorCode(error) ?? '')));
  });

const explain = (error: unknown, dataDir: string): unknown => {
  const code = errorCode(error);
  if (code === undefined) return error;
  return ['EOPNOTSUPP', 'ENOTSUP', 'EINVAL'].includes(code)
    ? new UserError(`DATA_DIR ${dataDir} cannot hold a socket (${code}): put it on a local disk`, { cause: error })
    : new UserError(
        `cannot write to DATA_DIR ${dataDir} (${code}): let this user write there, or set DATA_DIR to another folder`,
        { cause: error },
      );
};

export const createStationLock = ({ dataDir }: { dataDir: string }): StationLock => {
  const folder = join(dataDir, 'lock');
  let held: { server: Server; name: string } | undefined;

  const withdraw = async ({ server, name }: { server: Server; name: string }) => {
    await rm(join(folder, name), { force: true });
    await new Promise((resolve) => server.close(resolve));
  };

  const isAlone = async (name: string): Promise<boolean> => {
    const names = await readdir(folder);
    for (const other of names.filter((entry) => entry !== name)) {
      if (await withSocketPath(folder, other, isLive)) return false;
      await rm(join(folder, other), { force: true });
    }
    return names.includes(name);
  };

  const claim = async (): Promise<boolean> => {
    const name = randomBytes(8).toString('hex');
    const server = await withSocketPath(folder, name, listen);
    try {
      if (await isAlone(name)) held = { server, name };
    } finally {
      if (!held) await withdraw({ server, name });
    }
    return held !== undefined;
  };

  const refusal = async (): Promise<UserError> => {
    const station = await readStationFile(dataDir);
    const where = station ? ` (pid ${station.pid}, ${station.http})` : '';
    return new UserError(
      `a station is already running on DATA_DIR ${dataDir}${where}: stop it, or give this one another DATA_DIR`,
    );
  };

  return {
    async acquire() {
      if (held) return;
      try {
        await mkdir(folder, { recursive: true });
        for (let attempt = 0; attempt < TRIES; attempt++) {
          if (await claim()) return;
          await sleep(backoffDelayMs(RETRY, attempt, Math.random));
        }
      } catch (error) {
        throw explain(error, dataDir);
      }
      throw await refusal();
    },
    async release() {
      const holding = held;
      held = undefined;
      if (holding) await withdraw(holding);
    },
  };
};
