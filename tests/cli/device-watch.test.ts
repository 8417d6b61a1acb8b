import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { createTestStation, type TestStation } from '../support/station.ts';
import { startCommand, wardwatch } from './support/command.ts';

/** `wardwatch device watch` beside a running station. */

const releases = releaseAfterEach();

let database: TestDatabase;
let station: TestStation;

beforeAll(async () => {
  database = await createTestDatabase();
  station = await createTestStation({ databaseUrl: database.url });
  await station.start();
});

afterAll(async () => {
  await station?.dispose();
  await database?.drop();
});

const Line = z.looseObject({ time: z.iso.datetime(), type: z.string() });
const Secret = z.looseObject({ secret: z.string() });

const addDevice = async (id: string, bed = ['--bed', `${id}-bed`]): Promise<string> => {
  const args = ['device', 'add', id, '--unit', 'ward-a', ...bed, '--create', '--json', '--data-dir', station.dataDir];
  return Secret.parse(JSON.parse((await wardwatch(args, { cwd: station.dataDir })).stdout)).secret;
};

const startWatching = (id: string, more: readonly string[] = []) => {
  const args = ['device', 'watch', id, '--json', '--data-dir', station.dataDir, ...more];
  const child = startCommand(args, { cwd: station.dataDir });
  releases.push(() => void child.kill('SIGKILL'));
  const lines: z.infer<typeof Line>[] = [];
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(Line.parse(JSON.parse(line))));
  const exited = once(child, 'exit');
  return { child, lines, exited, stderr: () => stderr, types: () => lines.map(({ type }) => type) };
};

const connectAs = async (username: string, password: string) => {
  const client = await connectAsync(station.addresses().mqtt, { username, password, reconnectPeriod: 0 }, false);
  releases.push(() => client.endAsync(true));
  return client;
};

test('whoever watches a device sees what it sends and what becomes of it, and Ctrl-C ends it with 0', async () => {
  const secret = await addDevice('m1');
  await expect(connectAs('m1', 'wrong')).rejects.toThrow(/password/);
  const watch = startWatching('m1');
  await eventually(() =>
    expect(watch.lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'placed', unit: 'ward-a', bed: 'm1-bed' }),
        expect.objectContaining({ type: 'unheard' }),
        expect.objectContaining({ type: 'following' }),
        expect.objectContaining({ type: 'refused', reason: 'bad-credentials', count: 1 }),
      ]),
    ),
  );

  const client = await connectAs('m1', secret);
  const topic = 'ward/v1/ward-a/m1/vitals';
  const send = (message: object) => client.publishAsync(topic, JSON.stringify(message), { qos: 1 });
  await send({ boot: 'b1', seq: 1, vitals: { 'heart-rate': 72, spo2: 970 } });
  await send({ boot: 'b1', seq: 3, vitals: { 'heart-rate': 73 } });
  await eventually(() =>
    expect(watch.lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'connected' }),
        expect.objectContaining({
          type: 'message',
          fate: expect.objectContaining({
            topic,
            vitals: [{ id: 'heart-rate', value: 72, unit: '/min' }],
            // A message so soon after the device was given its bed may have been measured before: that may be said too.
            faults: expect.arrayContaining([expect.objectContaining({ reason: 'value-implausible' })]),
          }),
        }),
        expect.objectContaining({ type: 'message', fate: expect.objectContaining({ seq: 3, refused: 0 }) }),
        expect.objectContaining({ type: 'missing', channel: 'vitals', fromSeq: 2, toSeq: 2 }),
      ]),
    ),
  );
  await send({ boot: 'b1', seq: 2, vitals: { 'heart-rate': 72 } });
  await eventually(() => expect(watch.types()).toContain('complete'));
  expect(watch.types().filter((type) => type === 'live' || type === 'rejected')).toEqual([]);
  await client.endAsync();
  await eventually(() => expect(watch.types()).toContain('disconnected'));

  watch.child.kill('SIGINT');
  expect(await watch.exited).toEqual([0, null]);
  expect(watch.stderr()).toBe('');
});

test('who may only look is told what is shown and what was rejected', async () => {
  const secret = await addDevice('m5');
  const viewer = await station.token('viewer');
  const watch = startWatching('m5', ['--token', viewer]);
  await eventually(() => expect(watch.types()).toContain('placed'));
  const client = await connectAs('m5', secret);
  const message = JSON.stringify({ time: Date.now(), vitals: { 'heart-rate': 72, spo2: 970 } });
  await client.publishAsync('ward/v1/ward-a/m5/vitals', message, { qos: 1 });
  await eventually(() => expect(watch.types()).toEqual(expect.arrayContaining(['live', 'rejected'])));
  expect(watch.types()).not.toContain('message');
});

test('a station that was killed is waited for, and what happens then is seen', async () => {
  const secret = await addDevice('m2');
  const watch = startWatching('m2');
  await eventually(() => expect(watch.types()).toContain('placed'));
  await station.kill();
  await eventually(() => expect(watch.types()).toContain('station-lost'));
  await station.start();
  await eventually(() => expect(watch.types()).toContain('station-back'));
  await connectAs('m2', secret);
  await eventually(() => expect(watch.types()).toContain('connected'));
  watch.child.kill('SIGTERM');
  expect(await watch.exited).toEqual([0, null]);
});

test('a device is followed to another unit, and is seen where its bed is', async () => {
  await addDevice('m3', []);
  const watch = startWatching('m3');
  const isPlaced = (place: object) =>
    eventually(() => expect(watch.lines).toContainEqual(expect.objectContaining({ type: 'placed', ...place })));
  await isPlaced({ unit: 'ward-a', bed: null });
  const headers = { authorization: `Bearer ${await station.token('operator')}`, 'content-type': 'application/json' };
  const change = async (method: string, path: string, body: object): Promise<void> => {
    const url = `${station.addresses().http}/api/v1/${path}`;
    const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
    expect({ path, ok: response.ok }).toEqual({ path, ok: true });
  };
  await change('PUT', 'units/ward-b', { name: 'B' });
  await change('PATCH', 'devices/m3', { unit: 'ward-b' });
  await isPlaced({ unit: 'ward-b', bed: null });
  await addDevice('m4');
  await change('PATCH', 'devices/m4', { unit: 'ward-b' });
  const other = startWatching('m4');
  await eventually(() =>
    expect(other.lines).toContainEqual(expect.objectContaining({ unit: 'ward-a', bed: 'm4-bed' })),
  );
  expect([...watch.types(), ...other.types()]).not.toContain('station-lost');
});

test('a device that nobody has registered is not watched', async () => {
  const args = ['device', 'watch', 'm99', '--data-dir', station.dataDir];
  const { code, stdout, stderr } = await wardwatch(args, { cwd: station.dataDir });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^wardwatch: the station refused to GET devices\/m99: [^\n]+\n$/);
});
