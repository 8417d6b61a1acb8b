import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';
import { provision } from '../../simulators/provision.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { openFullPipe } from '../support/full-pipe.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { createTestStation } from '../support/station.ts';

/** What the station says of itself is never waited for, and never ends it. */

const releases = releaseAfterEach();

const openFullDisk = () => {
  const writer = openSync('/dev/full', 'w');
  return { writer, close: () => closeSync(writer) };
};

test.each([
  ['a full disk', openFullDisk],
  ['a pipe that nobody reads', openFullPipe],
] as const)('a station whose log is %s stores, answers and stops as any other', async (_, openLog) => {
  const logFile = openLog();
  releases.push(logFile.close);
  const database = await createTestDatabase();
  releases.push(database.drop);
  const station = await createTestStation({
    databaseUrl: database.url,
    environment: { LOG_LEVEL: 'trace' },
    stderr: logFile.writer,
  });
  releases.push(station.dispose);
  const { http, mqtt } = await station.start();
  const secrets = await provision({
    stationUrl: http,
    token: await station.token('operator'),
    places: [{ unit: { id: 'icu', name: 'ICU' }, bed: { id: 'b1', label: '1' }, device: { id: 'm1', model: 'test' } }],
    since: Date.now() - 60_000,
  });
  const options = { username: 'm1', reconnectPeriod: 0, password: secrets.get('m1') ?? '' };
  for (let count = 0; count < 20; count++) {
    await expect(connectAsync(mqtt, { ...options, password: 'wrong' }, false)).rejects.toThrow();
  }
  const device = await connectAsync(mqtt, { ...options, clientId: 'm1' }, false);
  releases.push(() => device.endAsync(true));
  for (let value = 60; value < 80; value++) {
    const payload = JSON.stringify({ vitals: { 'heart-rate': value } });
    await device.publishAsync('ward/v1/icu/m1/vitals', payload, { qos: 1 });
  }
  if (openLog === openFullDisk) {
    const [, dropped] = /wardwatch_log_dropped_total (\d+)/.exec(await (await fetch(`${http}/metrics`)).text()) ?? [];
    expect(Number(dropped)).toBeGreaterThan(0);
    expect(JSON.stringify(await (await fetch(`${http}/health/ready`)).json())).toMatch(/the log cannot be written/);
  }
  expect(await station.terminate()).toBe(0);
});

test('a station whose standard output is a full disk goes on, and stops as any other', async () => {
  const database = await createTestDatabase();
  releases.push(database.drop);
  const folder = mkdtempSync(join(tmpdir(), 'wardwatch-full-'));
  releases.push(() => rmSync(folder, { recursive: true, force: true }));
  const full = openFullDisk();
  releases.push(full.close);
  const station = spawn(process.execPath, [join(process.cwd(), 'bin/wardwatch.js'), 'start'], {
    cwd: folder,
    stdio: ['ignore', full.writer, full.writer],
    env: { PATH: process.env.PATH, DATA_DIR: folder, DATABASE_URL: database.url, HTTP_PORT: '0', MQTT_PORT: '0' },
  });
  releases.push(() => station.kill('SIGKILL'));
  const exited = once(station, 'exit');
  const address = join(folder, 'station.json');
  await eventually(() => expect(existsSync(address)).toBe(true));
  const { http } = JSON.parse(readFileSync(address, 'utf8'));
  expect((await fetch(`${http}/health/live`)).status).toBe(200);
  station.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});
