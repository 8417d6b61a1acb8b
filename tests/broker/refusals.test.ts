import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { AlarmFrame } from '#contracts/live.ts';
import { eventually } from '../support/eventually.ts';
import {
  connectBytes,
  openBroker,
  publishBytes,
  readToEnd,
  subscribeBytes,
  type TestBroker,
} from './support/test-broker.ts';

/** Who is not served is told so in MQTT's own words, and leaves a trace: counted, and kept by device. */

const CONNACK = 0x20;
const PUBACK = 0x40;
const TOPIC = 'ward/v1/icu/m1/vitals';

let station: TestBroker;
beforeEach(async () => {
  station = await openBroker();
});
afterEach(() => station.close());

const refusals = (device = 'm1') => station.broker.refusals.ofDevice(device);
const reasons = (device = 'm1') => refusals(device).map(({ reason }) => reason);
const closed = (reason: string) => station.metric(`wardwatch_mqtt_closed_total{reason="${reason}"}`);
const ignored = (reason: string) => station.metric(`wardwatch_mqtt_ignored_total{reason="${reason}"}`);

const answerTo = async (bytes: Buffer): Promise<number[]> => {
  const socket = station.dial();
  socket.write(bytes);
  return [...(await readToEnd(socket))];
};

describe('A keepalive that is legal is served', () => {
  it.each([0, 1, 60, 61, 600, 65_535])('as of %i seconds', async (keepaliveSeconds) => {
    const socket = station.dial();
    socket.write(connectBytes({ keepaliveSeconds }));
    const [answer] = await once(socket, 'data');
    expect([...answer]).toEqual([CONNACK, 2, 0, 0]);
    socket.write(publishBytes(TOPIC, '{}', 1));
    expect([...(await once(socket, 'data'))[0]]).toEqual([PUBACK, 2, 0, 1]);
    expect(refusals()).toEqual([]);
  });

  it.each([0, 600])(
    'of %i seconds, and a device that is silent for longer than ours is known to be gone',
    async (keepaliveSeconds) => {
      const impatient = await openBroker({
        bounds: { maxPacketBytes: 1_000, maxConnections: 10, maxHeldBytes: 100_000, maxKeepaliveMs: 1_000 },
      });
      try {
        const socket = impatient.dial();
        socket.write(connectBytes({ keepaliveSeconds }));
        expect([...(await readToEnd(socket))]).toEqual([CONNACK, 2, 0, 0]);
        expect(impatient.links).toEqual(['+m1', '-m1']);
        expect(impatient.broker.refusals.ofDevice('m1')).toMatchObject([{ reason: 'silent', count: 1 }]);
      } finally {
        await impatient.close();
      }
    },
  );
});

test.each([
  [2, [CONNACK, 2, 0, 1]],
  [5, [CONNACK, 3, 0, 0x84, 0]],
  [6, [CONNACK, 2, 0, 1]],
  [127, [CONNACK, 2, 0, 1]],
])('a device that speaks MQTT of protocol level %i is told that we do not', async (level, answer) => {
  expect(await answerTo(connectBytes({ level }))).toEqual(answer);
  expect(await closed('protocol-version')).toBe(1);
});

test('a device that speaks MQTT 5 is known by its name', async () => {
  await answerTo(connectBytes({ level: 5 }));
  expect(refusals()).toMatchObject([{ reason: 'protocol-version', address: '127.0.0.1', count: 1 }]);
  expect(refusals()[0]?.detail).toMatch(/MQTT 5/);
});

test('a wrong password and a client id without end are answered, counted, and kept with the device they name', async () => {
  expect(await answerTo(connectBytes({ password: 'wrong' }))).toEqual([CONNACK, 2, 0, 4]);
  expect(await answerTo(connectBytes({ password: 'wrong' }))).toEqual([CONNACK, 2, 0, 4]);
  expect(await answerTo(connectBytes({ clientId: 'm'.repeat(1_000) }))).toEqual([CONNACK, 2, 0, 2]);
  expect(refusals()).toMatchObject([
    { reason: 'client-id', name: 'm1', address: '127.0.0.1', count: 1 },
    { reason: 'bad-credentials', name: 'm1', address: '127.0.0.1', count: 2, firstAt: 1_000, lastAt: 1_000 },
  ]);
  expect(await closed('bad-credentials')).toBe(2);
});

test('unknown user names are kept apart, shortened, and not without end', async () => {
  await answerTo(connectBytes({ name: `x${'y'.repeat(5_000)}`, password: 'wrong' }));
  const [first] = station.broker.refusals.ofOthers();
  expect(first).toMatchObject({ reason: 'bad-credentials', count: 1 });
  expect(first?.name.length).toBe(200);
  for (let count = 0; count < 250; count++) await answerTo(connectBytes({ name: `x${count}`, password: 'wrong' }));
  expect(station.broker.refusals.ofOthers()).toHaveLength(200);
  expect(refusals()).toEqual([]);
});

test('what is no MQTT at all, and what comes before CONNECT, is kept by address', async () => {
  await answerTo(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
  await answerTo(publishBytes(TOPIC, '{}', 1));
  await eventually(() =>
    expect(station.broker.refusals.ofOthers()).toMatchObject([{ reason: 'bad-packet', name: '' }]),
  );
});

test('publishing to the topic of another device closes the connection and is kept', async () => {
  const socket = station.dial();
  socket.write(connectBytes());
  await once(socket, 'data');
  socket.write(publishBytes('ward/v1/icu/m2/vitals', '{}', 1));
  await readToEnd(socket);
  expect(reasons()).toEqual(['topic-of-another']);
});

test('a packet that is too large is kept', async () => {
  const socket = station.dial();
  socket.write(connectBytes());
  await once(socket, 'data');
  socket.write(Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f]));
  await readToEnd(socket);
  expect(reasons()).toEqual(['packet-too-large']);
});

test('a bridge of mosquitto with its defaults is served: its state is passed over, its readings are stored', async () => {
  const state = '$SYS/broker/connection/ward-bridge/state';
  const socket = station.dial();
  // Level 4 with the bridge bit, a Will about its own state, no clean session.
  socket.write(
    connectBytes({ level: 0x84, clientId: 'edge.ward-bridge', isClean: false, will: { topic: state, payload: '0' } }),
  );
  expect([...(await once(socket, 'data'))[0]]).toEqual([CONNACK, 2, 0, 0]);
  socket.write(publishBytes(state, '1', 1));
  expect([...(await once(socket, 'data'))[0]]).toEqual([PUBACK, 2, 0, 1]);
  socket.write(subscribeBytes('ward/v1/icu/m1/#', 2));
  expect([...(await once(socket, 'data'))[0]]).toEqual([0x90, 3, 0, 2, 0x80]);
  socket.write(publishBytes(TOPIC, '{"vitals":{}}', 3));
  expect([...(await once(socket, 'data'))[0]]).toEqual([PUBACK, 2, 0, 3]);
  expect(station.stored).toMatchObject([{ device: 'm1', topic: TOPIC }]);
  expect(reasons()).toEqual(['subscription', 'topic-reserved']);
  expect(await ignored('topic-reserved')).toBe(1);
  expect(station.links).toEqual(['+m1']);
  socket.destroy();
  await eventually(() => expect(station.links).toEqual(['+m1', '-m1']));
});

test.each([
  ['with one client id', () => 'monitor'],
  ['with a new client id each time', () => randomUUID()],
])(
  'of two devices with the same settings, %s, one is heard, the other is told, and both addresses are known',
  async (_, makeClientId) => {
    let connects = 0;
    let refused = 0;
    let isOver = false;
    const fight = async (localAddress: string) => {
      while (!isOver) {
        const socket = station.dial(localAddress);
        const answers = readToEnd(socket);
        socket.write(connectBytes({ clientId: makeClientId() }));
        const sending = setInterval(() => socket.write(publishBytes(TOPIC, '{}', 1)), 20);
        const [connack] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [undefined])]);
        if (connack?.[3] === 0) connects++;
        if (connack?.[3] === 2) refused++;
        await answers;
        clearInterval(sending);
      }
    };
    const fights = [fight('127.0.0.1'), fight('127.0.0.2')];
    await eventually(() => expect(refused).toBeGreaterThan(20));
    isOver = true;
    expect(connects).toBeLessThanOrEqual(6);
    const [entry] = refusals();
    expect(entry).toMatchObject({ reason: 'take-over' });
    expect(new Set([entry?.address, /127\.0\.0\.\d/.exec(entry?.detail ?? '')?.[0]])).toEqual(
      new Set(['127.0.0.1', '127.0.0.2']),
    );
    expect(await closed('take-over')).toBeGreaterThanOrEqual(refused);
    await station.close();
    await Promise.all(fights);
  },
);

const hearAlarm = async ({ broker }: TestBroker, client: MqttClient): Promise<{ topic: string }> => {
  const heard = new Promise<{ topic: string }>((resolve) => client.once('message', (topic) => resolve({ topic })));
  const frame: AlarmFrame = {
    type: 'alarm',
    unit: 'icu',
    seq: 1,
    epoch: 'e1',
    time: 1,
    bed: 'a',
    events: [],
    alarms: [],
    inactivations: [],
  };
  broker.announce({ frame, text: JSON.stringify(frame) });
  return await heard;
};

test('an integration cannot take the session of another by its client id', async () => {
  const victim = await station.join('token:nurse-call', { token: 'nurse call', clean: false });
  await victim.subscribeAsync('live/v1/icu/alarms', { qos: 1 });
  const other = await station.join('token:nurse-call', { token: 'research', clean: true });
  await other.subscribeAsync('live/v1/icu/vitals');
  expect(victim.connected).toBe(true);
  await victim.endAsync();
  await other.endAsync();
  const again = await station.join('token:nurse-call', { token: 'research', clean: true });
  await again.endAsync();
  const back = await station.join('token:nurse-call', { token: 'nurse call', clean: false, resubscribe: false });
  expect((await hearAlarm(station, back)).topic).toBe('live/v1/icu/alarms');
});

test('what one integration leaves waiting does not push out what another left', async () => {
  const bounded = await openBroker({
    bounds: {
      maxPacketBytes: 1_000,
      maxConnections: 50,
      maxHeldBytes: 100_000,
      maxKeepaliveMs: 60_000,
      sessions: { maxBytes: 100_000, maxAbsent: 3 },
    },
  });
  try {
    const leave = async (name: string, token: string) => {
      const client = await bounded.join(name, { token, clean: false });
      await client.subscribeAsync('live/v1/icu/alarms', { qos: 1 });
      await client.endAsync();
    };
    await leave('token:nurse-call', 'nurse call');
    for (let count = 0; count < 6; count++) await leave(`token:${count}`, 'research');
    const back = await bounded.join('token:nurse-call', { token: 'nurse call', clean: false, resubscribe: false });
    expect((await hearAlarm(bounded, back)).topic).toBe('live/v1/icu/alarms');
    expect(await bounded.metric('wardwatch_mqtt_sessions_ended_total{reason="too many"}')).toBe(4);
  } finally {
    await bounded.close();
  }
});

test('an integration holds so many topics and no more, and is told so by SUBACK', async () => {
  const bounded = await openBroker({
    bounds: {
      maxPacketBytes: 1_000,
      maxConnections: 9,
      maxHeldBytes: 9_000,
      maxKeepaliveMs: 9_000,
      maxSubscriptions: 10,
    },
  });
  try {
    const filters = Array.from({ length: 30 }, (_, index) => `live/v1/icu/waves/${index}`);
    const first = await bounded.join('token:a', { token: 'research', clean: false });
    const granted = async (client: typeof first, wanted: string[]) => {
      const acks: number[] = [];
      client.on('packetreceive', (received) => {
        if (received.cmd === 'suback') acks.push(...(received.granted as number[]));
      });
      await client.subscribeAsync(wanted).catch(() => undefined);
      return acks.filter((code) => code !== 128).length;
    };
    expect(await granted(first, filters)).toBe(10);
    const second = await bounded.join('token:b', { token: 'research' });
    expect(await granted(second, filters)).toBe(0);
    const other = await bounded.join('token:a', { token: 'nurse call' });
    expect(await granted(other, filters)).toBe(10);
    await first.unsubscribeAsync(filters);
    expect(await granted(second, filters)).toBe(10);
    expect(await bounded.metric('wardwatch_mqtt_ignored_total{reason="too-many-subscriptions"}')).toBeGreaterThan(0);
  } finally {
    await bounded.close();
  }
});
