import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';
import { provision } from '../../simulators/provision.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { openScreen } from '../support/screen.ts';
import { createTestStation } from '../support/station.ts';

/** A station of 1,024 file descriptors, and more strangers than that on each of its ports. */

const releases = releaseAfterEach();

const MAX_DESCRIPTORS = 1_024;
const STRANGERS = 1_200;

const crowd = async (url: string): Promise<void> => {
  const { hostname, port } = new URL(url);
  for (let count = 0; count < STRANGERS; count++) {
    const socket: Socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    releases.push(() => socket.destroy());
    // The kernel answers for the station, but not for more than it may have waiting.
    if (count % 100 === 99) await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  }
};

test('beds and screens get in while strangers fill every port, and the station is ready', async () => {
  const database = await createTestDatabase();
  releases.push(database.drop);
  const station = await createTestStation({ databaseUrl: database.url, maxDescriptors: MAX_DESCRIPTORS });
  releases.push(station.dispose);
  const { http, mqtt } = await station.start();
  const secrets = await provision({
    stationUrl: http,
    token: await station.token('operator'),
    places: [{ unit: { id: 'icu', name: 'ICU' }, bed: { id: 'b1', label: '1' }, device: { id: 'm1', model: 'test' } }],
    since: Date.now() - 60_000,
  });
  await crowd(http);
  await crowd(mqtt);

  const device = await connectAsync(
    mqtt,
    { clientId: 'm1', username: 'm1', password: secrets.get('m1') ?? '', reconnectPeriod: 0 },
    false,
  );
  releases.push(() => device.endAsync(true));
  await device.publishAsync('ward/v1/icu/m1/vitals', JSON.stringify({ vitals: { spo2: 96 } }), { qos: 1 });
  const screen = await openScreen(station, { units: ['icu'] });
  releases.push(() => screen.close());
  await eventually(() => expect(JSON.stringify(screen.frames)).toContain('"spo2":{"value":96'));

  const ready = await fetch(`${http}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([200, expect.objectContaining({ status: 'ready' })]);
  const [, strangers] = /^wardwatch_strangers (\d+)/m.exec(await (await fetch(`${http}/metrics`)).text()) ?? [];
  expect(Number(strangers)).toBeLessThan(MAX_DESCRIPTORS / 4);
  expect(device.connected).toBe(true);
  // At its start it said that fewer can connect than the settings allow, and what to do about it.
  expect(station.output()).toContain('few file descriptors');
  expect(station.output()).toContain('docker run --ulimit nofile=8128:8128');
  expect(await station.terminate()).toBe(0);
});
