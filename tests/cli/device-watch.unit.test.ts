import { describe, expect, it, test } from 'vitest';
import type { Gap } from '#contracts/http/gaps.ts';
import type { MessageFate } from '#contracts/http/message-fate.ts';
import type { Refusal } from '#contracts/http/refusals.ts';
import type { Rejected } from '#contracts/http/rejected.ts';
import type { LiveDevice, ServerFrame } from '#contracts/live.ts';
import { fateText } from '../../cli/device/fate-text.ts';
import { happeningJson, happeningText } from '../../cli/device/happening.ts';
import { createGapNews, createRefusalNews, createRejectedNews } from '../../cli/device/losses-of.ts';
import { createPresence } from '../../cli/device/presence-of.ts';
import { liveDevice } from '../support/live-device.ts';

const DEVICE = liveDevice({ bed: 'a-01', state: 'unknown', since: null, data: 'none', lastLiveAt: null });

const snapshot = (devices: LiveDevice[], time = 1_000): ServerFrame => ({
  type: 'snapshot',
  unit: 'a',
  name: 'A',
  seq: 1,
  epoch: 'e1',
  time,
  beds: [],
  devices,
  stationAlarms: [],
});

const changed = (device: Partial<LiveDevice>, time: number): ServerFrame => ({
  type: 'device',
  unit: 'a',
  seq: 2,
  epoch: 'e1',
  time,
  device: { ...DEVICE, ...device },
});

const heard = (bed: string, time: number): ServerFrame => ({
  type: 'vitals',
  unit: 'a',
  seq: 3,
  epoch: 'e1',
  time,
  beds: { [bed]: { 'heart-rate': { value: 72, time } } },
});

const typesOf = (happenings: readonly { type: string }[]): string[] => happenings.map(({ type }) => type);

describe('What live frames tell of a device', () => {
  it('is all of it at first, and then only what changes', () => {
    const { take } = createPresence('m1');
    expect(typesOf(take(snapshot([DEVICE])))).toEqual(['placed', 'unheard', 'silent']);
    expect(take(snapshot([DEVICE]))).toEqual([]);
    expect(typesOf(take(changed({ state: 'online', since: 2_000 }, 2_000)))).toEqual(['connected']);
    expect(typesOf(take(changed({ state: 'online', data: 'late' }, 3_000)))).toEqual(['late']);
    expect(typesOf(take(changed({ state: 'online', data: 'refused' }, 4_000)))).toEqual(['all-refused']);
    expect(typesOf(take(changed({ state: 'online', data: 'live' }, 5_000)))).toEqual([]);
    expect(typesOf(take(changed({ state: 'offline', data: 'live' }, 6_000)))).toEqual(['disconnected']);
    expect(take(changed({ id: 'm2', state: 'online' }, 7_000))).toEqual([]);
  });

  it('is what its bed shows, and not what another does', () => {
    const { take } = createPresence('m1');
    expect(take(heard('a-01', 500))).toEqual([]);
    take(snapshot([DEVICE]));
    expect(take(heard('a-02', 2_000))).toEqual([]);
    expect(take(heard('a-01', 2_000))).toMatchObject([{ type: 'live', at: 2_000 }]);
    take(changed({ bed: null }, 3_000));
    expect(take(heard('a-01', 4_000))).toEqual([]);
  });

  it('is nothing once it is in another unit', () => {
    const { take, isHere } = createPresence('m1');
    take(snapshot([DEVICE]));
    expect(isHere()).toBe(true);
    expect(take(snapshot([{ ...DEVICE, id: 'm2' }]))).toEqual([]);
    expect(isHere()).toBe(false);
    expect(typesOf(take(snapshot([DEVICE])))).toEqual(['placed', 'unheard', 'silent']);
  });
});

const refusal = (count: number, detail = 'bad user name or password'): Refusal => ({
  reason: 'bad-credentials',
  name: 'm1',
  address: '10.0.0.5',
  detail,
  count,
  firstAt: 1_000,
  lastAt: 1_000 + count,
});

test('a refusal is told as often as it happened, also after the station began to count anew', () => {
  const news = createRefusalNews();
  expect(news([refusal(2)])).toMatchObject([{ type: 'refused', at: 1_002, count: 2 }]);
  expect(news([refusal(2)])).toEqual([]);
  expect(news([refusal(5)])).toMatchObject([{ count: 3 }]);
  expect(news([])).toEqual([]);
  expect(news([refusal(1)])).toMatchObject([{ count: 1 }]);
});

const rejected = (receivedAt: number, detail = 'too high'): Rejected => ({
  receivedAt,
  topic: 'ward/v1/a/m1/vitals',
  device: 'm1',
  reason: 'value-implausible',
  detail,
  payload: '',
  payloadBytes: 0,
});

test('each rejected entry is told once, also of several that are equal, the oldest first', () => {
  const news = createRejectedNews(4, 1_000);
  expect(news([rejected(1_200), rejected(1_100), rejected(999)]).map(({ at }) => at)).toEqual([1_100, 1_200]);
  expect(news([rejected(1_200), rejected(1_200), rejected(1_100)]).map(({ at }) => at)).toEqual([1_200]);
  expect(news([rejected(1_200), rejected(1_200), rejected(1_100)])).toEqual([]);
  // It was received before the others, and written after them.
  expect(news([rejected(1_200), rejected(1_200), rejected(1_150), rejected(1_100)]).map(({ at }) => at)).toEqual([
    1_150,
  ]);
});

test('that more was rejected than an answer can hold is told', () => {
  const news = createRejectedNews(2, 0);
  expect(typesOf(news([rejected(2), rejected(1)]))).toContain('rejected-unlisted');
  expect(typesOf(news([rejected(3), rejected(2)]))).toEqual(['rejected']);
  expect(typesOf(news([rejected(9), rejected(8)]))).toContain('rejected-unlisted');
});

const gap = (change: Partial<Gap> = {}): Gap => ({
  device: 'm1',
  channel: 'vitals',
  boot: 'b',
  fromSeq: 4,
  toSeq: 6,
  missing: 3,
  openedAt: 1_000,
  closedAt: null,
  ...change,
});

test('a gap is told when it opens, when it changes and when it closes', () => {
  const news = createGapNews();
  expect(news([gap()])).toMatchObject([{ type: 'missing', at: 1_000, missing: 3 }]);
  expect(news([gap()])).toEqual([]);
  expect(news([gap({ missing: 1 })])).toMatchObject([{ type: 'missing', missing: 1 }]);
  expect(news([gap({ missing: 0, closedAt: 2_000 })])).toMatchObject([{ type: 'complete', at: 2_000 }]);
  expect(news([gap({ missing: 0, closedAt: 2_000 })])).toEqual([]);
  expect(createGapNews()([gap({ closedAt: 2_000 })])).toEqual([]);
});

test('every happening has words, with what is needed to act on it', () => {
  const at = Date.parse('2026-11-30T12:00:00Z');
  const text = (happening: Parameters<typeof happeningText>[0]) => happeningText(happening).slice(21);
  expect(happeningText({ type: 'connected', at })).toMatch(/^2026-11-30 \d\d:\d\d:00 {2}connected$/);
  expect(text({ type: 'placed', at, unit: 'a', bed: 'a-01' })).toBe('stands at bed a-01 of unit a');
  expect(text({ type: 'placed', at, unit: 'a', bed: null })).toMatch(/no bed of unit a/);
  expect(
    text({
      type: 'live',
      at,
      vitals: { 'heart-rate': { value: 72, time: at }, spo2: { value: null, time: at, quality: 'questionable' } },
    }),
  ).toBe('live: heart-rate 72, spo2 no value (questionable)');
  const [refused] = createRefusalNews()([refusal(3)]);
  expect(refused && text(refused)).toBe('refused bad-credentials: bad user name or password (from 10.0.0.5, 3 times)');
  const [missing] = createGapNews()([gap()]);
  expect(missing && text(missing)).toBe('missing: 3 of vitals 4 to 6 did not arrive');
  expect(happeningJson({ type: 'connected', at })).toEqual({ time: '2026-11-30T12:00:00.000Z', type: 'connected' });
});

describe('A message in one line', () => {
  const fate: MessageFate = {
    ...{ at: 1_000, topic: 'ward/v1/a/m1/vitals', channel: 'vitals', qos: 1, bytes: 90, isRepeat: false },
    ...{ isStored: true, bed: 'a-01', boot: 'b', seq: 1, time: 900, messages: 1, taken: 2, late: 0 },
    vitals: [
      { id: 'heart-rate', value: 72, unit: '/min' },
      { id: 'spo2', value: null, unit: '%', quality: 'questionable' },
    ],
    ...{ waves: [], status: null, refused: 1 },
    faults: [{ reason: 'unit-unconvertible', detail: 'temperature: degrees is not convertible to Cel' }],
  };

  it('tells what was taken, in which unit, and what was refused and why', () => {
    expect(fateText(fate)).toBe(
      'vitals (90 bytes, QoS 1): 2 taken: heart-rate 72 /min, spo2 no value (questionable); ' +
        '1 refused: unit-unconvertible temperature: degrees is not convertible to Cel',
    );
  });

  it('tells what is late, for nobody, not told one by one, or not stored', () => {
    const text = fateText({ ...fate, taken: 5, late: 5, bed: null, isStored: false, refused: 3 });
    expect(text).toContain('5 taken, 5 of them late: heart-rate 72 /min, spo2 no value (questionable) and 3 more');
    expect(text).toContain('not convertible to Cel and 2 more');
    expect(text).toContain('stored for no bed');
    expect(text).toContain('not stored');
  });

  it('tells what a device reports of itself, and what came where it may not publish', () => {
    const nothing: MessageFate = { ...fate, taken: 0, vitals: [], refused: 0, faults: [], qos: null };
    const status = { state: 'online', battery: 80, interval: 30 } as const;
    expect(fateText({ ...nothing, channel: 'status', status })).toBe(
      'status (90 bytes): told: online, battery 80 %, every 30 s',
    );
    const wave = { id: 'ecg-ii', rate: 250, samples: 50, unit: 'mV' } as const;
    expect(fateText({ ...nothing, channel: 'waves', taken: 1, waves: [wave] })).toContain(
      '1 taken: ecg-ii 50 samples at 250 Hz',
    );
    const faults: MessageFate['faults'] = [{ reason: 'topic-invalid', detail: 'expected ward/v1' }];
    expect(fateText({ ...nothing, channel: null, topic: 'x/y', refused: 1, faults })).toBe(
      'x/y (90 bytes): 1 refused: topic-invalid expected ward/v1',
    );
  });
});
