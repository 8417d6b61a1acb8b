import { afterAll, beforeAll, expect, test } from 'vitest';
import { SettingsProblemError, type WhatIf, type WhatIfQuestion } from '#contracts/http/review.ts';
import { type AlarmOverrides, PRESETS } from '#domain/alarms/settings.ts';
import { recomputeWhatIf } from '../../review/what-if.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { acknowledge, createHistory, livelyQuarter, START } from './support/history.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const HOUR = { fromMs: START + 1, toMs: START + 900_000 };

const ask = async (bed: string, overrides: AlarmOverrides, more: Partial<WhatIfQuestion> = {}): Promise<WhatIf> => {
  const { signal = new AbortController().signal, onProgress, ...rest } = more;
  const steps = recomputeWhatIf(database.pool, { beds: [bed], ...HOUR, overrides, ...rest }, signal);
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
    onProgress?.(step.value);
  }
};

test('with nothing changed before and after are the same, and as announced', async () => {
  await livelyQuarter(await createHistory(database.pool, 'same'));
  const { before, after, silenced, beds, notes } = await ask('same', {});
  expect(after).toEqual(before);
  expect({ silenced, beds, notes }).toEqual({ silenced: [], beds: ['same'], notes: [] });
  const { rows } = await database.pool.query(
    `select priority, count(*)::int as alarms from alarms where bed_id = 'same' group by 1`,
  );
  expect(before.byPriority).toMatchObject(Object.fromEntries(rows.map(({ priority, alarms }) => [priority, alarms])));
});

test('a lower limit silences an excursion, which is listed with its depth and length', async () => {
  await livelyQuarter(await createHistory(database.pool, 'lower'));
  const { before, after, silenced } = await ask('lower', { vitals: { 'heart-rate': { low: 44 } } });
  expect(before.byKind['heart-rate-low']).toBe(1);
  expect(after.byKind['heart-rate-low']).toBeUndefined();
  expect(before.byKind['spo2-low']).toBe(after.byKind['spo2-low']);
  expect(silenced).toMatchObject([
    {
      bed: 'lower',
      kind: 'heart-rate-low',
      vital: 'heart-rate',
      side: 'low',
      priority: 'medium',
      limit: 50,
      farthest: 45,
      past: 5,
    },
  ]);
  expect(silenced[0]?.lengthMs).toBeGreaterThan(39_000);
  expect(silenced[0]?.lengthMs).toBeLessThan(41_500);
});

test('a longer delay silences what is shorter, a tighter limit alarms more', async () => {
  const history = await createHistory(database.pool, 'delay');
  history.input(START, { type: 'occupied', device: history.device, encounter: null, config: PRESETS.adult });
  history.checkpoint();
  for (let second = 1; second < 300; second++) {
    const isLow = (second >= 50 && second < 65) || (second >= 100 && second < 130);
    await history.message(START + second * 1_000, { spo2: isLow ? 86 : 97 });
  }
  await history.store();
  const longer = await ask('delay', { vitals: { spo2: { delayMs: 20_000 } } }, { toMs: START + 300_000 });
  expect(longer.before.byKind).toEqual({ 'spo2-low': 2 });
  expect(longer.after.byKind).toEqual({ 'spo2-low': 1 });
  expect(longer.silenced).toMatchObject([{ from: new Date(START + 50_000).toISOString(), past: 4 }]);
  const tighter = await ask('delay', { vitals: { spo2: { high: 96 } } }, { toMs: START + 300_000 });
  expect(tighter.after.byKind).toEqual({ 'spo2-low': 2, 'spo2-high': 3 });
  expect(tighter.silenced).toEqual([]);
});

test('a device whose clock is ahead: what alarms in both runs is not listed as silenced', async () => {
  const history = await createHistory(database.pool, 'ahead');
  history.input(START, { type: 'occupied', device: history.device, encounter: null, config: PRESETS.adult });
  history.checkpoint();
  for (let second = 1; second < 120; second++) {
    const at = START + second * 1_000;
    const isStopped = second >= 50 && second < 60;
    await history.message(at, { 'heart-rate': isStopped ? 0 : 80 }, { time: at + 25_000 });
  }
  await history.store();
  const { before, after, silenced } = await ask('ahead', { vitals: { 'heart-rate': { high: 118 } } });
  expect(before.byKind).toMatchObject({ 'heart-rate-low': 1 });
  expect(after.byKind).toMatchObject({ 'heart-rate-low': 1 });
  expect(silenced).toEqual([]);
});

test('what an operator acknowledged is acknowledged in the other run too, though its id is another', async () => {
  const history = await createHistory(database.pool, 'seen');
  history.input(START, { type: 'occupied', device: history.device, encounter: null, config: PRESETS.adult });
  history.checkpoint();
  for (let second = 1; second < 200; second++) {
    const spo2 = (second >= 50 && second < 80) || (second >= 120 && second < 150) ? 75 : 97;
    await history.message(START + second * 1_000, { 'heart-rate': second > 20 && second < 40 ? 45 : 80, spo2 });
    if (second === 70 || second === 140) acknowledge(history, START + second * 1_000, 'spo2-low');
  }
  await history.store();
  // Without the first alarm the second has another number. Were it not acknowledged, it would latch and be one with the third.
  const { before, after } = await ask('seen', { vitals: { 'heart-rate': { low: 44 } } }, { toMs: START + 200_000 });
  expect(before.byKind).toEqual({ 'heart-rate-low': 1, 'spo2-low': 2 });
  expect(after.byKind).toEqual({ 'spo2-low': 2 });
});

test('settings that make no sense are refused with every problem', async () => {
  await livelyQuarter(await createHistory(database.pool, 'nonsense'));
  const refusal = await ask('nonsense', { vitals: { spo2: { low: 70 }, 'heart-rate': { low: 130 } } }).catch(
    (error: unknown) => error,
  );
  expect(refusal).toBeInstanceOf(SettingsProblemError);
  expect(refusal).toMatchObject({
    problems: expect.arrayContaining([
      'spo2: extremeLow 80 must not be above low 70',
      'heart-rate: low 130 must be below high 120',
    ]),
  });
});

test('it tells how far it is, and stops when nobody waits', async () => {
  await livelyQuarter(await createHistory(database.pool, 'progress'));
  const shares: number[] = [];
  await ask('progress', {}, { onProgress: ({ done }) => shares.push(done) });
  expect(shares.length).toBeGreaterThan(0);
  expect(shares).toEqual([...shares].sort((one, other) => one - other));
  const leaving = new AbortController();
  const asked = ask('progress', {}, { signal: leaving.signal, onProgress: () => leaving.abort(new Error('left')) });
  await expect(asked).rejects.toThrow('left');
});

test('a bed of which nothing is known is named', async () => {
  await createHistory(database.pool, 'empty');
  expect(await ask('empty', {})).toMatchObject({
    beds: [],
    bedDays: 0,
    notes: ['empty: nothing is stored of what was decided then'],
  });
});
