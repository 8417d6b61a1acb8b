import { connect as connectTcp, type Socket } from 'node:net';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { Registry } from 'prom-client';
import type { DeviceMessage, IntakeSink } from '#contracts/ports/intake.ts';
import { systemClock } from '#platform/clock.ts';
import { createLog } from '#platform/log.ts';
import { TOKEN_USER } from '../../../broker/auth.ts';
import { type BrokerDependencies, createBroker } from '../../../broker/broker.ts';
import { endlessToken } from './endless-token.ts';
import { createFakeDirectory } from './fake-directory.ts';

/** A broker that stores at once, with devices named m…, whose secret is `secret`, and integrations whose token is their name. */
export const openBroker = async ({
  bounds,
  sink,
  ...rest
}: Partial<BrokerDependencies> & { sink?: Partial<IntakeSink> } = {}) => {
  const stored: DeviceMessage[] = [];
  const links: string[] = [];
  const metrics = new Registry();
  const broker = createBroker({
    listeners: { host: '127.0.0.1', port: 0, tls: undefined },
    bounds: {
      maxPacketBytes: 1_000_000,
      maxConnections: 200,
      maxHeldBytes: 64 * 2 ** 20,
      maxKeepaliveMs: 60_000,
      ...bounds,
    },
    directory: createFakeDirectory().directory,
    checkToken: async (token) => endlessToken(token),
    clock: { ...systemClock, now: () => 1_000 },
    log: createLog({ level: 'silent' }),
    metrics,
    ...rest,
  });
  const { port, tlsPort } = await broker.start({
    take(message, settle) {
      stored.push(message);
      settle();
    },
    show: () => undefined,
    refuse: (_message, settle) => settle(),
    connected: (device) => links.push(`+${device}`),
    disconnected: (device) => links.push(`-${device}`),
    gatewayConnected: (gateway) => links.push(`+${gateway}`),
    gatewayDisconnected: (gateway) => links.push(`-${gateway}`),
    ...sink,
  });
  const clients: MqttClient[] = [];
  const sockets: Socket[] = [];

  return {
    broker,
    port,
    tlsPort,
    stored,
    links,
    /** A device, or with `token` an integration of that name. */
    async join(name: string, { token, ...options }: IClientOptions & { token?: string } = {}): Promise<MqttClient> {
      const who =
        token === undefined ? { username: name, password: 'secret' } : { username: TOKEN_USER, password: token };
      const url = `mqtt://127.0.0.1:${port}`;
      const client = await connectAsync(url, { clientId: name, reconnectPeriod: 0, ...who, ...options }, false);
      client.on('error', () => undefined);
      clients.push(client);
      return client;
    },
    /** A connection of bytes. */
    dial(localAddress = '127.0.0.1'): Socket {
      const socket = connectTcp({ port, host: '127.0.0.1', localAddress });
      socket.on('error', () => undefined);
      sockets.push(socket);
      return socket;
    },
    async metric(line: string): Promise<number> {
      const found = (await metrics.metrics()).split('\n').find((text) => text.startsWith(line));
      return Number(found?.split(' ').at(-1) ?? 0);
    },
    async close(): Promise<void> {
      for (const client of clients) client.end(true);
      for (const socket of sockets) socket.destroy();
      await broker.stop();
    },
  };
};

export type TestBroker = Awaited<ReturnType<typeof openBroker>>;

/** Resolves with all that came until the other side closed. */
export const readToEnd = (socket: Socket): Promise<Buffer> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks)));
  });

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
};

/** Fixed header, with the remaining length as MQTT says it, and body. */
export const packet = (header: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  for (let rest = body.length; ; ) {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>= 7;
    if (rest === 0) break;
  }
  return Buffer.concat([Buffer.from([header, ...length]), body]);
};

/** CONNECT with any protocol level, MQTT 5's with its empty properties. */
export const connectBytes = ({
  level = 4,
  name = 'm1',
  clientId = name,
  password = 'secret',
  keepaliveSeconds = 60,
  isClean = true,
  will,
}: {
  level?: number;
  name?: string;
  clientId?: string;
  password?: string;
  keepaliveSeconds?: number;
  isClean?: boolean;
  will?: { readonly topic: string; readonly payload: string };
} = {}): Buffer =>
  packet(
    0x10,
    text('MQTT'),
    Buffer.from([
      level,
      0xc0 | (isClean ? 0x02 : 0) | (will ? 0x2c : 0),
      keepaliveSeconds >> 8,
      keepaliveSeconds & 0xff,
    ]),
    Buffer.from(level === 5 ? [0] : []),
    text(clientId),
    ...(will ? [text(will.topic), text(will.payload)] : []),
    text(name),
    text(password),
  );

export const publishBytes = (topic: string, payload: string, messageId: number): Buffer =>
  // QoS 1, retained.
  packet(0x33, text(topic), Buffer.from([messageId >> 8, messageId & 0xff]), Buffer.from(payload));

export const subscribeBytes = (filter: string, messageId: number): Buffer =>
  packet(0x82, Buffer.from([messageId >> 8, messageId & 0xff]), text(filter), Buffer.from([0]));
