import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { openBroker, packet, readToEnd } from './support/test-broker.ts';

/** Peers that have not said who they are cost little, and never the place of a bed. */

const releases = releaseAfterEach();
const open = async (...args: Parameters<typeof openBroker>) => {
  const station = await openBroker(...args);
  releases.push(station.close);
  return station;
};

const BOUNDS = { maxPacketBytes: 8 * 2 ** 20, maxConnections: 50, maxHeldBytes: 64 * 2 ** 20, maxKeepaliveMs: 60_000 };
const TOPIC = 'ward/v1/icu/m1/vitals';

test('a bed gets in and is acknowledged while thousands keep silent, and the station says that it can', async () => {
  const station = await open({ bounds: { ...BOUNDS, strangers: { maxStrangers: 100, maxOfOneAddress: 50 } } });
  const silent: Socket[] = [];
  for (let count = 0; count < 2_000; count++) {
    const socket = station.dial(`127.0.0.${1 + (count % 4)}`);
    silent.push(socket);
    if (count % 100 === 99) await once(socket, 'connect').catch(() => undefined);
  }
  const bed = await station.join('m1');
  await bed.publishAsync(TOPIC, '{}', { qos: 1 });
  expect(await station.metric('wardwatch_strangers')).toBeLessThanOrEqual(100);
  await eventually(() => expect(silent.filter(({ destroyed }) => !destroyed).length).toBeLessThanOrEqual(100));
  expect(station.broker.troubles()).toEqual([]);
  expect(station.broker.refusals.ofOthers()).toContainEqual(expect.objectContaining({ reason: 'no-connect' }));
  expect(bed.connected).toBe(true);
});

test('a CONNECT that announces more than it may need is not waited for', async () => {
  const station = await open({ bounds: BOUNDS });
  const closing = Array.from({ length: 100 }, () => {
    const socket = station.dial();
    // 8 MiB, of which it sends a little.
    socket.write(Buffer.concat([Buffer.from([0x10, 0x80, 0x80, 0x80, 0x04]), Buffer.alloc(1_000)]));
    return readToEnd(socket);
  });
  await Promise.all(closing);
  expect(await station.metric('wardwatch_mqtt_closed_total{reason="packet-too-large"}')).toBe(100);
});

test('a CONNECT that is too long is refused also when it comes in one piece', async () => {
  const station = await open({ bounds: BOUNDS });
  const socket = station.dial();
  socket.write(
    packet(0x10, Buffer.from([0, 4]), Buffer.from('MQTT'), Buffer.from([4, 2, 0, 60, 0, 0]), Buffer.alloc(20_000)),
  );
  expect(await readToEnd(socket)).toEqual(Buffer.alloc(0));
  expect(station.links).toEqual([]);
});

test('integrations, however many, leave room for devices', async () => {
  const station = await open({ bounds: { ...BOUNDS, maxConnections: 40 } });
  const joining = Array.from({ length: 40 }, (_, index) =>
    station.join(`token:${index}`, { token: `token ${index}` }).then(
      () => true,
      () => false,
    ),
  );
  const joined = (await Promise.all(joining)).filter((isIn) => isIn);
  expect(joined.length).toBeLessThan(20);
  for (let count = 0; count < 20; count++) await station.join(`m${count}`);
  await eventually(() => expect(station.links).toHaveLength(20));
});

test('that no device can connect is said, as soon as it is so, and no longer', async () => {
  const station = await open({ bounds: { ...BOUNDS, maxConnections: 1 } });
  const bed = await station.join('m1');
  expect(station.broker.troubles()).toEqual([expect.stringMatching(/all 1 places/)]);
  await bed.endAsync();
  await eventually(() => expect(station.broker.troubles()).toEqual([]));
});
