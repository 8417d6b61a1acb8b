import { connectAsync, type MqttClient } from 'mqtt';
import { Registry } from 'prom-client';
import { systemClock } from '#platform/clock.ts';
import { createLog } from '#platform/log.ts';
import { createBroker } from '../../broker/broker.ts';
import { describeIntake, type IntakeDevice } from '../contracts/ports/intake.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { createFakeDirectory } from './support/fake-directory.ts';

const MAX_HELD_BYTES = 128 * 1_024;
const SECRET = 'secret';

const releases = releaseAfterEach();
let connections = 0;

const deviceOf = (client: MqttClient): IntakeDevice => {
  const ended = new Promise<void>((resolve) => client.once('close', () => resolve()));
  return {
    publish: (topic, payload, { isRetained = false } = {}) =>
      new Promise((resolve) => {
        client.publish(topic, payload, { qos: 1, retain: isRetained }, (error) => resolve(!error));
        void ended.then(() => resolve(false));
      }),
    leave: () => client.endAsync(),
    vanish: () => client.stream.destroy(),
  };
};

describeIntake('the broker of a station', async () => {
  const broker = createBroker({
    listeners: { host: '127.0.0.1', port: 0, tls: undefined },
    bounds: { maxPacketBytes: 100_000, maxConnections: 100, maxHeldBytes: MAX_HELD_BYTES, maxKeepaliveMs: 60_000 },
    directory: createFakeDirectory().directory,
    checkToken: async () => undefined,
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    metrics: new Registry(),
  });
  releases.push(broker.stop);
  let port = 0;

  const connect = async (username: string, password: string): Promise<IntakeDevice> => {
    const clientId = `${username}:${connections++}`;
    const options = { clientId, username, password, reconnectPeriod: 0 };
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, options, false);
    client.on('error', () => undefined);
    releases.push(() => void client.end(true));
    return deviceOf(client);
  };

  return {
    intake: {
      async start(sink) {
        ({ port } = await broker.start(sink));
      },
      stop: broker.stop,
    },
    moreThanItHolds: MAX_HELD_BYTES,
    connect: (device) => connect(device, SECRET),
    connectStranger: () => connect('stranger', 'guess'),
  };
});
