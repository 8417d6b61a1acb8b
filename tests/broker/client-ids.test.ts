import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { connectBytes, openBroker, publishBytes, readToEnd, type TestBroker } from './support/test-broker.ts';

/** A device may bring any client id, and has one place for all of them. No client id reaches beyond its owner. */

const CONNACK = 0x20;
const TOPIC = 'ward/v1/icu/m1/vitals';

let station: TestBroker;
beforeEach(async () => {
  station = await openBroker();
});
afterEach(() => station.close());

const url = () => `mqtt://127.0.0.1:${station.port}`;
const refusals = () => station.broker.refusals.ofDevice('m1');

const next = async (socket: Socket): Promise<number[]> => [...(await once(socket, 'data'))[0]];

const signIn = async (options: Parameters<typeof connectBytes>[0], localAddress?: string): Promise<Socket> => {
  const socket = station.dial(localAddress);
  socket.write(connectBytes(options));
  expect(await next(socket)).toEqual([CONNACK, 2, 0, 0]);
  return socket;
};

const answerTo = async (bytes: Buffer): Promise<number[]> => {
  const socket = station.dial();
  socket.write(bytes);
  return [...(await readToEnd(socket))];
};

describe('A device is let in by its name and secret, and stored under its name', () => {
  it.each(['', 'm1', 'm2', 'auto-8C1F', 'nodered_d1e', '$probe', '__proto__', 'aedes_1', 'ÄÖ 漢', 'x'.repeat(256)])(
    'with the client id "%s"',
    async (clientId) => {
      const socket = await signIn({ clientId });
      socket.write(publishBytes(TOPIC, '{}', 7));
      expect(await next(socket)).toEqual([0x40, 2, 0, 7]);
      expect(station.stored).toMatchObject([{ device: 'm1', topic: TOPIC }]);
      expect(refusals()).toEqual([]);
    },
  );

  it('as MQTT.js is when it is given nothing but those', async () => {
    const client = await connectAsync(url(), { username: 'm1', password: 'secret' }, false);
    await client.publishAsync(TOPIC, '{}', { qos: 1 });
    await client.endAsync();
    expect(station.stored).toMatchObject([{ device: 'm1' }]);
  });
});

test('a client id that cannot be served is answered, and its fault is kept', async () => {
  expect(await answerTo(connectBytes({ clientId: 'x'.repeat(257) }))).toEqual([CONNACK, 2, 0, 2]);
  expect(refusals()).toMatchObject([{ reason: 'client-id', detail: 'a client id of 257 characters, at most 256' }]);
  expect(await answerTo(connectBytes({ clientId: '', isClean: false }))).toEqual([CONNACK, 2, 0, 2]);
  expect(refusals()).toMatchObject([{ count: 2, detail: 'an empty client id needs a clean session' }]);
});

test('a device has one place, whatever client ids it brings, and more by client ids that begin with its own id', async () => {
  const first = await signIn({ clientId: 'made-up-1' });
  const ended = readToEnd(first);
  const second = await signIn({ clientId: 'made-up-2' });
  await ended;
  expect(station.links).toEqual(['+m1', '-m1', '+m1']);
  const beside = await signIn({ clientId: 'm1:waves' });
  for (const socket of [second, beside]) {
    socket.write(publishBytes(TOPIC, '{}', 1));
    expect(await next(socket)).toEqual([0x40, 2, 0, 1]);
  }
  expect(refusals()).toEqual([]);
});

/** What Aedes is given for the one place of m2: known to whoever reads the source. */
const PLACE_OF_M2 = '["device m2",""]';

test.each(['m2', 'm2:waves', PLACE_OF_M2, 'device m2 m2'])(
  'nobody ends the connection of a device by the client id %s',
  async (clientId) => {
    const victims = [await signIn({ name: 'm2' }), await signIn({ name: 'm2', clientId: 'm2:waves' })];
    expect(await answerTo(connectBytes({ name: 'm2', clientId, password: 'wrong' }))).toEqual([CONNACK, 2, 0, 4]);
    await signIn({ name: 'm1', clientId });
    const integration = await station.join(clientId, { token: 'research' });
    expect(integration.connected).toBe(true);
    for (const victim of victims) {
      victim.write(publishBytes('ward/v1/icu/m2/vitals', '{}', 1));
      expect(await next(victim)).toEqual([0x40, 2, 0, 1]);
    }
    expect(station.links).toEqual(['+m2', '+m2', '+m1']);
  },
);

test('that a place was taken from a device that was alive, from another address, is kept', async () => {
  await signIn({ clientId: 'made-up-1' }, '127.0.0.1');
  await signIn({ clientId: 'made-up-2' }, '127.0.0.1');
  expect(refusals()).toEqual([]);
  await signIn({ clientId: 'made-up-3' }, '127.0.0.2');
  await eventually(() =>
    expect(refusals()).toMatchObject([
      {
        reason: 'take-over',
        address: '127.0.0.1',
        detail: 'its place was taken from 127.0.0.2 with the client id made-up-3',
      },
    ]),
  );
});

test('an integration may bring any client id too, each of them a place of its own', async () => {
  const dashboard = await station.join('dashboard', { token: 'nurse call' });
  const pager = await station.join('pager', { token: 'nurse call' });
  await pager.subscribeAsync('live/v1/icu/alarms');
  expect([dashboard.connected, pager.connected]).toEqual([true, true]);
});

test('where the name of a token ends and its client id begins makes no difference to whose session it is', async () => {
  const victim = await station.join('x', { token: 'nurse call', clean: false });
  await victim.subscribeAsync('live/v1/icu/alarms', { qos: 1 });
  const other = await station.join('call x', { token: 'nurse', clean: false });
  await other.subscribeAsync('live/v1/icu/vitals');
  await victim.subscribeAsync('live/v1/icu/devices');
  expect(victim.connected).toBe(true);
});

describe('A client that speaks MQTT 5 is told so in its own words', () => {
  it('by MQTT.js', async () => {
    const connecting = connectAsync(
      url(),
      { protocolVersion: 5, username: 'm1', password: 'secret', reconnectPeriod: 0 },
      false,
    );
    await expect(connecting).rejects.toThrow('Connection refused: Unsupported Protocol Version');
    expect(refusals()).toMatchObject([{ reason: 'protocol-version', count: 1 }]);
  });

  it('and is connected as soon as it speaks MQTT 3.1.1', async () => {
    const client = await connectAsync(
      url(),
      { protocolVersion: 4, username: 'm1', password: 'secret', reconnectPeriod: 0 },
      false,
    );
    expect(client.connected).toBe(true);
    await client.endAsync();
  });
});
