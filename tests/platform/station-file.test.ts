import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStationFile, removeStationFile, type StationInfo, writeStationFile } from '#platform/station-file.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'station-file-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const station: StationInfo = {
  pid: 4711,
  http: 'http://127.0.0.1:8080',
  mqtt: 'mqtt://127.0.0.1:1883',
  startedAt: '2026-11-22T10:00:00.000Z',
};

test('what was written is read back, and the last one counts', async () => {
  await writeStationFile(dataDir, station);
  await writeStationFile(dataDir, { ...station, pid: 4712, mqtts: 'mqtts://127.0.0.1:8883' });
  expect(await readStationFile(dataDir)).toEqual({ ...station, pid: 4712, mqtts: 'mqtts://127.0.0.1:8883' });
});

test('removing it twice is harmless, and then there is none', async () => {
  await writeStationFile(dataDir, station);
  await removeStationFile(dataDir);
  await removeStationFile(dataDir);
  expect(await readStationFile(dataDir)).toBeUndefined();
});

test.each(['{ "pid": 4711', '{ "pid": "4711" }', ''])('a file that reads %j is no station', async (content) => {
  await writeFile(join(dataDir, 'station.json'), content);
  expect(await readStationFile(dataDir)).toBeUndefined();
});

test('a folder that does not exist has no station', async () => {
  expect(await readStationFile(join(dataDir, 'nowhere'))).toBeUndefined();
});
