import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { connectAsync } from 'mqtt';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { DeviceMessage, IntakeSink } from '#contracts/ports/intake.ts';
import { systemClock } from '#platform/clock.ts';
import { createLog } from '#platform/log.ts';
import { type Broker, createBroker } from '../../broker/broker.ts';
import { eventually } from '../support/eventually.ts';
import { createFakeDirectory } from './support/fake-directory.ts';

const TOPIC = 'ward/v1/icu/m1/vitals';
const ignore = (): void => {};

let broker: Broker;
let socket: Socket;
let answers: Packet[];
let taken: DeviceMessage[];
let waiting: (() => void)[];
let isHolding: boolean;
let gone: string[];
let nowMs: number;
let afterTake: () => void;

const sink: IntakeSink = {
  take(message, settle) {
    taken.push(message);
    afterTake();
    if (isHolding) waiting.push(settle);
    else settle();
  },
  show: ignore,
  refuse: (_message, settle) => settle(),
  connected: ignore,
  disconnected: (device) => gone.push(device),
  gatewayConnected: ignore,
  gatewayDisconnected: ignore,
};

beforeEach(async () => {
  answers = [];
  taken = [];
  waiting = [];
  isHolding = false;
  gone = [];
  nowMs = 1_000;
  afterTake = ignore;
  broker = createBroker({
    listeners: { host: '127.0.0.1', port: 0, tls: undefined },
    bounds: { maxPacketBytes: 200_000, maxConnections: 20, maxHeldBytes: 2 ** 24, maxKeepaliveMs: 60_000 },
    directory: createFakeDirectory().directory,
    checkToken: async () => undefined,
    clock: { ...systemClock, now: () => nowMs },
    log: createLog({ level: 'silent' }),
    metrics: new Registry(),
  });
  const { port } = await broker.start(sink);
  socket = connect(port, '127.0.0.1');
  socket.on('error', ignore);
  const parser = mqttPacket.parser();
  parser.on('packet', (packet) => answers.push(packet));
  socket.on('data', (bytes) => parser.parse(bytes));
  await once(socket, 'connect');
  socket.setNoDelay(true);
  const username = 'm1';
  send({ cmd: 'connect', clientId: username, clean: true, keepalive: 60, username, password: Buffer.from('secret') });
  await eventually(() => expect(answers.splice(0)).toMatchObject([{ cmd: 'connack', returnCode: 0 }]));
});

afterEach(async () => {
  socket.destroy();
  await broker.stop();
});

const send = (packet: Packet): void => void socket.write(mqttPacket.generate(packet));

const publish = (messageId: number, payload: string | Buffer, more: Partial<Packet> = {}): Buffer =>
  mqttPacket.generate({
    ...{ cmd: 'publish', topic: TOPIC, payload, qos: 1, dup: false, retain: false, messageId },
    ...more,
  } as Packet);

/** Each piece is read by itself: the next is sent when the station has answered something of another connection. */
const sendInPieces = async (bytes: Buffer, pieceBytes: number): Promise<void> => {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    socket.write(bytes.subarray(at, at + pieceBytes));
    await new Promise((resolve) => setImmediate(resolve));
  }
};

const puback = (messageId: number) => expect.objectContaining({ cmd: 'puback', messageId });

test.each([1, 2, 3, 5, 17, 64, 1_000])(
  'packets that come in pieces of %i bytes are taken whole and in order, each acknowledged once',
  async (pieceBytes) => {
    const payloads = Array.from({ length: 30 }, (_, index) => `${index}:${'x'.repeat(index * 7)}`);
    const packets = payloads.map((payload, index) => publish(index + 1, payload));
    await sendInPieces(Buffer.concat(packets), pieceBytes);
    await eventually(() => expect(answers).toHaveLength(30));
    expect(taken.map(({ payload }) => payload.toString())).toEqual(payloads);
    expect(answers).toEqual(payloads.map((_, index) => puback(index + 1)));
  },
);

test('what goes through the lane and what goes through Aedes keep their order, in one piece and in many', async () => {
  const mixed = [
    publish(1, 'a'),
    publish(2, 'b', { qos: 2 }),
    mqttPacket.generate({ cmd: 'pingreq' }),
    publish(3, 'c'),
    publish(0, 'd', { qos: 0 }),
    publish(4, 'e'.repeat(100_000)),
    publish(5, 'f'),
  ];
  const order = ['a', 'b', 'c', 'd', 'e', 'f'];
  socket.write(Buffer.concat(mixed));
  await eventually(() => expect(taken.map(({ payload }) => payload.toString('utf8', 0, 1))).toEqual(order));
  await sendInPieces(Buffer.concat(mixed), 1_009);
  await eventually(() =>
    expect(taken.map(({ payload }) => payload.toString('utf8', 0, 1))).toEqual([...order, ...order]),
  );
  await eventually(() => expect(answers.filter(({ cmd }) => cmd === 'puback')).toHaveLength(8));
  expect(answers.filter(({ cmd }) => cmd === 'pingresp')).toHaveLength(2);
});

test('what may have been sent long before is told from what is new', async () => {
  socket.write(
    Buffer.concat([publish(1, 'new'), publish(2, 'again', { dup: true }), publish(3, 'kept', { retain: true })]),
  );
  await eventually(() => expect(taken.map(({ isRepeat }) => isRepeat)).toEqual([false, true, true]));
});

test('nothing is acknowledged before it is stored, and acknowledgements go out in the order in which they are free', async () => {
  isHolding = true;
  socket.write(Buffer.concat([publish(7, 'a'), publish(8, 'b'), mqttPacket.generate({ cmd: 'pingreq' })]));
  await eventually(() => expect(answers).toMatchObject([{ cmd: 'pingresp' }]));
  waiting[1]?.();
  waiting[0]?.();
  await eventually(() => expect(answers.slice(1)).toEqual([puback(8), puback(7)]));
});

test.each([
  ['of many of one device', Array.from({ length: 40 }, (_, index) => publish(index + 1, 'x')), 32],
  ['that is a backlog', [publish(1, 'x'), publish(2, Buffer.alloc(20_000))], 1],
])('a message %s is taken as of when its turn comes, not of when it came', async (_what, packets, atOnce) => {
  isHolding = true;
  // All of them are read by then, and the next turn has not begun.
  afterTake = () => {
    if (taken.length === atOnce) queueMicrotask(() => (nowMs = 2_000));
  };
  socket.write(Buffer.concat(packets));
  await eventually(() => expect(taken.length).toBeGreaterThanOrEqual(atOnce));
  for (const settle of waiting.splice(0)) settle();
  await eventually(() => expect(taken).toHaveLength(packets.length));
  expect(taken.map(({ receivedAt }) => receivedAt)).toEqual(
    packets.map((_packet, index) => (index < atOnce ? 1_000 : 2_000)),
  );
});

test.each([1, 2, 3])('a WebSocket that ends with %i messages on their way is known to have ended', async (count) => {
  isHolding = true;
  const server = createServer().listen(0, '127.0.0.1');
  const doors = new WebSocketServer({ server });
  doors.on('connection', (door, { socket: connection }) => broker.handleWebSocket(door, connection));
  await once(server, 'listening');
  const { port: httpPort } = server.address() as AddressInfo;
  const client = await connectAsync(`ws://127.0.0.1:${httpPort}`, {
    username: 'm2',
    password: 'secret',
    reconnectPeriod: 0,
  });
  client.on('error', ignore);
  for (let sent = 0; sent < count; sent++) client.publish('ward/v1/icu/m2/vitals', 'x', { qos: 1 }, ignore);
  await eventually(() => expect(taken).toHaveLength(count));
  const [door] = doors.clients;
  client.stream.destroy();
  await eventually(() => expect(door?.readyState).toBe(WebSocket.CLOSED));
  for (const settle of waiting) settle();
  await eventually(() => expect(gone).toEqual(['m2']));
  client.end(true);
  doors.close();
  server.close();
});

test.each([
  ['a topic with a wildcard', publish(1, 'x', { topic: TOPIC }).fill('+', 4, 5)],
  ['a length beyond four bytes', Buffer.from([0x32, 0xff, 0xff, 0xff, 0xff, 0x7f])],
])('a packet with %s ends its connection, and what was before it counts', async (_what, bad) => {
  const closed = once(socket, 'close');
  socket.write(Buffer.concat([publish(9, 'good'), bad]));
  await closed;
  expect(taken.map(({ payload }) => payload.toString())).toEqual(['good']);
});
