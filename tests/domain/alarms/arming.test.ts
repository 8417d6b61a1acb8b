import { describe, expect, test } from 'vitest';
import { PRESETS } from '#domain/alarms/settings.ts';
import type { VitalId } from '#domain/vitals.ts';
import { createTestBed, type Sent, type SentVitals, type TestBed } from './support/test-bed.ts';

/** When 0 is a standstill: B2, B3, B5 and B6 of docs/alarms-spec.md. */

const openOf = (bed: TestBed): string[] => bed.open().map(({ condition, priority }) => `${condition} ${priority}`);

describe('heart rate 0', () => {
  test('B6: as the very first value is no asystole, and after 10 s is told as what it is', () => {
    const bed = createTestBed().run(40, { 'heart-rate': 0 });
    expect(bed.told()).toEqual(['10 s onset heart-rate-low no-beats']);
    expect(openOf(bed)).toEqual(['no-beats medium']);
  });

  test.each<[string, SentVitals]>([
    ['no pulse', { 'pulse-rate': 0 }],
    ['a pulse that cannot be measured', { 'pulse-rate': null }],
    ['no breath', { 'respiratory-rate': 0 }],
    ['neither', { 'pulse-rate': 0, 'respiratory-rate': null, spo2: 0 }],
  ])('B6: with %s it is of high priority', (_what, others) => {
    const bed = createTestBed().run(12, { 'heart-rate': 0, ...others });
    expect(bed.told()).toEqual(['10 s onset heart-rate-low no-signs']);
    expect(openOf(bed)).toEqual(['no-signs high']);
  });

  test('B6: beside breaths it stays of medium priority', () => {
    expect(openOf(createTestBed().run(30, { 'heart-rate': 0, 'respiratory-rate': 14 }))).toEqual(['no-beats medium']);
  });

  test.each<[number, string[]]>([
    [10, ['no-beats medium']],
    [11, ['asystole high']],
  ])('B2: after %i s of beats it is %j', (seconds, open) => {
    expect(openOf(createTestBed().run(seconds, { 'heart-rate': 70 }).run(15, { 'heart-rate': 0 }))).toEqual(open);
  });

  test('B2: beats that a zero interrupts begin anew', () => {
    const bed = createTestBed().run(8, { 'heart-rate': 70 }).run(2, { 'heart-rate': 0 }).run(8, { 'heart-rate': 70 });
    expect(openOf(bed.run(12, { 'heart-rate': 0 }))).toEqual(['no-beats medium']);
  });

  test.each<[VitalId, SentVitals]>([
    ['pulse-rate', { 'pulse-rate': 66 }],
    ['spo2', { spo2: 97 }],
    ['nibp-systolic', { 'nibp-systolic': 120 }],
    ['abp-systolic', { 'abp-systolic': 120, 'abp-diastolic': 70 }],
  ])('B2: one %s is enough of a pulse for it to be asystole', (_id, evidence) => {
    const bed = createTestBed().send(evidence).run(6, { 'heart-rate': 0 });
    expect(bed.told().at(-1)).toBe('4 s escalated heart-rate-low asystole');
  });

  test.each<[string, SentVitals]>([
    ['a pulse in doubt', { 'pulse-rate': [66, 'questionable'] }],
    ['a pulse of 0', { 'pulse-rate': 0 }],
    ['an arterial line without a pulse', { 'abp-systolic': 14, 'abp-diastolic': 12 }],
    ['a breath', { 'respiratory-rate': 14 }],
  ])('B2: %s is not', (_what, evidence) => {
    const bed = createTestBed().send(evidence).run(14, { 'heart-rate': 0 });
    expect(bed.open().map(({ condition }) => condition)).not.toContain('asystole');
  });

  test('B2: what was seen once holds through a restart and another device, and not for another patient', () => {
    const zero = (bed: TestBed) => bed.run(12, { 'heart-rate': 0 }).alarm('heart-rate-low')?.condition;
    const beating = () => createTestBed().run(20, { 'heart-rate': 70 });
    const move = (bed: TestBed, device: string, encounter: number) =>
      bed.tell({ type: 'occupied', device, encounter, config: bed.config() });
    expect(zero(beating().away(3_600))).toBe('asystole');
    expect(zero(move(beating(), 'monitor-2', 1))).toBe('asystole');
    expect(zero(move(beating(), 'monitor-1', 2))).toBe('no-beats');
  });

  test('B2: one reading is none, however long it stands', () => {
    const bed = createTestBed({ settings: { deviceSilentAfterMs: 15_000 } }).run(20, { 'heart-rate': 70 });
    bed.send({ 'heart-rate': 0 }).wait(14);
    expect(bed.told().filter((line) => line.includes('asystole'))).toEqual([]);
  });

  test('B5: beside a pulse that goes on it stays high, and names it', () => {
    const bed = createTestBed()
      .run(20, { 'heart-rate': 70, 'pulse-rate': 70 })
      .run(8, { 'heart-rate': 0, 'pulse-rate': 70 });
    expect(bed.alarm('heart-rate-low')).toMatchObject({
      condition: 'asystole',
      priority: 'high',
      also: [{ vital: 'pulse-rate', value: 70, limit: null }],
    });
  });

  test('B5: when that pulse is gone it is told again, unanswered and without it', () => {
    const bed = createTestBed()
      .run(20, { 'heart-rate': 70, 'pulse-rate': 70 })
      .run(8, { 'heart-rate': 0, 'pulse-rate': 70 })
      .acknowledge('heart-rate-low')
      .run(4, { 'heart-rate': 0, 'pulse-rate': null });
    bed.told();
    expect(bed.run(3, { 'heart-rate': 0, 'pulse-rate': null }).told()).toEqual([
      '33 s escalated heart-rate-low asystole',
    ]);
    expect(bed.alarm('heart-rate-low')).toMatchObject({ acknowledged: null });
    expect(bed.alarm('heart-rate-low')?.also).toBeUndefined();
    expect(bed.run(2, { 'heart-rate': 0, 'pulse-rate': 64 }).told()).toEqual(['35 s changed heart-rate-low asystole']);
  });

  test('B5, C8: beside a rate that is only too low a pulse that is gone is not told as a standstill; the next standstill is', () => {
    const bed = createTestBed()
      .run(20, { 'heart-rate': 70, 'pulse-rate': 70 })
      .run(8, { 'heart-rate': 0, 'pulse-rate': 70 })
      .acknowledge('heart-rate-low');
    bed.told();
    expect(bed.run(10, { 'heart-rate': 40, 'pulse-rate': null }).told()).toEqual([]);
    expect(bed.run(4, { 'heart-rate': 0, 'pulse-rate': null }).told()).toEqual([]);
    expect(bed.run(1, { 'heart-rate': 0, 'pulse-rate': null }).told()).toEqual([
      '42 s escalated heart-rate-low asystole',
    ]);
    expect(bed.alarm('heart-rate-low')).toMatchObject({ acknowledged: null, value: 0, limit: 0 });
  });

  test('B6: everything at 0 at once, the saturation too, is a cable or a death: told so, of high priority', () => {
    const zero: Sent = 0;
    const bed = createTestBed()
      .run(20, { 'heart-rate': 70, 'pulse-rate': 70, spo2: 97, 'respiratory-rate': 14 })
      .run(8, { 'heart-rate': zero, 'pulse-rate': zero, spo2: zero, 'respiratory-rate': zero });
    expect(openOf(bed)).toEqual(['no-signs high']);
  });

  test('B2: by the first rules it is asystole from the first value on', () => {
    const bed = createTestBed({ config: { ...PRESETS.adult, rules: 1 } }).run(8, { 'heart-rate': 0 });
    expect(openOf(bed)).toEqual(['asystole high']);
  });
});

describe('respiratory rate 0', () => {
  test('B3: breaths that were seen count with another device, not for another patient', () => {
    const zero = (bed: TestBed) =>
      bed
        .run(25, { 'respiratory-rate': 0 })
        .open()
        .map(({ condition }) => condition);
    const breathing = () => createTestBed().run(40, { 'respiratory-rate': 14 });
    const move = (bed: TestBed, encounter: number) =>
      bed.tell({ type: 'occupied', device: 'monitor-2', encounter, config: bed.config() });
    expect(zero(move(breathing(), 1))).toEqual(['apnoea']);
    expect(zero(move(breathing(), 2))).toEqual(['sensor-off']);
  });
});
