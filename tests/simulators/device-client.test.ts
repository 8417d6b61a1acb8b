import { decode } from 'cbor-x';
import { afterEach, describe, expect, it } from 'vitest';
import { StatusMessage, VitalsMessage, WavesMessage } from '#contracts/mqtt/messages.ts';
import { createDeviceClient, type DeviceClientOptions, type Outgoing } from '../../simulators/device-client.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { type Received, startBroker, type TestBroker } from './support/broker.ts';
import { startFreezableLink } from './support/freezable-link.ts';
import { passTime } from './support/pass-time.ts';

describe('a device client', () => {
  const releases: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const release of releases.splice(0).reverse()) await release();
  });

  const broker = async (): Promise<TestBroker> => {
    const started = await startBroker();
    releases.push(started.stop);
    return started;
  };
  const device = (mqttUrl: string, options: Partial<DeviceClientOptions> = {}) => {
    const acknowledged: Outgoing[] = [];
    const client = createDeviceClient({
      ...{ mqttUrl, unit: 'icu', device: 'monitor-1', secret: 'secret', boot: 'b1', model: 'Test monitor' },
      onAcknowledged: (outgoing) => acknowledged.push(outgoing),
      ...options,
    });
    releases.push(client.stop);
    const sendMany = (from: number, to: number) => {
      for (let time = from; time < to; time++) client.publishVitals({ time, vitals: { 'heart-rate': time } });
    };
    return { client, acknowledged, sendMany };
  };
  const messagesOf = (received: readonly Received[]): VitalsMessage[] =>
    received.flatMap(({ payload }) => JSON.parse(payload.toString())).map((message) => VitalsMessage.parse(message));
  const seqsOf = (received: readonly Received[]) => messagesOf(received).map(({ seq }) => seq);

  it('sends each reading once, numbered, on its topic, and hears of each acknowledgement', async () => {
    const { url, on } = await broker();
    const { client, acknowledged, sendMany } = device(url);
    client.start();
    sendMany(0, 10);
    await client.drained();
    expect(on('vitals').every(({ topic }) => topic === 'ward/v1/icu/monitor-1/vitals')).toBe(true);
    expect(messagesOf(on('vitals'))[3]).toEqual({ time: 3, boot: 'b1', seq: 3, vitals: { 'heart-rate': 3 } });
    expect(acknowledged.map(({ message }) => message.time)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(client.counts()).toMatchObject({ published: 10, acknowledged: 10, resent: 0, discarded: 0, backlog: 0 });
  });

  it('keeps what it measures before and between connections, and sends it in order as arrays', async () => {
    const { url, on } = await broker();
    const { client, sendMany } = device(url);
    sendMany(0, 250);
    client.start();
    await client.drained();
    expect(seqsOf(on('vitals'))).toEqual(Array.from({ length: 250 }, (_, seq) => seq));
    expect(on('vitals').length).toBeLessThan(10);

    client.cut();
    sendMany(250, 400);
    expect(client.backlogSize()).toBe(150);
    client.restore();
    await client.drained();
    expect(seqsOf(on('vitals'))).toEqual(Array.from({ length: 400 }, (_, seq) => seq));
  });

  it('sends again, in order, what was sent and not acknowledged when the link broke', async () => {
    const station = await broker();
    const clock = createFakeClock();
    const { client, acknowledged, sendMany } = device(station.url, { clock });
    let held = 0;
    station.admitWith(({ topic }) => {
      if (!topic.endsWith('/vitals')) return Promise.resolve();
      held++;
      return new Promise(() => {});
    });
    client.start();
    await station.until(() => station.on('status').length === 1);
    sendMany(0, 5);
    await expect.poll(() => held).toBeGreaterThan(0);
    expect(acknowledged).toEqual([]);
    station.admitWith(() => Promise.resolve());
    station.dropConnections();
    sendMany(5, 8);
    await passTime(clock, client.drained());
    expect(seqsOf(station.on('vitals'))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(acknowledged.map(({ message }) => message.seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(client.counts().resent).toBeGreaterThan(0);
  });

  it('notices a link that is frozen, though it sends all the time, and takes a new one', async () => {
    const station = await broker();
    const link = await startFreezableLink(station.port);
    releases.push(link.stop);
    const { client, acknowledged, sendMany } = device(link.url, { keepaliveSeconds: 1 });
    client.start();
    await station.until(() => station.on('status').length === 1);
    link.freeze();
    sendMany(0, 3);
    // Waveforms wait for no acknowledgement, so they never stop.
    const pleth = { rate: 1, samples: [0] };
    const sending = setInterval(() => client.publishWaves({ time: 0, waves: { pleth } }), 100);
    await expect.poll(() => link.connections(), { timeout: 15_000 }).toBe(2);
    clearInterval(sending);
    await client.drained();
    expect(acknowledged.slice(0, 3).map(({ message }) => message.seq)).toEqual([0, 1, 2]);
    expect(client.counts().resent).toBeGreaterThanOrEqual(3);
  });

  it('goes on when the station stops and comes back on its port', async () => {
    const first = await startBroker();
    const clock = createFakeClock();
    const { client, acknowledged, sendMany } = device(first.url, { clock });
    client.start();
    sendMany(0, 3);
    await client.drained();
    await first.stop();
    sendMany(3, 6);
    const second = await startBroker({ port: first.port });
    releases.unshift(second.stop);
    await passTime(clock, client.drained());
    expect(seqsOf(second.on('vitals'))).toEqual([3, 4, 5]);
    expect(acknowledged).toHaveLength(6);
  });

  it('loses the oldest first when the backlog is full, and says which', async () => {
    const { url, on } = await broker();
    const discarded: Outgoing[] = [];
    const { client, sendMany } = device(url, { maxBacklog: 3, onDiscarded: (outgoing) => discarded.push(outgoing) });
    sendMany(0, 5);
    client.start();
    await client.drained();
    expect(discarded.map(({ message }) => message.seq)).toEqual([0, 1]);
    expect(seqsOf(on('vitals'))).toEqual([2, 3, 4]);
    expect(client.counts()).toMatchObject({ published: 5, acknowledged: 3, discarded: 2 });
  });

  it('is online by a retained status, and offline by its Will when it vanishes', async () => {
    const { url, on, until } = await broker();
    const { client } = device(url);
    client.start();
    await until(() => on('status').length === 1);
    client.cut();
    await until(() => on('status').length === 2);
    expect(on('status').map(({ payload }) => StatusMessage.parse(JSON.parse(payload.toString())))).toEqual([
      { state: 'online', model: 'Test monitor' },
      { state: 'offline', model: 'Test monitor' },
    ]);
    expect(on('status').every(({ retain }) => retain)).toBe(true);
  });

  it('says goodbye when it is stopped, once, and may be stopped twice', async () => {
    const { url, on, until } = await broker();
    const { client } = device(url);
    client.start();
    await until(() => on('status').length === 1);
    await client.stop();
    await client.stop();
    expect(on('status').map(({ payload }) => JSON.parse(payload.toString()).state)).toEqual(['online', 'offline']);
  });

  it('stops at once where no station answers', async () => {
    const station = await startBroker();
    await station.stop();
    const { client, sendMany } = device(station.url);
    client.start();
    sendMany(0, 1);
    await client.stop();
    expect(client.state()).toBe('stopped');
  });

  it('sends waveforms once and only while it is online, or keeps them at QoS 1', async () => {
    const { url, on, until } = await broker();
    const block = (time: number) => ({ time, waves: { pleth: { rate: 2, samples: [0, 1] } } });
    const { client } = device(url);
    client.publishWaves(block(0));
    client.start();
    await until(() => on('status').length === 1);
    client.publishWaves(block(1_000));
    await until(() => on('waves').length === 1);
    expect(WavesMessage.parse(JSON.parse(String(on('waves')[0]?.payload)))).toMatchObject({ time: 1_000, seq: 1 });
    expect(client.counts()).toMatchObject({ wavesSent: 1, wavesSkipped: 1 });

    const { client: careful } = device(url, { device: 'monitor-2', wavesQos: 1 });
    careful.publishWaves(block(0));
    careful.publishVitals({ time: 0, vitals: { spo2: 97 } });
    careful.publishWaves(block(1_000));
    careful.start();
    await careful.drained();
    expect(on('waves')).toHaveLength(3);
    expect(careful.counts()).toMatchObject({ published: 3, acknowledged: 3, wavesSkipped: 0 });
  });

  it('speaks CBOR of the same shape', async () => {
    const { url, on } = await broker();
    const { client } = device(url, { format: 'cbor' });
    client.publishVitals({ time: 1_795_351_160_006, vitals: { spo2: { value: 97.5, quality: 'good' }, cvp: null } });
    client.start();
    await client.drained();
    expect(decode(on('vitals')[0]?.payload ?? Buffer.of())).toEqual({
      ...{ time: 1_795_351_160_006, boot: 'b1', seq: 0 },
      vitals: { spo2: { value: 97.5, quality: 'good' }, cvp: null },
    });
  });
});
