import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { createFakeDirectory } from './support/fake-directory.ts';
import { openBroker, type TestBroker } from './support/test-broker.ts';

let station: TestBroker;

afterEach(() => station.close());

const closing = (client: { once: (event: 'close', listener: () => void) => unknown }): Promise<void> =>
  new Promise((resolve) => client.once('close', resolve));

/** Opens a broker. `onAnswer` is called with each answer of the directory about a secret, before it is given. Returns how often it was asked. */
const openAsked = async (
  { directory }: ReturnType<typeof createFakeDirectory>,
  onAnswer: (times: number) => unknown,
): Promise<() => number> => {
  let asked = 0;
  station = await openBroker({
    directory: {
      ...directory,
      async checkSecret(device, secret) {
        const answer = await directory.checkSecret(device, secret);
        onAnswer(++asked);
        return answer;
      },
    },
  });
  return () => asked;
};

test('a device that is removed is let go, and is told of at its page', async () => {
  const devices = createFakeDirectory();
  station = await openBroker({ directory: devices.directory });
  const client = await station.join('m1');
  await eventually(() => expect(station.links).toEqual(['+m1']));
  devices.change('m1');
  await closing(client);
  expect(station.links).toEqual(['+m1', '-m1']);
  expect(station.broker.refusals.ofOthers()).toMatchObject([{ reason: 'credentials-changed', name: 'm1', count: 1 }]);
});

test('a device whose secret changes while it signs in is not let in', async () => {
  const devices = createFakeDirectory();
  const asked = await openAsked(devices, (times) => times === 1 && devices.change('m1', 'another'));
  await expect(station.join('m1')).rejects.toThrow();
  expect(asked()).toBe(2);
  expect(station.links).toEqual([]);
  expect(station.broker.refusals.ofDevice('m1')).toMatchObject([{ reason: 'bad-credentials', count: 1 }]);
});

test('a device that signs in while another is changed is asked about once more, and stays', async () => {
  const devices = createFakeDirectory();
  const asked = await openAsked(devices, (times) => times === 1 && devices.change('m2', 'another'));
  const client = await station.join('m1');
  await eventually(() => expect(station.links).toEqual(['+m1']));
  await client.publishAsync('ward/v1/icu/m1/vitals', 'payload', { qos: 1 });
  expect({ asked: asked(), stored: station.stored.length }).toEqual({ asked: 2, stored: 1 });
});

test('while devices are changed without end a device is let in, told at once, and asked about again', async () => {
  const devices = createFakeDirectory();
  const asked = await openAsked(devices, (times) => times <= 5 && devices.change('m2', `another ${times}`));
  const client = await station.join('m1');
  await client.publishAsync('ward/v1/icu/m1/vitals', 'payload', { qos: 1 });
  expect({ links: station.links, stored: station.stored.length }).toEqual({ links: ['+m1'], stored: 1 });
  await eventually(() => expect(asked()).toBe(6));
});

test('nobody is asked for a message, nor for a connection while nothing changes', async () => {
  const devices = createFakeDirectory();
  const asked = await openAsked(devices, () => undefined);
  const client = await station.join('m1');
  for (let count = 0; count < 10; count++) await client.publishAsync('ward/v1/icu/m1/vitals', 'payload', { qos: 1 });
  expect(asked()).toBe(1);
});

test('a broker that was stopped listens to the directory no more', async () => {
  const devices = createFakeDirectory();
  station = await openBroker({ directory: devices.directory });
  expect(devices.listeners()).toBe(1);
  await station.close();
  expect(devices.listeners()).toBe(0);
});
