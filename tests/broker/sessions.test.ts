import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlarmFrame } from '#contracts/live.ts';
import { systemClock } from '#platform/clock.ts';
import { createLog } from '#platform/log.ts';
import { type Broker, createBroker } from '../../broker/broker.ts';
import { eventually } from '../support/eventually.ts';
import { endlessToken } from './support/endless-token.ts';
import { createFakeDirectory } from './support/fake-directory.ts';

const KIB = 1_024;
const MAX_BYTES = 64 * KIB;
const FRAME_BYTES = 3 * KIB;

let broker: Broker;
let metrics: Registry;
let url: string;
const clients: MqttClient[] = [];

beforeEach(async () => {
  metrics = new Registry();
  broker = createBroker({
    listeners: { host: '127.0.0.1', port: 0, tls: undefined },
    bounds: {
      maxPacketBytes: 100_000,
      maxConnections: 20,
      maxHeldBytes: 256 * KIB,
      maxKeepaliveMs: 60_000,
      sessions: { maxBytes: MAX_BYTES, maxAbsent: 2 },
    },
    directory: createFakeDirectory().directory,
    checkToken: async () => endlessToken('nurse call'),
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    metrics,
  });
  const { port } = await broker.start({
    take: () => undefined,
    show: () => undefined,
    refuse: () => undefined,
    connected: () => undefined,
    disconnected: () => undefined,
    gatewayConnected: () => undefined,
    gatewayDisconnected: () => undefined,
  });
  url = `mqtt://127.0.0.1:${port}`;
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true);
  await broker.stop();
});

const metric = async (line: string): Promise<number> => {
  const found = (await metrics.metrics()).split('\n').find((text) => text.startsWith(line));
  return Number(found?.split(' ').at(-1) ?? 0);
};
const connections = () => metric('wardwatch_mqtt_connections');
const waiting = () => metric('wardwatch_mqtt_session_messages');
const ended = (reason: string) => metric(`wardwatch_mqtt_sessions_ended_total{reason="${reason}"}`);
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

const TOPIC = 'live/v1/icu/alarms';

const announce = (seq: number, bytes = 0): void => {
  const frame: AlarmFrame = {
    type: 'alarm',
    unit: 'icu',
    seq,
    epoch: 'e1',
    time: 1,
    bed: 'a',
    events: [],
    alarms: [],
    inactivations: [],
  };
  broker.announce({ frame, text: `${JSON.stringify(frame)}${' '.repeat(bytes)}` });
};

type Heard = { readonly seq: number; readonly topic: string; readonly qos: number; readonly dup: boolean };

/** An integration that hears from its first moment on; `mute`: it takes messages and never acknowledges them. */
const join = async (name: string, { mute = false, ...options }: IClientOptions & { mute?: boolean } = {}) => {
  const client = connect(url, {
    clientId: `token:${name}`,
    username: 'token',
    password: 'secret',
    clean: false,
    reconnectPeriod: 0,
    resubscribe: false,
    ...options,
  });
  clients.push(client);
  client.on('error', () => undefined);
  const heard: Heard[] = [];
  const hear = (packet: IPublishPacket) => {
    const { seq } = JSON.parse(String(packet.payload));
    heard.push({ seq, topic: packet.topic, qos: packet.qos, dup: packet.dup });
  };
  client.on('message', (_topic, _payload, packet) => hear(packet));
  if (mute) client.handleMessage = () => undefined;
  const isResumed = await new Promise<boolean>((resolve, reject) => {
    client.once('connect', ({ sessionPresent }) => resolve(sessionPresent));
    client.once('close', () => reject(new Error('refused')));
  });
  return { client, heard, isResumed, seqs: () => heard.map(({ seq }) => seq) };
};

const subscribed = async (name: string, options: Parameters<typeof join>[1] = {}) => {
  const integration = await join(name, options);
  await integration.client.subscribeAsync(TOPIC, { qos: 1 });
  return integration;
};

/** The connection ends as if a cable was pulled out, and noticed. */
const cut = async ({ client }: { client: MqttClient }): Promise<void> => {
  const before = await connections();
  client.stream.destroy();
  await eventually(async () => expect(await connections()).toBe(before - 1));
};

const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, index) => from + index);

describe('alarm frames to an integration', () => {
  it('go out at QoS 1, one message a frame, and nothing is kept once they are acknowledged', async () => {
    const integration = await subscribed('a');
    for (const seq of upTo(20)) announce(seq);
    await eventually(() => expect(integration.seqs()).toEqual(upTo(20)));
    expect(new Set(integration.heard.map(({ topic, qos, dup }) => `${topic} ${qos} ${dup}`))).toEqual(
      new Set([`${TOPIC} 1 false`]),
    );
    await eventually(async () => expect(await waiting()).toBe(0));
  });

  it('that was away for a moment come in order and once, before those of meanwhile', async () => {
    const first = await subscribed('a');
    announce(1);
    await eventually(() => expect(first.seqs()).toEqual([1]));
    await eventually(async () => expect(await waiting()).toBe(0));
    await cut(first);
    for (const seq of upTo(10, 2)) announce(seq);
    await eventually(async () => expect(await waiting()).toBe(10));

    let seq = 11;
    let isBack = false;
    const joining = join('a').finally(() => {
      isBack = true;
    });
    while (!isBack && seq < 40) {
      announce(++seq);
      await nextTurn();
      await connections();
    }
    const again = await joining;
    announce(++seq);
    expect(again.isResumed).toBe(true);
    await eventually(() => expect(again.seqs().at(-1)).toBe(seq));
    expect(again.seqs()).toEqual(upTo(seq - 1, 2));
    await eventually(async () => expect(await waiting()).toBe(0));
  });

  it('that it did not acknowledge come again, marked as repeated', async () => {
    const mute = await subscribed('a', { mute: true });
    for (const seq of upTo(3)) announce(seq);
    await eventually(() => expect(mute.heard.length).toBeGreaterThan(0));
    await cut(mute);
    const again = await join('a');
    await eventually(() => expect(again.seqs()).toEqual([1, 2, 3]));
    expect(again.heard.map(({ dup }) => dup)).toEqual([true, true, true]);
    await eventually(async () => expect(await waiting()).toBe(0));
  });

  it.each([
    ['QoS 1', 1],
    ['QoS 0', 0],
  ] as const)('come once for subscriptions that overlap, the wider at %s', async (_name, qos) => {
    const integration = await subscribed('a');
    await integration.client.subscribeAsync('live/v1/#', { qos });
    for (const seq of upTo(5)) announce(seq);
    await eventually(() => expect(integration.seqs()).toEqual(upTo(5)));
    await eventually(async () => expect(await waiting()).toBe(0));
  });

  it('are not kept for one without a session', async () => {
    const clean = await subscribed('a', { clean: true });
    announce(1);
    await eventually(() => expect(clean.seqs()).toEqual([1]));
    await cut(clean);
    announce(2);
    const again = await subscribed('a');
    expect(again.isResumed).toBe(false);
    announce(3);
    await eventually(() => expect(again.seqs()).toEqual([3]));
  });

  it('are forgotten when it begins afresh', async () => {
    await cut(await subscribed('a'));
    announce(1);
    await eventually(async () => expect(await waiting()).toBe(1));
    const fresh = await subscribed('a', { clean: true });
    announce(2);
    await eventually(() => expect(fresh.seqs()).toEqual([2]));
    expect(await waiting()).toBe(0);
  });
});

describe('what waits for an integration is bounded', () => {
  it('while it is away: past the bound its session is ended, and it is told so', async () => {
    const integration = await subscribed('a');
    await cut(integration);
    for (const seq of upTo(40)) announce(seq, FRAME_BYTES);
    await eventually(async () => expect(await ended('full')).toBe(1));
    expect(await waiting()).toBe(0);
    const again = await subscribed('a');
    expect(again.isResumed).toBe(false);
    announce(41);
    await eventually(() => expect(again.seqs()).toEqual([41]));
  });

  it('while it does not acknowledge: its connection is closed, and the others get everything', async () => {
    await subscribed('mute', { mute: true });
    const quick = await subscribed('quick');
    for (const seq of upTo(200)) {
      announce(seq, FRAME_BYTES);
      if (seq % 5 === 0) await eventually(() => expect(quick.seqs().at(-1)).toBe(seq), { everyMs: 1 });
    }
    await eventually(async () => expect(await connections()).toBe(1));
    expect(await ended('full')).toBe(1);
    expect(quick.seqs()).toEqual(upTo(200));
    await eventually(async () => expect(await waiting()).toBe(0));
  });

  it('over all that are away: the one that was away longest is ended', async () => {
    for (const name of ['a', 'b', 'c']) await cut(await subscribed(name));
    expect(await ended('too many')).toBe(1);
    announce(1);
    await eventually(async () => expect(await waiting()).toBe(2));
    expect((await join('a')).isResumed).toBe(false);
    const b = await join('b');
    await eventually(() => expect(b.seqs()).toEqual([1]));
  });
});
