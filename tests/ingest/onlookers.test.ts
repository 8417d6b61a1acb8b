import { afterAll, beforeAll, expect, test } from 'vitest';
import { MessageFate } from '#contracts/http/message-fate.ts';
import { createIngestWard, deviceOf, type IngestWard } from '../support/ingest-ward.ts';

/** What somebody who sets up a device is told of its messages, and what is known of how often it sends. */

let ward: IngestWard;

beforeAll(async () => {
  ward = await createIngestWard({ beds: ['a', 'b'] });
  await ward.start();
});

afterAll(() => ward?.dispose());

const follow = (bed: string) => {
  const fates: MessageFate[] = [];
  const end = ward.ingest().deviceWatch.follow(deviceOf(bed), (fate) => fates.push(MessageFate.parse(fate)));
  return { fates, end };
};

test('a message is told with what was taken of it, in which unit, and what was refused and why', async () => {
  const { fates, end } = follow('a');
  const time = ward.now();
  await ward.measure(
    'a',
    { 'heart-rate': 72, temperature: { value: 98.6, unit: '[degF]' }, 'nibp-systolic': { value: 120, unit: 'mmhgs' } },
    { time, boot: 'b1', seq: 7 },
  );
  end();
  await ward.measure('a', { 'heart-rate': 73 });
  expect(fates).toHaveLength(1);
  expect(fates[0]).toMatchObject({
    topic: `ward/v1/icu/${deviceOf('a')}/vitals`,
    channel: 'vitals',
    bed: 'a',
    boot: 'b1',
    seq: 7,
    messages: 1,
    taken: 2,
    late: 0,
    refused: 1,
    isStored: true,
    vitals: [
      { id: 'heart-rate', value: 72, unit: '/min' },
      { id: 'temperature', value: 37, unit: 'Cel' },
    ],
    faults: [{ reason: 'unit-unconvertible', detail: expect.stringContaining('mmhgs') }],
  });
});

test('only the device that is followed is told of, and each follower is told once', async () => {
  const [first, second] = [follow('a'), follow('a')];
  await ward.measure('b', { 'heart-rate': 70 });
  await ward.measure('a', { 'heart-rate': 71 });
  first.end();
  first.end();
  await ward.measure('a', { 'heart-rate': 72 });
  second.end();
  const rates = ({ fates }: typeof first) => fates.map(({ vitals }) => vitals[0]?.value);
  expect([rates(first), rates(second)]).toEqual([[71], [71, 72]]);
});

test('what is late, what cannot be read, what a device reports of itself and what it sends elsewhere is told', async () => {
  const { fates, end } = follow('a');
  await ward.measure('a', { 'heart-rate': 72 }, { time: ward.now() - 600_000 });
  await ward.tell('a', { state: 'online', battery: 80, firmware: '1.2' });
  const device = deviceOf('a');
  const { sink } = ward.ingest();
  const message = { device, receivedAt: ward.now(), payload: Buffer.from('{"vitals":'), topic: 'ward/v1/icu/a/vitals' };
  await new Promise<void>((stored) => sink.take({ ...message, channel: 'vitals', isRepeat: false, qos: 1 }, stored));
  await new Promise<void>((stored) =>
    sink.refuse({ ...message, topic: 'elsewhere', reason: 'topic-invalid', detail: 'expected ward/v1' }, stored),
  );
  sink.show({ ...message, payload: Buffer.from('{"vitals":{"spo2":97}}'), channel: 'vitals', isRepeat: true, qos: 0 });
  end();
  expect(fates).toMatchObject([
    { taken: 1, late: 1, refused: 0 },
    { channel: 'status', taken: 0, refused: 0, status: { state: 'online', battery: 80, firmware: '1.2' } },
    { channel: 'vitals', taken: 0, refused: 1, qos: 1, bytes: 10, faults: [{ reason: 'payload-malformed' }] },
    { channel: null, topic: 'elsewhere', refused: 1, faults: [{ reason: 'topic-invalid' }] },
    { channel: 'vitals', taken: 1, isStored: false, isRepeat: true, qos: 0 },
  ]);
});

test('a batch is counted whole and told up to a bound', async () => {
  const { fates, end } = follow('b');
  const time = ward.now();
  const batch = Array.from({ length: 100 }, (_, seq) => ({
    ...{ time: time - 1_000 * (100 - seq), boot: 'b', seq },
    vitals: { 'heart-rate': 60 + (seq % 40) },
  }));
  await new Promise<void>((stored) =>
    ward.ingest().sink.take(
      {
        ...{ device: deviceOf('b'), channel: 'vitals', topic: 'ward/v1/icu/b-monitor/vitals', receivedAt: time },
        ...{ payload: Buffer.from(JSON.stringify(batch)), isRepeat: false },
      },
      stored,
    ),
  );
  end();
  expect(fates[0]).toMatchObject({ messages: 100, taken: 100, seq: 99 });
  expect(fates[0]?.vitals).toHaveLength(64);
});

test('how often a device sends is known from its arrivals, and of no device that is not registered', async () => {
  const { deviceWatch } = ward.ingest();
  await ward.measure('b', { 'heart-rate': 70 }, { boot: 'c', seq: 1 });
  ward.advance(2_000);
  await ward.measure('b', { 'heart-rate': 70 }, { boot: 'c', seq: 4 });
  await ward.tell('b', { state: 'online', interval: 30 });
  const rhythm = await deviceWatch.rhythm(deviceOf('b'));
  const [before = 0, last = 0] = rhythm?.arrivals.slice(-2) ?? [];
  expect(last - before).toBeGreaterThanOrEqual(2_000);
  expect(rhythm).toMatchObject({
    boot: 'c',
    seq: 4,
    gaps: [{ at: last, missing: 2 }],
    interval: { setMs: null, inForceMs: null, toldMs: 30_000, proposedMs: null },
  });
  expect(rhythm?.boots.at(-1)).toBe(before);
  expect(await deviceWatch.rhythm('nobody')).toBeUndefined();
});
