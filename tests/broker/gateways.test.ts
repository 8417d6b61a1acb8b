import { afterEach, expect, test } from 'vitest';
import type { MisplacedMessage } from '#contracts/ports/intake.ts';
import { eventually } from '../support/eventually.ts';
import { createFakeDirectory } from './support/fake-directory.ts';
import { connectBytes, openBroker, publishBytes, readToEnd, type TestBroker } from './support/test-broker.ts';

/** A gateway publishes for the devices that are listed under it, m1 and m2, and for no other. */

let station: TestBroker;

afterEach(() => station.close());

const closing = (client: { once: (event: 'close', listener: () => void) => unknown }): Promise<void> =>
  new Promise((resolve) => client.once('close', resolve));

test('a gateway publishes for each of its devices, in any channel, and each message is that of its device', async () => {
  station = await openBroker();
  const client = await station.join('g1');
  await client.publishAsync('ward/v1/icu/m1/vitals', 'a', { qos: 1 });
  await client.publishAsync('ward/v1/elsewhere/m2/waves', 'b', { qos: 2 });
  await client.publishAsync('ward/v1/icu/m2/status', 'c', { qos: 1, retain: true });
  expect(station.stored.map(({ device, via, channel, isRepeat }) => [device, via, channel, isRepeat])).toEqual([
    ['m1', 'g1', 'vitals', false],
    ['m2', 'g1', 'waves', false],
    ['m2', 'g1', 'status', true],
  ]);
  expect(station.links).toEqual(['+g1']);
});

test('a device may connect by itself beside its gateway, and neither ends the other', async () => {
  station = await openBroker();
  const gateway = await station.join('g1');
  const device = await station.join('m1');
  await gateway.publishAsync('ward/v1/icu/m1/vitals', 'a', { qos: 1 });
  await device.publishAsync('ward/v1/icu/m1/vitals', 'b', { qos: 1 });
  expect(station.stored.map(({ via }) => via)).toEqual(['g1', undefined]);
  expect([gateway.connected, device.connected]).toEqual([true, true]);
  gateway.stream.destroy();
  await eventually(() => expect(station.links).toEqual(['+g1', '+m1', '-g1']));
});

test('what it sends for a device of another is kept as refused, told at both, and its other devices go on', async () => {
  const refused: MisplacedMessage[] = [];
  station = await openBroker({
    sink: {
      refuse(message, settle) {
        refused.push(message);
        settle();
      },
    },
  });
  const client = await station.join('g1');
  await client.publishAsync('ward/v1/icu/m3/vitals', 'a', { qos: 1 });
  await client.publishAsync('ward/v1/icu/m1/vitals', 'b', { qos: 1 });
  expect(client.connected).toBe(true);
  expect(station.stored.map(({ device }) => device)).toEqual(['m1']);
  expect(refused).toMatchObject([
    { device: 'g1', via: 'g1', reason: 'topic-not-yours', detail: 'this is gateway g1, and m3 is not listed under it' },
  ]);
  const { ofDevice } = station.broker.refusals;
  for (const name of ['g1', 'm3']) {
    expect(ofDevice(name)).toMatchObject([{ reason: 'topic-not-listed', name: 'g1', count: 1 }]);
  }
  expect(await station.metric('wardwatch_mqtt_ignored_total{reason="topic-not-listed"}')).toBe(1);
});

test('what it sends to a topic of no device is kept as refused, and what begins with $ is passed over', async () => {
  const refused: MisplacedMessage[] = [];
  station = await openBroker({
    sink: {
      refuse(message, settle) {
        refused.push(message);
        settle();
      },
    },
  });
  const client = await station.join('g1');
  await client.publishAsync('$SYS/broker/connection/bridge/state', '1', { qos: 1, retain: true });
  await client.publishAsync('ward/v1/icu/m1', 'a', { qos: 1 });
  expect(client.connected).toBe(true);
  expect(refused.map(({ device, reason }) => [device, reason])).toEqual([['g1', 'topic-invalid']]);
  expect(station.broker.refusals.ofDevice('g1')).toMatchObject([{ reason: 'topic-reserved' }]);
});

test('a gateway hears nothing', async () => {
  station = await openBroker();
  const client = await station.join('g1');
  await expect(client.subscribeAsync('live/v1/#')).rejects.toThrow();
  await expect(client.subscribeAsync('ward/v1/#')).rejects.toThrow();
  expect(station.broker.refusals.ofDevice('g1')).toMatchObject([{ reason: 'subscription' }]);
});

test('when its list changes, the new list counts, and the connection goes on', async () => {
  const devices = createFakeDirectory();
  station = await openBroker({ directory: devices.directory });
  const client = await station.join('g1');
  devices.list(['m2', 'm3']);
  await client.publishAsync('ward/v1/icu/m3/vitals', 'a', { qos: 1 });
  await client.publishAsync('ward/v1/icu/m1/vitals', 'b', { qos: 1 });
  expect(station.stored.map(({ device }) => device)).toEqual(['m3']);
  expect(station.links).toEqual(['+g1']);
});

test.each([
  ['given another secret', 'another', 'ofDevice'],
  ['removed', undefined, 'ofOthers'],
] as const)('a gateway that is %s is cut off', async (_what, secret, where) => {
  const devices = createFakeDirectory();
  station = await openBroker({ directory: devices.directory });
  const client = await station.join('g1');
  await eventually(() => expect(station.links).toEqual(['+g1']));
  devices.change('g1', secret);
  await closing(client);
  expect(station.links).toEqual(['+g1', '-g1']);
  await eventually(() =>
    expect(station.broker.refusals[where]('g1')).toMatchObject([{ reason: 'credentials-changed', name: 'g1' }]),
  );
});

test('a gateway has one place, whatever its client ids, and others by ids that begin with its own', async () => {
  station = await openBroker();
  const first = await station.join('g1', { clientId: 'mosquitto-1' });
  const ended = closing(first);
  const second = await station.join('g1', { clientId: 'mosquitto-2' });
  await ended;
  const third = await station.join('g1', { clientId: 'g1:backlog' });
  expect([second.connected, third.connected]).toEqual([true, true]);
});

test('its Will is the status of the device in its topic', async () => {
  station = await openBroker();
  const socket = station.dial();
  socket.write(connectBytes({ name: 'g1', will: { topic: 'ward/v1/icu/m2/status', payload: 'gone' } }));
  await eventually(() => expect(station.links).toEqual(['+g1']));
  socket.destroy();
  await eventually(() => expect(station.links).toEqual(['+g1', '-g1']));
  expect(station.stored).toMatchObject([{ device: 'm2', via: 'g1', channel: 'status' }]);
});

test('what waits of one device holds up no other of the gateway, and each has its own share in hand', async () => {
  const begun: string[] = [];
  const settle: (() => void)[] = [];
  station = await openBroker({
    sink: {
      take({ device }, settled) {
        begun.push(device);
        settle.push(settled);
      },
    },
  });
  const socket = station.dial();
  socket.write(connectBytes({ name: 'g1' }));
  await eventually(() => expect(station.links).toEqual(['+g1']));
  const packets = Array.from({ length: 400 }, (_, count) => publishBytes('ward/v1/icu/m1/vitals', 'x', count + 1));
  socket.write(Buffer.concat([...packets, publishBytes('ward/v1/icu/m2/vitals', 'y', 401)]));
  await eventually(() => expect(begun.at(-1)).toBe('m2'));
  expect(begun.length).toBeLessThan(64);
  await eventually(() => {
    for (const one of settle.splice(0)) one();
    expect(begun).toHaveLength(401);
  });
});

test('a gateway with a wrong secret is refused, and that is told at its page', async () => {
  station = await openBroker();
  const socket = station.dial();
  socket.write(connectBytes({ name: 'g1', password: 'guess' }));
  expect([...(await readToEnd(socket))]).toEqual([0x20, 2, 0, 4]);
  await eventually(() =>
    expect(station.broker.refusals.ofDevice('g1')).toMatchObject([{ reason: 'bad-credentials', name: 'g1' }]),
  );
});
