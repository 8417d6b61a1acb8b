import { describe, expect, test } from 'vitest';
import { PRESET_REVISION } from '#domain/alarms/settings.ts';
import type { VitalId } from '#domain/vitals.ts';
import { createQuickBed, START } from './support/test-bed.ts';

/** Section 3 of docs/alarms-spec.md: limits, their levels and delays. */

describe('onset', () => {
  test.each<[VitalId, number, string[]]>([
    ['heart-rate', 50, []],
    ['heart-rate', 49, ['5 s onset heart-rate-low low-limit']],
    ['heart-rate', 40, ['5 s onset heart-rate-low low-limit']],
    ['heart-rate', 39, ['0 s onset heart-rate-low extreme-bradycardia']],
    ['heart-rate', 120, []],
    ['heart-rate', 121, ['5 s onset heart-rate-high high-limit']],
    ['heart-rate', 141, ['0 s onset heart-rate-high extreme-tachycardia']],
    ['spo2', 90, []],
    ['spo2', 89, ['10 s onset spo2-low low-limit']],
    ['spo2', 79, ['10 s onset spo2-low desaturation']],
    ['respiratory-rate', 7, ['5 s onset respiratory-rate-low low-limit']],
    ['nibp-systolic', 89, ['0 s onset nibp-systolic-low low-limit']],
  ])('C1, C2, C4: %s of %d from the start on tells %j', (id, value, told) => {
    expect(
      createQuickBed()
        .run(12, { [id]: value })
        .told(),
    ).toEqual(told);
  });

  test('C1: a row that is broken counts anew', () => {
    const bed = createQuickBed().run(4, { 'heart-rate': 45 }).run(1, { 'heart-rate': 50 }).run(5, { 'heart-rate': 45 });
    expect(bed.told()).toEqual([]);
    expect(bed.run(1, { 'heart-rate': 45 }).told()).toEqual(['10 s onset heart-rate-low low-limit']);
  });

  test('C1: what is not usable neither breaks the row nor lets time decide', () => {
    const bed = createQuickBed()
      .run(3, { 'heart-rate': 45 })
      .run(9, { 'heart-rate': [45, 'invalid'] });
    expect(bed.told()).toEqual([]);
    expect(bed.send({ 'heart-rate': 45 }).told()).toEqual(['12 s onset heart-rate-low low-limit']);
  });

  test('C2: what a slow link brings late has held already and is not waited for again', () => {
    const bed = createQuickBed().send({ 'heart-rate': 45 }, 9_000).send({ 'heart-rate': 45 }, 4_001);
    expect(bed.told()).toEqual([]);
    expect(bed.send({ 'heart-rate': 45 }, 4_000).told()).toEqual(['0 s onset heart-rate-low low-limit']);
    expect(bed.alarm('heart-rate-low')).toMatchObject({
      startedAt: START - 9_000,
      decidedAt: START,
      measuredAt: START - 4_000,
    });
  });

  test('C2: time alone decides while the value stands', () => {
    const bed = createQuickBed({ settings: { deviceSilentAfterMs: 15_000 } })
      .send({ 'heart-rate': 45 })
      .wait(6);
    expect(bed.told()).toEqual(['5 s onset heart-rate-low low-limit']);
  });
});

test('C3: one alarm a kind, however long and whatever else is wrong', () => {
  const bed = createQuickBed().run(60, { 'heart-rate': 45, 'pulse-rate': 45, spo2: 85 });
  expect(bed.told()).toEqual(['5 s onset heart-rate-low low-limit', '10 s onset spo2-low low-limit']);
});

test('C4, C5: what becomes worse is the same alarm, and it stays as bad as it was', () => {
  const bed = createQuickBed().run(6, { 'heart-rate': 45 });
  const { id } = bed.alarm('heart-rate-low') ?? {};
  bed.run(1, { 'heart-rate': 30 }).run(6, { 'heart-rate': 0 }).run(10, { 'heart-rate': 45 });
  expect(bed.told()).toEqual([
    '5 s onset heart-rate-low low-limit',
    '6 s escalated heart-rate-low extreme-bradycardia',
    '11 s escalated heart-rate-low asystole',
  ]);
  expect(bed.alarm('heart-rate-low')).toMatchObject({
    id,
    priority: 'high',
    condition: 'asystole',
    state: 'active',
    worst: 0,
  });
});

test('C2, E3: a latched alarm stands for what is milder; what is worse makes it active again, and worse', () => {
  const bed = createQuickBed().run(1, { 'heart-rate': 30 }).run(1, { 'heart-rate': 70 }).run(20, { 'heart-rate': 48 });
  expect(bed.told()).toEqual([
    '0 s onset heart-rate-low extreme-bradycardia',
    '1 s latched heart-rate-low extreme-bradycardia recovered',
  ]);
  bed.run(6, { 'heart-rate': 0 });
  expect(bed.told()).toEqual([
    '22 s recurred heart-rate-low extreme-bradycardia',
    '26 s escalated heart-rate-low asystole',
  ]);
});

describe('end', () => {
  test.each([
    ['heart-rate', 45, 51.9, false],
    ['heart-rate', 45, 52, true],
    ['heart-rate', 130, 118.1, false],
    ['heart-rate', 130, 118, true],
    ['spo2', 85, 90.5, false],
    ['spo2', 85, 91, true],
  ] as const)('C6: %s that alarmed at %d is at %d; over: %s', (id, bad, then, isOver) => {
    const bed = createQuickBed().run(12, { [id]: bad });
    expect(bed.open()).toHaveLength(1);
    expect(bed.send({ [id]: then }).open()).toHaveLength(isOver ? 0 : 1);
  });

  test('C6: an extreme that a setting of old left nearer than the limit is the mildest threshold, and its alarm does not flap', () => {
    const bed = createQuickBed({ settings: { vitals: { 'abp-mean': { low: 30, extremeLow: 40 } } } });
    expect(bed.run(60, { 'abp-mean': 39 }).told()).toEqual(['10 s onset abp-mean-low extreme-hypotension']);
    expect(bed.run(2, { 'abp-mean': 41.9 }).told()).toEqual([]);
    expect(bed.run(1, { 'abp-mean': 42 }).told()).toEqual(['62 s latched abp-mean-low extreme-hypotension recovered']);
  });

  test('C6: between the thresholds of an alarm that escalated it is not over', () => {
    const bed = createQuickBed()
      .run(1, { 'heart-rate': 35 })
      .acknowledge('heart-rate-low')
      .run(20, { 'heart-rate': 45 });
    expect(bed.open()).toMatchObject([{ condition: 'extreme-bradycardia', state: 'active' }]);
    expect(bed.run(1, { 'heart-rate': 52 }).open()).toEqual([]);
  });

  test('C6: apnoea without a limit ends with a breath', () => {
    const bed = createQuickBed({ settings: { vitals: { 'respiratory-rate': { low: null } } } });
    bed.run(40, { 'respiratory-rate': 3 }).run(21, { 'respiratory-rate': 0 }).acknowledge('respiratory-rate-low');
    expect(bed.open()).toMatchObject([{ condition: 'apnoea' }]);
    expect(bed.send({ 'respiratory-rate': 1 }).open()).toEqual([]);
  });

  test('C6: an alarm without a zero level ends with any value once its limit is taken away', () => {
    const bed = createQuickBed()
      .run(6, { cvp: -3 })
      .configure({ vitals: { cvp: { low: null } } });
    expect(bed.told()).toEqual(['5 s onset cvp-low low-limit', '6 s ended cvp-low low-limit limits-changed']);
  });
});

describe('settings that change', () => {
  test('C7: a value inside the new limits ends its alarm, one in the hysteresis does not', () => {
    const bed = createQuickBed().run(6, { 'heart-rate': 45 });
    expect(bed.configure({ vitals: { 'heart-rate': { low: 44 } } }).told()).toEqual([
      '5 s onset heart-rate-low low-limit',
    ]);
    expect(bed.configure({ vitals: { 'heart-rate': { low: 43 } } }).told()).toEqual([
      '6 s ended heart-rate-low low-limit limits-changed',
    ]);
  });

  test('C7: a value past the new limits counts from when it was measured', () => {
    const bed = createQuickBed()
      .send({ 'heart-rate': 60 })
      .wait(3)
      .configure({ vitals: { 'heart-rate': { low: 70 } } })
      .wait(3);
    expect(bed.told()).toEqual(['5 s onset heart-rate-low low-limit']);
  });

  test('C7: what counted goes on when other settings change', () => {
    const bed = createQuickBed()
      .run(4, { 'heart-rate': 45 })
      .configure({ vitals: { spo2: { low: 88 } } })
      .run(2, { 'heart-rate': 45 });
    expect(bed.told()).toEqual(['5 s onset heart-rate-low low-limit']);
  });

  test('C7: a delay made shorter acts when it is made so, not before', () => {
    const bed = createQuickBed()
      .run(10, { 'pulse-rate': null })
      .configure({ sensorOffDelayMs: 3_000 })
      .run(2, { 'pulse-rate': null });
    expect(bed.told()).toEqual(['10 s onset pulse-rate-signal sensor-off']);
  });

  test('C7: a delay and the time a value stands made shorter at once: it is announced when they are, and no later', () => {
    const bed = createQuickBed()
      .send({ spo2: 78 })
      .wait(9)
      .configure({ silentAfterMs: { continuous: 6_000 }, vitals: { spo2: { delayMs: 2_000, extremeDelayMs: 0 } } })
      .wait(1);
    expect(bed.told().filter((said) => said.includes(' spo2-'))).toEqual([
      '9 s onset spo2-low desaturation',
      '9 s latched spo2-low desaturation inhibited',
      '9 s onset spo2-signal no-data',
    ]);
  });

  test('C7: what was due before is decided by the settings of then', () => {
    const bed = createQuickBed({ settings: { deviceSilentAfterMs: 15_000 } }).send({ 'heart-rate': 45 });
    // No tick in between: the first that happens after the delay is the change itself.
    const later = createQuickBed({ settings: { deviceSilentAfterMs: 15_000 } }).send({ 'heart-rate': 45 });
    bed.wait(7).configure({ vitals: { 'heart-rate': { low: 40 } } });
    later.skip(7).configure({ vitals: { 'heart-rate': { low: 40 } } });
    expect(later.told()).toEqual(bed.told());
    expect(later.events().map(({ type, at }) => [type, at - START])).toEqual(
      expect.arrayContaining([
        ['onset', 5_000],
        ['ended', 7_000],
      ]),
    );
  });
});

test('C8: an alarm names the settings version, the reading and the threshold of its onset and of its escalation', () => {
  const bed = createQuickBed().run(3, { 'heart-rate': 44 }).run(3, { 'heart-rate': 46 });
  expect(bed.alarm('heart-rate-low')).toMatchObject({
    config: { preset: 'adult', presetRevision: PRESET_REVISION, unit: null, patient: null },
    startedAt: START,
    decidedAt: START + 5_000,
    measuredAt: START + 5_000,
    receivedAt: START + 5_000,
    value: 46,
    limit: 50,
    worst: 46,
  });
  bed.run(1, { 'heart-rate': 43 });
  expect(bed.alarm('heart-rate-low')).toMatchObject({ value: 46, limit: 50, worst: 43 });
  bed.run(1, { 'heart-rate': 38 }).run(1, { 'heart-rate': 36 });
  expect(bed.alarm('heart-rate-low')).toMatchObject({
    value: 38,
    limit: 40,
    worst: 36,
    startedAt: START,
    decidedAt: START + 5_000,
  });
});

test('C8: a recurrence names the threshold that its value passed', () => {
  const bed = createQuickBed().run(1, { 'heart-rate': 35 }).run(1, { 'heart-rate': 60 }).run(6, { 'heart-rate': 38 });
  expect(bed.told().at(-1)).toBe('2 s recurred heart-rate-low extreme-bradycardia');
  expect(bed.alarm('heart-rate-low')).toMatchObject({ value: 38, limit: 40, worst: 35, recurrences: 1 });
});
