import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '#platform/errors.ts';
import { writeStationFile } from '#platform/station-file.ts';
import { createStationLock } from '#platform/station-lock.ts';

let dataDir: string;
let children: ChildProcess[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'station-lock-'));
  children = [];
});

afterEach(async () => {
  await Promise.all(children.map(killHard));
  await rm(dataDir, { recursive: true, force: true });
});

const killHard = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
};

/** Starts another process that tries to take the lock; resolves with it and its first word. */
const contender = async (folder: string) => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/platform/fixtures/lock-holder.ts', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [said] = await once(createInterface(child.stdout), 'line');
  return { child, said: String(said) };
};

test('a second station is refused, and told by whom and what to do', async () => {
  const first = createStationLock({ dataDir });
  await first.acquire();
  await writeStationFile(dataDir, {
    pid: 4711,
    http: 'http://127.0.0.1:8080',
    mqtt: 'mqtt://127.0.0.1:1883',
    startedAt: '2026-11-22T10:00:00.000Z',
  });
  await expect(createStationLock({ dataDir }).acquire()).rejects.toThrow(
    /already running on DATA_DIR .+ \(pid 4711, http:\/\/127\.0\.0\.1:8080\): stop it, or give/,
  );
  await first.release();
});

test('what was released can be taken again, by anyone, and leaves no socket', async () => {
  const first = createStationLock({ dataDir });
  await first.acquire();
  await first.acquire();
  await first.release();
  await first.release();
  const second = createStationLock({ dataDir });
  await second.acquire();
  await second.release();
  expect(await readdir(join(dataDir, 'lock'))).toEqual([]);
});

test('a holder killed with kill -9 leaves no lock behind', async () => {
  const { child, said } = await contender(dataDir);
  expect(said).toBe('held');
  const mine = createStationLock({ dataDir });
  await expect(mine.acquire()).rejects.toThrow(UserError);
  await killHard(child);
  await mine.acquire();
  expect(await readdir(join(dataDir, 'lock'))).toHaveLength(1);
  await mine.release();
});

test('of several that start at once over a dead one, exactly one gets it', async () => {
  const dead = await contender(dataDir);
  await killHard(dead.child);
  const words = (await Promise.all(Array.from({ length: 3 }, () => contender(dataDir)))).map(({ said }) => said);
  expect(words.filter((said) => said === 'held')).toHaveLength(1);
  expect(words.filter((said) => said.includes('already running'))).toHaveLength(2);
});

test('never two of many in one process, round after round', async () => {
  for (let round = 0; round < 5; round++) {
    const locks = Array.from({ length: 4 }, () => createStationLock({ dataDir }));
    const outcomes = await Promise.allSettled(locks.map((lock) => lock.acquire()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
    await Promise.all(locks.map((lock) => lock.release()));
  }
});

test('a folder whose path is too long for a socket is locked all the same', async () => {
  const deep = join(dataDir, 'x'.repeat(80), 'y'.repeat(80));
  const lock = createStationLock({ dataDir: deep });
  await lock.acquire();
  await expect(createStationLock({ dataDir: deep }).acquire()).rejects.toThrow('already running');
  await lock.release();
  expect(await readdir(join(deep, 'lock'))).toEqual([]);
});

test('a DATA_DIR that cannot be written is named with the remedy', async () => {
  const file = join(dataDir, 'file');
  await writeFile(file, '');
  await mkdir(join(dataDir, 'other'));
  await expect(createStationLock({ dataDir: join(file, 'data') }).acquire()).rejects.toThrow(
    /cannot write to DATA_DIR .+ \(ENOTDIR\): let this user write there, or set DATA_DIR/,
  );
});
