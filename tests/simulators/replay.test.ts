import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { VitalsMessage, WavesMessage } from '#contracts/mqtt/messages.ts';
import { type ReplayOptions, replay } from '../../simulators/replay.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { startBroker } from './support/broker.ts';
import { passTime } from './support/pass-time.ts';
import { readWhole, recordingPath, withoutRecordings } from './support/recordings.ts';
import { startRegistry } from './support/registry.ts';

describe('a replay', () => {
  const releases: (() => Promise<void>)[] = [];
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wardwatch-replay-'));
  });
  afterEach(async () => {
    for (const release of releases.splice(0).reverse()) await release();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const station = async () => {
    const broker = await startBroker();
    releases.push(broker.stop);
    const registry = await startRegistry();
    releases.push(registry.stop);
    const clock = createFakeClock();
    const run = (files: string[], options: Partial<ReplayOptions> = {}) => {
      const where = { stationUrl: registry.url, mqttUrl: broker.url, token: 'token' };
      return passTime(clock, replay({ files, ...where, speed: 1_000, clock, ...options }));
    };
    const messagesOf = (device: string, channel = 'vitals') =>
      broker
        .on(channel)
        .filter(({ client }) => client === device)
        .flatMap(({ payload }) => JSON.parse(payload.toString()) as unknown[]);
    return { broker, registry, clock, run, messagesOf };
  };

  it('plays two files side by side, each as a device with its name, at the times of the files', async () => {
    const { registry, run, messagesOf } = await station();
    const one = file('one.csv', 'Time [s], HR\n-1,70\n0,NaN\n2,72\n');
    const two = file('second. patient.csv', 'time,vital,value\n0,spo2,97\n1,spo2,98\n');
    const { startTime, files, acknowledged } = await run([one, two]);
    expect(files.map(({ device, messages }) => [device, messages])).toEqual([
      ['one', 3],
      ['second-patient', 2],
    ]);
    expect(acknowledged).toBe(5);
    expect(messagesOf('one')).toMatchObject([
      { time: startTime - 1_000, seq: 0, vitals: { 'heart-rate': 70 } },
      { time: startTime, seq: 1, vitals: { 'heart-rate': null } },
      { time: startTime + 2_000, seq: 2, vitals: { 'heart-rate': 72 } },
    ]);
    expect(messagesOf('second-patient')).toHaveLength(2);
    expect(registry.tables.beds?.map(({ id, unit }) => [id, unit])).toEqual([
      ['one', 'replay'],
      ['second-patient', 'replay'],
    ]);
    // The device is in its bed before its first reading, else that would be nobody's.
    const starts = registry.tables.assignments?.map(({ start }) => Date.parse(String(start))) ?? [];
    expect(Math.max(...starts)).toBeLessThan(startTime - 1_000);
  });

  it('never measures ahead of the clock at a higher speed, and begins at the present at speed 1', async () => {
    const { clock, run, messagesOf } = await station();
    const path = file('pace.csv', `Time [s], HR\n${[0, 1, 2, 3].map((second) => `${second},70`).join('\n')}\n`);
    const fast = await run([path], { speed: 10 });
    expect(fast.startTime + 3_000).toBeLessThanOrEqual(clock.now());
    const before = clock.now();
    const short = file('live.csv', 'Time [s], HR\n5,70\n5.2,71\n');
    const { startTime } = await run([short], { speed: 1 });
    expect(startTime + 5_000).toBeGreaterThanOrEqual(before);
    expect(messagesOf('live')).toMatchObject([{ time: startTime + 5_000 }, { time: startTime + 5_200 }]);
  });

  it('says what was sent, left out and refused, and when nothing of it was stored', async () => {
    const { registry, clock, run } = await station();
    const path = file('refused.csv', 'Time [s], HR, ABPMean [furlong]\n0,70,1\n1,71,1\n');
    const refusal = {
      device: 'refused',
      receivedAt: new Date(clock.now() + 60_000).toISOString(),
      reason: 'value-implausible',
    };
    registry.tables.rejected?.push({ ...refusal, detail: 'heart-rate: 1' });
    expect((await run([path])).files).toMatchObject([
      {
        sent: { 'heart-rate': 2 },
        skipped: [{ from: 'ABPMean [furlong]' }],
        refused: [{ reason: 'value-implausible', count: 1, example: 'heart-rate: 1' }],
        isStored: true,
      },
    ]);
    registry.tables.rejected?.push({ ...refusal, detail: 'heart-rate: 2' });
    expect((await run([path])).files).toMatchObject([{ isStored: false }]);
    const nothing = file('nothing.csv', 'time,vital,value,unit\n0,etco2,5,furlong\n');
    await expect(run([nothing])).rejects.toThrow('holds no values that can be sent; etco2: in furlong');
  });

  it('counts what it sent, and no more, when it is stopped', async () => {
    const { run } = await station();
    const path = file('stopped.csv', 'Time [s], HR\n0,70\n1,71\n3600,72\n');
    const stop = new AbortController();
    const { files } = await run([path], {
      speed: 1,
      signal: stop.signal,
      onAcknowledged: (_, { message }) => message.seq === 1 && stop.abort(),
    });
    expect(files).toMatchObject([{ messages: 2, sent: { 'heart-rate': 2 }, mapped: [{ values: 3 }] }]);
  });

  it('starts where it is told to', async () => {
    const { run, messagesOf } = await station();
    const startTime = Date.parse('2026-01-31T08:00:00Z');
    const summary = await run([file('told.csv', 'Time [s], HR\n1.5,70\n')], { startTime });
    expect(summary.startTime).toBe(startTime);
    expect(messagesOf('told')).toMatchObject([{ time: startTime + 1_500 }]);
  });

  it('shows what becomes of the columns before anything is sent, and refuses two files of one name', async () => {
    const { broker, registry, run } = await station();
    const read: unknown[] = [];
    await run([file('columns.csv', 'Time [s], HR, AWRR\n0,1,2\n')], {
      onRead: (recordings) => read.push(broker.received.length, registry.requests.length, recordings[0]?.skipped),
    });
    expect(read).toEqual([0, 0, [{ from: 'AWRR', unit: null, why: 'not a vital sign of the catalogue', values: 1 }]]);
    const path = file('twin.csv', 'Time [s], HR\n0,1\n');
    await expect(run([path, path])).rejects.toThrow('two files are named twin');
  });

  it.skipIf(withoutRecordings)(
    `at any speed has exactly the values of real recordings${withoutRecordings ? ` (${withoutRecordings})` : ''}`,
    async () => {
      const { run, messagesOf } = await station();
      const names = ['bidmc/bidmc_13_Numerics.csv', 'bidmc/bidmc_23_Numerics.csv', 'wfdb/v102s.hea'];
      const { startTime, acknowledged } = await run(names.map(recordingPath), { speed: 400 });
      const recordings = names.map((name) => readWhole(recordingPath(name)));
      expect(acknowledged).toBe(recordings.reduce((sum, { frames }) => sum + frames.length, 0));
      for (const { name, frames } of recordings) {
        const [vitals, waves] = [messagesOf(name), messagesOf(name, 'waves')];
        expect(
          vitals.map((message) => VitalsMessage.parse(message)).map(({ time, vitals: values }) => [time, values]),
        ).toEqual(frames.flatMap(({ atMs, vitals: values }) => (values ? [[startTime + atMs, values]] : [])));
        expect(
          waves.map((message) => WavesMessage.parse(message)).map(({ time, waves: blocks }) => [time, blocks]),
        ).toEqual(frames.flatMap(({ atMs, waves: blocks }) => (blocks ? [[startTime + atMs, blocks]] : [])));
      }
    },
  );
});
