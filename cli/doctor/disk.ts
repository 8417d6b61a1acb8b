import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from '#platform/config.ts';
import { errorCode } from '#platform/errors.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const GIB = 2 ** 30;
const inGib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;

/** Below this PostgreSQL and the journal cannot be relied on to write at all. */
const LEAST_FREE_BYTES = 0.25 * GIB;

/** The folder itself, or the nearest one above it that is there: where it would be made. */
const nearestExisting = async (folder: string): Promise<string> => {
  const there = await stat(folder).then(
    () => true,
    () => false,
  );
  return there || dirname(folder) === folder ? folder : nearestExisting(dirname(folder));
};

export const checkDataDir = async (dataDir: string): Promise<Finding> => {
  const folder = await nearestExisting(dataDir);
  try {
    if (!(await stat(folder)).isDirectory()) return fail('DATA_DIR', `${folder} is a file`, 'set DATA_DIR to a folder');
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    return fail(
      'DATA_DIR',
      `cannot write to ${folder} (${errorCode(error)})`,
      'let this user write there, or set DATA_DIR to another folder',
    );
  }
  return ok('DATA_DIR', folder === dataDir ? dataDir : `${dataDir}, made at the first start`);
};

export const checkDisk = async ({ dataDir, ingest: { journalMaxBytes } }: Config): Promise<Finding> => {
  const { bavail, bsize } = await statfs(await nearestExisting(dataDir));
  const freeBytes = bavail * bsize;
  const detail = `${inGib(freeBytes)} free`;
  if (freeBytes < LEAST_FREE_BYTES) return fail('disk', detail, 'free some space: nothing can be acknowledged without');
  // The journal must be able to grow to its bound with the database stopped, or the bound is not the one that was set.
  return freeBytes < journalMaxBytes + LEAST_FREE_BYTES
    ? warn('disk', detail, `free some space, or set JOURNAL_MAX_BYTES (${inGib(journalMaxBytes)}) lower`)
    : ok('disk', detail);
};
