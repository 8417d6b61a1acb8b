import { afterEach, describe, expect, it } from 'vitest';
import { VitalsMessage, WavesMessage } from '#contracts/mqtt/messages.ts';
import { parseTopic } from '#contracts/mqtt/topics.ts';
import type { Outgoing } from '../../simulators/device-client.ts';
import { runWard, type WardOptions } from '../../simulators/ward.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { type Received, startBroker } from './support/broker.ts';
import { passTime } from './support/pass-time.ts';
import { startRegistry } from './support/registry.ts';

describe('a ward', () => {
  const releases: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const release of releases.splice(0).reverse()) await release();
  });

  const station = async () => {
    const broker = await startBroker();
    releases.push(broker.stop);
    const registry = await startRegistry();
    releases.push(registry.stop);
    const clock = createFakeClock();
    const run = (options: Partial<WardOptions>) =>
      passTime(
        clock,
        runWard({
          ...{ stationUrl: registry.url, mqttUrl: broker.url, token: 'token', clock },
          ...{ beds: 4, units: 2, speed: 1, seed: 1, waves: false, ...options },
        }),
      );
    return { broker, registry, clock, run };
  };
  const messagesOf = (received: readonly Received[]) =>
    received
      .flatMap(({ payload }) => JSON.parse(payload.toString()) as unknown[])
      .map((message) => VitalsMessage.parse(message));

  it('registers units, beds, devices and patients once, and new secrets when it comes again', async () => {
    const { registry, run } = await station();
    await run({ durationMs: 300 });
    const { units, beds, devices, patients, encounters, assignments } = registry.tables;
    expect(units?.map(({ id }) => id)).toEqual(['icu', 'hdu']);
    expect(beds?.map(({ id, unit }) => [id, unit])).toEqual([
      ['icu-01', 'icu'],
      ['icu-02', 'icu'],
      ['hdu-01', 'hdu'],
      ['hdu-02', 'hdu'],
    ]);
    expect(devices?.map(({ id }) => id).sort()).toEqual(['sim-hdu-01', 'sim-hdu-02', 'sim-icu-01', 'sim-icu-02']);
    expect([patients, encounters, assignments].map((rows) => rows?.length)).toEqual([4, 4, 4]);

    registry.requests.length = 0;
    await run({ durationMs: 300 });
    expect(registry.requests.filter((request) => request.endsWith('/secret'))).toHaveLength(4);
    expect(
      registry.requests.filter((request) => /^POST (devices|patients|encounters|assignments)$/.test(request)),
    ).toEqual([]);
  });

  it('has every bed speak for itself each second, each at its own moment, measured before it is sent', async () => {
    const { broker, clock, run } = await station();
    const before = clock.now();
    const summary = await run({ durationMs: 2_500, waves: true, waveBeds: 1 });
    expect(summary).toMatchObject({ beds: 4, deviceSeconds: 10, published: 10, acknowledged: 10, discarded: 0 });
    expect(new Set(broker.on('vitals').map(({ topic }) => parseTopic(topic)?.device)).size).toBe(4);
    expect(broker.on('vitals').every(({ client, topic }) => client === parseTopic(topic)?.device)).toBe(true);
    const times = messagesOf(broker.on('vitals')).map(({ time }) => Number(time));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(before);
    expect(Math.max(...times)).toBeLessThanOrEqual(clock.now());
    expect(new Set(times.map((time) => (time - Math.min(...times)) % 1_000))).toEqual(new Set([0, 250, 500, 750]));
    expect(broker.on('waves').map(({ client }) => client)).toEqual(['sim-icu-01', 'sim-icu-01', 'sim-icu-01']);
    expect(WavesMessage.parse(JSON.parse(String(broker.on('waves')[0]?.payload))).waves).toHaveProperty('ecg-ii');
  });

  it('has companions register with their roles, and speak for themselves by clocks of their own', async () => {
    const { broker, registry, run } = await station();
    const summary = await run({ beds: 2, units: 1, durationMs: 3_000, companionBeds: 1 });
    expect(summary).toMatchObject({ deviceSeconds: 6, published: 12, acknowledged: 12 });
    const { devices, assignments, encounters } = registry.tables;
    expect(devices?.map(({ id, role }) => [id, role])).toEqual(
      expect.arrayContaining([
        ['sim-icu-01', undefined],
        ['sim-icu-01-ventilator', 'ventilator'],
        ['sim-icu-01-oximeter', 'oximeter'],
        ['sim-icu-02', undefined],
      ]),
    );
    expect(assignments?.filter(({ bed }) => bed === 'icu-01').map(({ device }) => device)).toEqual([
      ...['sim-icu-01', 'sim-icu-01-ventilator', 'sim-icu-01-oximeter'],
    ]);
    expect(encounters).toHaveLength(2);
    expect(broker.on('vitals').every(({ client, topic }) => client === parseTopic(topic)?.device)).toBe(true);
    const of = (device: string) => messagesOf(broker.on('vitals').filter(({ client }) => client === device));
    const spacing = (device: string) => {
      const times = of(device).map(({ time }) => Number(time));
      return times.slice(1).map((time, index) => time - (times[index] ?? 0));
    };
    expect(spacing('sim-icu-01')).toEqual([1_000, 1_000]);
    for (const role of ['ventilator', 'oximeter']) {
      expect(spacing(`sim-icu-01-${role}`)).not.toEqual([1_000, 1_000]);
      for (const ms of spacing(`sim-icu-01-${role}`)) expect(Math.abs(ms - 1_000)).toBeLessThanOrEqual(40);
    }
    expect(of('sim-icu-01-oximeter')[0]).toMatchObject({ seq: 0, vitals: { spo2: expect.anything() } });
  });

  it('leaves out what a silent device does not send, without a gap in its numbers', async () => {
    const { broker, run } = await station();
    const summary = await run({
      beds: 1,
      units: 1,
      speed: 900,
      durationMs: 1_000,
      companionBeds: 1,
      scenarios: ['stable'],
    });
    expect(summary.deviceSeconds).toBe(900);
    expect(summary.published).toBeLessThan(3 * 900);
    for (const device of ['sim-icu-01', 'sim-icu-01-ventilator', 'sim-icu-01-oximeter']) {
      const numbers = messagesOf(broker.on('vitals').filter(({ client }) => client === device)).map(({ seq }) => seq);
      expect(numbers.length).toBeGreaterThan(600);
      expect(numbers).toEqual(numbers.map((_, index) => index));
    }
  });

  it('puts companions beside its own monitor, and no device beside one that is not its own', async () => {
    const { registry, run } = await station();
    await run({ beds: 2, units: 1, durationMs: 300 });
    await run({ beds: 2, units: 1, durationMs: 300, companionBeds: 2 });
    expect(registry.tables.assignments).toHaveLength(6);
    await run({ beds: 2, units: 1, durationMs: 300 });
    expect(registry.tables.assignments).toHaveLength(6);

    registry.tables.assignments?.push({ id: 7, device: 'real-01', bed: 'icu-03', start: '2026-01-01T00:00:00Z' });
    registry.tables.beds?.push({ id: 'icu-03', unit: 'icu', label: 'ICU 3' });
    const crowded = run({ beds: 3, units: 1, durationMs: 300, companionBeds: 3 });
    await expect(crowded).rejects.toThrow('bed icu-03 already has the device real-01: end its assignment first');
    expect(registry.tables.assignments?.filter(({ bed }) => bed === 'icu-03')).toHaveLength(1);
  });

  it('at a higher speed begins in the past and ends at the present', async () => {
    const { broker, clock, run } = await station();
    const before = clock.now();
    const summary = await run({ beds: 2, speed: 50, durationMs: 1_000 });
    expect(summary.deviceSeconds).toBe(100);
    const times = messagesOf(broker.on('vitals')).map(({ time }) => Number(time));
    expect(times).toHaveLength(100);
    expect(Math.max(...times) - Math.min(...times)).toBe(49_500);
    expect(Math.min(...times)).toBeLessThan(before - 40_000);
    expect(Math.max(...times)).toBeLessThanOrEqual(clock.now());
  });

  it('gives the same measurements for the same seed', async () => {
    const { broker, run } = await station();
    const values = async (seed: number) => {
      broker.received.length = 0;
      await run({ beds: 2, speed: 30, durationMs: 500, seed });
      return broker.on('vitals').flatMap(({ client, payload }) => {
        const messages = [JSON.parse(payload.toString())].flat().map((message) => VitalsMessage.parse(message));
        return messages.map(({ seq, vitals }) => JSON.stringify([client, seq, vitals]));
      });
    };
    const once = (await values(3)).sort();
    expect((await values(3)).sort()).toEqual(once);
    expect((await values(4)).sort()).not.toEqual(once);
  });

  it('accounts for every fault: what was not dropped is acknowledged, duplicates twice', async () => {
    const { broker, run } = await station();
    const acknowledged: Outgoing[] = [];
    const summary = await run({
      ...{ beds: 3, speed: 40, durationMs: 1_000 },
      faults: { drop: 0.1, duplicate: 0.2, delay: 0.1, reorder: 0.2 },
      onAcknowledged: (_, outgoing) => acknowledged.push(outgoing),
    });
    expect(summary.published).toBe(120);
    expect(summary.faults.drop).toBeGreaterThan(0);
    expect(summary.faults.duplicate).toBeGreaterThan(0);
    expect(acknowledged).toHaveLength(120 - summary.faults.drop + summary.faults.duplicate);
    expect(messagesOf(broker.on('vitals'))).toHaveLength(acknowledged.length);
  });

  it('ends in good order when it is told to, and leaves no device online', async () => {
    const { broker, run } = await station();
    const stop = new AbortController();
    const running = run({ signal: stop.signal });
    await broker.until(() => broker.on('vitals').length >= 4);
    stop.abort();
    expect((await running).backlog).toBe(0);
    const last = new Map(
      broker.on('status').map(({ client, payload }) => [client, JSON.parse(payload.toString()).state]),
    );
    expect([...last.values()]).toEqual(Array(4).fill('offline'));
  });

  it('says plainly that no station answers, or that it is too slow', async () => {
    const { run } = await station();
    await expect(run({ stationUrl: 'http://127.0.0.1:9' })).rejects.toThrow('no station answers at http://127.0.0.1:9');
    await expect(run({ speed: 0.5 })).rejects.toThrow('give a speed of 1 or more');
  });
});
