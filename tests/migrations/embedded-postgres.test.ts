import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '#platform/errors.ts';
import { createLog } from '#platform/log.ts';
import { withClient } from '../../migrations/client.ts';
import { createEmbeddedPostgres } from '../../platform/embedded-postgres.ts';

const log = createLog({ level: 'silent' });
const FIXTURE = fileURLToPath(new URL('fixtures/embedded-station.ts', import.meta.url));

let dataDir: string;
let stops: (() => Promise<void>)[];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wardwatch-embedded-'));
  stops = [];
});
afterEach(async () => {
  for (const stop of stops) await stop();
  await rm(dataDir, { recursive: true });
});

const embedded = () => {
  const database = createEmbeddedPostgres({ dataDir, log });
  stops.push(() => database.stop());
  return database;
};

const pidFile = () => join(dataDir, 'postgres', 'postmaster.pid');
const serverPid = async (): Promise<number> => Number((await readFile(pidFile(), 'utf8')).split('\n')[0]);

/** One that is dead and not yet buried is not alive: who is its parent now may take a while for that. */
const isAlive = async (pid: number): Promise<boolean> => {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    return stat !== '' && !stat.includes(') Z ');
  }
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const writeRows = (url: string) =>
  withClient(url, (client) => client.query('create table kept as select generate_series(1, 1000) as n'));
const readRows = async (url: string) =>
  (await withClient(url, (client) => client.query('select count(*)::int as rows from kept'))).rows[0].rows;

/** Another process with the database of this test, as far as printing its URL. */
const otherStation = async (): Promise<{ process: ChildProcess; url: string }> => {
  const station = spawn(process.execPath, ['--import', 'tsx', FIXTURE, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(createInterface(station.stdout), 'line');
  return { process: station, url };
};

const kill = async (station: ChildProcess): Promise<void> => {
  const ended = once(station, 'exit');
  station.kill('SIGKILL');
  await ended;
};

test('it starts once, stops whole, and has its rows at the next start', async () => {
  const database = embedded();
  const [first, second] = await Promise.all([database.start(), database.start()]);
  expect(second).toEqual(first);
  expect(first.url).toContain(`@127.0.0.1:${first.port}/wardwatch`);
  await writeRows(first.url);
  const pid = await serverPid();
  await Promise.all([database.stop(), database.stop()]);
  expect(await isAlive(pid)).toBe(false);
  const again = await database.start();
  expect(await readRows(again.url)).toBe(1000);
});

test('what makes a commit durable is on, and text is UTF-8 in C order', async () => {
  const { url } = await embedded().start();
  const { rows } = await withClient(url, (client) =>
    client.query(`select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits,
      current_setting('full_page_writes') as pages, current_setting('listen_addresses') as address,
      pg_encoding_to_char(encoding) as encoding, datcollate as collation from pg_database where datname = 'wardwatch'`),
  );
  expect(rows).toEqual([
    { fsync: 'on', commits: 'on', pages: 'on', address: '127.0.0.1', encoding: 'UTF8', collation: 'C' },
  ]);
});

test('only who has the password gets in', async () => {
  const { url } = await embedded().start();
  const stranger = new URL(url);
  stranger.password = 'guess';
  await expect(withClient(stranger.href, (client) => client.query('select 1'))).rejects.toThrow('password');
});

test('after a kill -9 of the station the next start takes over the server that went on', async () => {
  const before = await otherStation();
  await writeRows(before.url);
  const pid = await serverPid();
  await kill(before.process);
  expect(await isAlive(pid)).toBe(true);

  const database = embedded();
  const { url } = await database.start();
  expect(url).toBe(before.url);
  expect(await serverPid()).toBe(pid);
  expect(await readRows(url)).toBe(1000);
  await database.stop();
  expect(await isAlive(pid)).toBe(false);
});

test('after a kill -9 of station and server the next start recovers what was committed', async () => {
  const before = await otherStation();
  await writeRows(before.url);
  const pid = await serverPid();
  await kill(before.process);
  process.kill(pid, 'SIGKILL');

  const { url } = await embedded().start();
  expect(await serverPid()).not.toBe(pid);
  expect(await readRows(url)).toBe(1000);
});

test('a server taken over from another station is brought back when it is killed', async () => {
  const before = await otherStation();
  await writeRows(before.url);
  await kill(before.process);
  const { url } = await embedded().start();
  const pid = await serverPid();
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => readRows(url).catch(() => 'away'), { timeout: 30_000 }).toBe(1000);
  expect(await serverPid()).not.toBe(pid);
});

test('a stale postmaster.pid whose number another process has now is no obstacle', async () => {
  const database = embedded();
  await writeRows((await database.start()).url);
  await database.stop();
  await writeFile(pidFile(), `${process.pid}\n${join(dataDir, 'postgres')}\n0\n5432\n\n127.0.0.1\n\nready\n`);

  const { url } = await database.start();
  expect(await serverPid()).not.toBe(process.pid);
  expect(await readRows(url)).toBe(1000);
});

test('a killed server comes back on the same port, with what was committed, and pools go on', async () => {
  const database = embedded();
  const { url } = await database.start();
  const pool = new pg.Pool({ connectionString: url });
  pool.on('error', () => undefined);
  stops.push(() => pool.end());
  await pool.query('create table kept as select generate_series(1, 1000) as n');

  for (let round = 0; round < 3; round++) {
    const pid = await serverPid();
    process.kill(pid, 'SIGKILL');
    await expect.poll(serverPid, { timeout: 30_000 }).not.toBe(pid);
    const rows = () => pool.query('select count(*)::int as rows from kept').then((result) => result.rows[0].rows);
    await expect.poll(() => rows().catch(() => 'away'), { timeout: 30_000 }).toBe(1000);
  }
});

test('stopped while it starts, it leaves nothing running and can start again', async () => {
  const database = embedded();
  const starting = database.start();
  await database.stop();
  const outcome = await starting.catch((error: unknown) => error);
  const pid = await serverPid().catch(() => 0);
  expect(pid > 0 && (await isAlive(pid))).toBe(false);
  expect(outcome).toBeInstanceOf(UserError);
  const { url } = await database.start();
  await writeRows(url);
  expect(await readRows(url)).toBe(1000);
});

test('a lost password is one line that says what to do, and no server stays behind', async () => {
  const database = embedded();
  await database.start();
  await database.stop();
  await rm(join(dataDir, 'secrets'), { recursive: true });
  const failure = await database.start().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UserError);
  expect(String(failure)).toMatch(/^UserError: .*password.*secrets.*$/);
  await expect(serverPid()).rejects.toThrow('ENOENT');
});

test('a folder that holds something else is one line that says what to do', async () => {
  const database = embedded();
  await database.start();
  await database.stop();
  await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '12\n');
  const failure = await database.start().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UserError);
  expect(String(failure)).toMatch(/^UserError: .*incompatible.*$/);
});
