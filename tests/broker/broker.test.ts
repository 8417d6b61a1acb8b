import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeviceMessage, IntakeSink, MisplacedMessage } from '#contracts/ports/intake.ts';
import { systemClock } from '#platform/clock.ts';
import { createLog } from '#platform/log.ts';
import { TOKEN_USER } from '../../broker/auth.ts';
import { type Broker, createBroker } from '../../broker/broker.ts';
import { eventually } from '../support/eventually.ts';
import { endlessToken } from './support/endless-token.ts';
import { createFakeDirectory } from './support/fake-directory.ts';

const TOPIC = 'ward/v1/icu/m1/vitals';
const MAX_PACKET_BYTES = 100_000;
/** A message costs its payload and a KiB. */
const MAX_HELD_BYTES = 256 * 1_024;

type Held = { readonly publication: DeviceMessage; readonly store: () => void };

let broker: Broker;
let url: string;
let held: Held[];
let shown: DeviceMessage[];
let refused: MisplacedMessage[];
let links: string[];
let isHolding: boolean;
let devices: ReturnType<typeof createFakeDirectory>;
const clients: MqttClient[] = [];

const sink: IntakeSink = {
  take(publication, store) {
    held.push({ publication, store });
    if (!isHolding) store();
  },
  show: (publication) => shown.push(publication),
  refuse(publication, store) {
    refused.push(publication);
    store();
  },
  connected: (device) => links.push(`+${device}`),
  disconnected: (device) => links.push(`-${device}`),
  gatewayConnected: (gateway) => links.push(`+${gateway}`),
  gatewayDisconnected: (gateway) => links.push(`-${gateway}`),
};

beforeEach(async () => {
  held = [];
  shown = [];
  refused = [];
  links = [];
  isHolding = false;
  devices = createFakeDirectory();
  broker = createBroker({
    listeners: { host: '127.0.0.1', port: 0, tls: undefined },
    bounds: {
      maxPacketBytes: MAX_PACKET_BYTES,
      maxConnections: 20,
      maxHeldBytes: MAX_HELD_BYTES,
      maxKeepaliveMs: 60_000,
    },
    directory: devices.directory,
    checkToken: async () => endlessToken('nurse call'),
    clock: { ...systemClock, now: () => 1_000 },
    log: createLog({ level: 'silent' }),
    metrics: new Registry(),
  });
  url = `mqtt://127.0.0.1:${(await broker.start(sink)).port}`;
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true);
  await broker.stop();
});

const join = async (options: IClientOptions = {}): Promise<MqttClient> => {
  const client = await connectAsync(
    url,
    { clientId: 'm1', username: 'm1', password: 'secret', reconnectPeriod: 0, ...options },
    false,
  );
  client.on('error', () => undefined);
  clients.push(client);
  return client;
};

const closing = (client: MqttClient): Promise<void> => new Promise((resolve) => client.once('close', () => resolve()));

const nextMessage = (client: MqttClient): Promise<{ topic: string; payload: Buffer }> =>
  new Promise((resolve) => client.once('message', (topic, payload) => resolve({ topic, payload })));

test.each([1, 2] as const)(
  'at QoS %i the acknowledgement comes when the message is stored, not before',
  async (qos) => {
    isHolding = true;
    const client = await join();
    let acknowledged = false;
    const done = client.publishAsync(TOPIC, 'payload', { qos }).then(() => {
      acknowledged = true;
    });
    await eventually(() => expect(held).toHaveLength(1));
    // A round trip of another kind on the same connection: an acknowledgement would have come before its answer.
    await client.subscribeAsync('live/v1/x').catch(() => undefined);
    expect(acknowledged).toBe(false);
    held[0]?.store();
    await done;
    expect(held[0]?.publication).toMatchObject({ device: 'm1', channel: 'vitals', topic: TOPIC, receivedAt: 1_000 });
  },
);

test('one connection may have several messages on their way, acknowledged in any order', async () => {
  isHolding = true;
  const client = await join();
  const order: string[] = [];
  const all = ['a', 'b', 'c'].map((text) => client.publishAsync(TOPIC, text, { qos: 1 }).then(() => order.push(text)));
  await eventually(() => expect(held).toHaveLength(3));
  held[2]?.store();
  await all[2];
  held[0]?.store();
  held[1]?.store();
  await Promise.all(all);
  expect(order[0]).toBe('c');
});

test('a client that sends faster than we store is read no further than one chunk, and loses nothing', async () => {
  isHolding = true;
  const client = await join();
  const acknowledged = Array.from({ length: 1_000 }, () => client.publishAsync(TOPIC, Buffer.alloc(1_000), { qos: 1 }));
  await eventually(() => expect(held.length).toBeGreaterThan(0));
  // What was sent is long there: round trips of another connection give the broker every chance to read on.
  const other = await join({ clientId: 'm1:other' });
  for (let trip = 0; trip < 20; trip++) await other.subscribeAsync('x').catch(() => undefined);
  expect(held.length * 1_000).toBeLessThanOrEqual(2 * 64 * 1_024);
  isHolding = false;
  for (const { store } of held.slice()) store();
  await Promise.all(acknowledged);
  expect(held).toHaveLength(1_000);
});

test('past the whole that may be held, messages are not taken and their connection is closed', async () => {
  isHolding = true;
  const senders = await Promise.all(Array.from({ length: 10 }, (_, index) => join({ clientId: `m1:${index}` })));
  for (const sender of senders) {
    for (let sent = 0; sent < 3; sent++) sender.publish(TOPIC, Buffer.alloc(20_000), { qos: 1 }, () => undefined);
  }
  await eventually(() => expect(senders.some(({ connected }) => !connected)).toBe(true));
  expect(held.length * 20_000).toBeLessThanOrEqual(MAX_HELD_BYTES);
  // It was not taken, but it was seen.
  expect(shown[0]).toMatchObject({ device: 'm1', channel: 'vitals' });
});

test('a packet that claims to be huge closes its connection before it is read', async () => {
  const socket = connectTcp(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const cut = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  // A PUBLISH with the longest length that MQTT can say: 256 MB.
  socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0x00, 0x01, 0x61]));
  await cut;
  const client = await join();
  const closed = closing(client);
  client.publish(TOPIC, Buffer.alloc(MAX_PACKET_BYTES + 1), { qos: 1 }, () => undefined);
  await closed;
  expect(held).toEqual([]);
});

test('a Will is published as the device that left it, and a device that leaves is told once', async () => {
  const will = {
    topic: 'ward/v1/icu/m1/status',
    payload: Buffer.from('{"state":"offline"}'),
    qos: 1 as const,
    retain: true,
  };
  const client = await join({ will });
  client.stream.destroy();
  await eventually(() => expect(held.map(({ publication }) => publication.channel)).toEqual(['status']));
  await eventually(() => expect(links).toEqual(['+m1', '-m1']));
});

test.each([
  ['topic-invalid', 'ward/v1/icu/m1'],
  ['topic-invalid', 'vitals'],
])('a message that is %s on %s is acknowledged, kept, and costs its sender nothing', async (reason, topic) => {
  const client = await join();
  await client.publishAsync(topic, 'x', { qos: 1 });
  expect(refused).toMatchObject([{ reason, topic, device: 'm1' }]);
  expect(client.connected).toBe(true);
});

test('a device may name any unit in its topics, and is let in with its own name alone', async () => {
  const client = await join();
  for (const unit of ['icu', 'other']) await client.publishAsync(`ward/v1/${unit}/m1/vitals`, unit, { qos: 1 });
  expect(held.map(({ publication }) => publication.payload.toString())).toEqual(['icu', 'other']);
  expect(refused).toEqual([]);
});

test('it is told whether a message may have been sent long before it arrived', async () => {
  const client = await join();
  await client.publishAsync(TOPIC, 'new', { qos: 1 });
  await client.publishAsync(TOPIC, 'retained', { qos: 1, retain: true });
  await client.publishAsync(TOPIC, 'again', { qos: 1, dup: true });
  expect(held.map(({ publication }) => publication.isRepeat)).toEqual([false, true, true]);
});

test.each(['ward/v1/icu/m2/vitals', 'ward/v1/other/m2/vitals', 'a/b/c/d/e/f/g/h/i/j'])(
  'publishing to %s closes the connection',
  async (topic) => {
    const client = await join();
    const closed = closing(client);
    client.publish(topic, 'x', { qos: 1 }, () => undefined);
    await closed;
    expect(held).toEqual([]);
  },
);

test('a device may not subscribe, an integration only to what is live, and it hears every change', async () => {
  const device = await join();
  await expect(device.subscribeAsync('live/v1/#')).rejects.toThrow();
  const integration = await join({ clientId: 'token:nurse-call', username: TOKEN_USER, clean: false });
  await expect(integration.subscribeAsync('#')).rejects.toThrow();
  await expect(integration.subscribeAsync('ward/v1/#')).rejects.toThrow();
  await integration.subscribeAsync('live/v1/icu/#', { qos: 1 });
  const heard = nextMessage(integration);
  const frame = { type: 'vitals', unit: 'icu', seq: 1, epoch: 'e1', time: 1, beds: {} } as const;
  broker.announce({ frame, text: JSON.stringify(frame) });
  const { topic, payload } = await heard;
  expect(topic).toBe('live/v1/icu/vitals');
  expect(JSON.parse(String(payload))).toEqual(frame);
  const closed = closing(integration);
  integration.publish('live/v1/icu/vitals', 'forged', { qos: 1 }, () => undefined);
  await closed;
});

test('an integration that left a persistent session finds it again', async () => {
  const options = { clientId: 'token:nurse-call', username: TOKEN_USER, clean: false };
  const first = await join(options);
  await first.subscribeAsync('live/v1/icu/vitals');
  await first.endAsync();
  const again = await connectAsync(url, { ...options, password: 'secret', reconnectPeriod: 0, resubscribe: false });
  clients.push(again);
  const heard = nextMessage(again);
  const frame = { type: 'vitals', unit: 'icu', seq: 2, epoch: 'e1', time: 1, beds: {} } as const;
  const announcing = setInterval(() => broker.announce({ frame, text: JSON.stringify(frame) }), 10);
  const { topic } = await heard.finally(() => clearInterval(announcing));
  expect(topic).toBe('live/v1/icu/vitals');
});

test('more connections than are allowed are refused', async () => {
  const joinAs = (device: string) => join({ clientId: device, username: device });
  for (let count = 0; count < 20; count++) await joinAs(`m${count}`);
  await expect(joinAs('m20')).rejects.toThrow();
});

test('a device whose secret was changed is let go, the others are not', async () => {
  const other = await join({ clientId: 'm2', username: 'm2' });
  const client = await join();
  await eventually(() => expect(links).toEqual(['+m2', '+m1']));
  devices.change('m1', 'another');
  await closing(client);
  await other.publishAsync('ward/v1/icu/m2/vitals', 'payload', { qos: 1 });
  expect(links).toEqual(['+m2', '+m1', '-m1']);
});

test('one device cannot take the places of the others', async () => {
  for (let count = 0; count < 16; count++) await join({ clientId: `m1:${count}` });
  await expect(join({ clientId: 'm1:16' })).rejects.toThrow(/unavailable/);
  const other = await join({ clientId: 'm2', username: 'm2' });
  await other.publishAsync('ward/v1/icu/m2/vitals', 'payload', { qos: 1 });
  expect(links.filter((link) => link === '+m1')).toHaveLength(16);
});

test('a taken port is one clear line', async () => {
  const port = Number(new URL(url).port);
  const second = createBroker({
    listeners: { host: '127.0.0.1', port, tls: undefined },
    bounds: { maxPacketBytes: 1, maxConnections: 1, maxHeldBytes: 1, maxKeepaliveMs: 1 },
    directory: devices.directory,
    checkToken: async () => undefined,
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    metrics: new Registry(),
  });
  await expect(second.start(sink)).rejects.toThrow(new RegExp(`^port ${port} is taken: .*MQTT_PORT`));
  await second.stop();
});
