import { describe, expect, test } from 'vitest';
import { signalOf } from '#domain/alarms/signal.ts';
import { createTestBed } from './support/test-bed.ts';

/** Vitals that are announced as one: C4, C9 and D9 of docs/alarms-spec.md. */

describe('one measurement', () => {
  test.each([
    ['abp', { 'abp-systolic': 70, 'abp-diastolic': 35, 'abp-mean': 47 }, 'abp-systolic-low', '5'],
    ['nibp', { 'nibp-systolic': 70, 'nibp-diastolic': 35, 'nibp-mean': 47 }, 'nibp-systolic-low', '0'],
    ['abp', { 'abp-systolic': 190, 'abp-diastolic': 110, 'abp-mean': 137 }, 'abp-systolic-high', '5'],
  ])('C9: %s %j is one announcement that names all three', (name, pressures, kind, second) => {
    const bed = createTestBed().run(8, pressures);
    expect(bed.told()).toEqual([`${second} s onset ${kind} ${kind.endsWith('low') ? 'low' : 'high'}-limit`]);
    const alarm = bed.alarm(kind);
    expect(alarm?.also?.map(({ vital, value }) => [vital, value])).toEqual(
      Object.entries(pressures)
        .slice(1)
        .map(([vital, value]) => [vital, value]),
    );
    expect(alarm?.also?.every(({ limit, vital }) => limit !== null && vital.startsWith(name))).toBe(true);
  });

  test('C9: it ends when all of it is inside, and is named after what still holds it', () => {
    const bed = createTestBed().run(8, { 'abp-systolic': 80, 'abp-mean': 55, 'abp-diastolic': 60 });
    bed.told();
    bed.run(2, { 'abp-systolic': 95, 'abp-mean': 55, 'abp-diastolic': 60 });
    expect(bed.told()).toEqual(['8 s changed abp-systolic-low low-limit']);
    expect(bed.open()).toMatchObject([{ vital: 'abp-mean', value: 55, limit: 60, state: 'active' }]);
    expect(bed.run(1, { 'abp-systolic': 95, 'abp-mean': 70, 'abp-diastolic': 60 }).told()).toEqual([
      '10 s ended abp-systolic-low low-limit recovered',
    ]);
  });

  test('C9: what becomes as bad later joins it, what becomes worse makes it worse', () => {
    const bed = createTestBed().run(8, { 'heart-rate': 130, 'pulse-rate': 110 });
    expect(bed.told()).toEqual(['5 s onset heart-rate-high high-limit']);
    expect(bed.open()[0]?.also).toEqual([{ vital: 'pulse-rate', value: 110, limit: null }]);
    bed.run(8, { 'heart-rate': 130, 'pulse-rate': 128 });
    expect(bed.told()).toEqual(['13 s changed heart-rate-high high-limit']);
    expect(bed.open()[0]?.also).toEqual([{ vital: 'pulse-rate', value: 128, limit: 120 }]);
    bed.run(8, { 'heart-rate': 130, 'pulse-rate': 150 });
    expect(bed.told()).toEqual(['21 s escalated heart-rate-high extreme-tachycardia']);
    expect(bed.open()).toMatchObject([{ vital: 'pulse-rate', value: 150, limit: 140 }]);
  });

  test('C9: heart and pulse rate past opposite limits are two alarms', () => {
    const bed = createTestBed().run(8, { 'heart-rate': 130, 'pulse-rate': 45 });
    expect(bed.told()).toEqual(['5 s onset heart-rate-high high-limit', '5 s onset pulse-rate-low low-limit']);
  });

  test('C9, E6: a limit that is off hides nothing that is announced with it', () => {
    const off = { type: 'inactivate', by: 'Ada', what: 'alarm-off', until: null } as const;
    const bed = createTestBed().tell({ ...off, kind: 'heart-rate-high' });
    bed.run(8, { 'heart-rate': 130, 'pulse-rate': 110 });
    const isSeen = () => bed.open().map((alarm) => signalOf(alarm, bed.state().inactivations).isSeen);
    expect(isSeen()).toEqual([false]);
    expect(bed.run(8, { 'heart-rate': 130, 'pulse-rate': 130 }) && isSeen()).toEqual([true]);
    bed.tell({ ...off, kind: 'pulse-rate-high' });
    expect(isSeen()).toEqual([false]);
  });

  test('C9, D3: one whose signal is lost leaves it to the others', () => {
    const bed = createTestBed()
      .run(8, { 'heart-rate': 45, 'pulse-rate': 45 })
      .run(22, { 'heart-rate': null, 'pulse-rate': 45 });
    expect(bed.open().map(({ kind, vital, state }) => [kind, vital, state])).toEqual(
      [
        ['heart-rate-low', 'pulse-rate', 'active'],
        ['heart-rate-signal', 'heart-rate', 'active'],
      ].sort(() => 0),
    );
    bed.run(22, { 'heart-rate': null, 'pulse-rate': null });
    expect(bed.alarm('heart-rate-low')).toBeUndefined();
  });
});

describe('extremes', () => {
  const conditions = (told: string[]) => told.map((line) => line.replace(/ (heart|pulse)-rate-(low|high)/, ''));

  test('C4: a single second of 150 or of 30 is none', () => {
    const bed = createTestBed()
      .run(10, { 'heart-rate': 70 })
      .run(1, { 'heart-rate': 150 })
      .run(5, { 'heart-rate': 70 });
    bed.run(1, { 'heart-rate': 30 }).run(20, { 'heart-rate': 70 });
    expect(bed.told()).toEqual([]);
  });

  test('C4: tachycardia is decided after 5 s, bradycardia after 3 s', () => {
    expect(conditions(createTestBed().run(8, { 'heart-rate': 150 }).told())).toEqual(['5 s onset extreme-tachycardia']);
    expect(conditions(createTestBed().run(8, { 'heart-rate': 30 }).told())).toEqual(['3 s onset extreme-bradycardia']);
  });

  test('C4: one reading of a bradycardia is none, however long it stands', () => {
    const bed = createTestBed({ settings: { deviceSilentAfterMs: 15_000 } })
      .send({ 'heart-rate': 30 })
      .wait(4);
    expect(bed.told()).toEqual([]);
    expect(bed.send({ 'heart-rate': 30 }).told()).toEqual(['4 s onset heart-rate-low extreme-bradycardia']);
  });

  test.each([
    [150, '0 s onset extreme-tachycardia'],
    [30, '0 s onset extreme-bradycardia'],
  ])('C4: %i by heart and pulse is decided at once', (rate, told) => {
    expect(conditions(createTestBed().run(3, { 'heart-rate': rate, 'pulse-rate': rate }).told())).toEqual([told]);
  });

  test('C4: a bradycardia of a neonate is decided at once', () => {
    expect(createTestBed({ age: 'neonatal' }).send({ 'heart-rate': 70 }).told()).toEqual([
      '0 s onset heart-rate-low extreme-bradycardia',
    ]);
  });

  test.each([
    [{ 'abp-mean': 39 }, 'abp-mean-low'],
    [{ 'abp-systolic': 49 }, 'abp-systolic-low'],
    [{ 'abp-systolic': 22, 'abp-diastolic': 14, 'abp-mean': 17 }, 'abp-systolic-low'],
  ])('C4: arterial pressure %j of an adult for 10 s is of high priority, whatever the ECG shows', (pressure, kind) => {
    const bed = createTestBed().run(12, { 'heart-rate': 80, ...pressure });
    expect(bed.told()).toEqual([`5 s onset ${kind} low-limit`, `10 s escalated ${kind} extreme-hypotension`]);
    expect(bed.alarm(kind)).toMatchObject({ priority: 'high' });
  });

  test('C4: of a child it is once the site has set where', () => {
    const fall = (settings = {}) =>
      createTestBed({ age: 'paediatric', settings }).run(12, { 'abp-mean': 25 }).alarm('abp-mean-low')?.condition;
    expect(fall()).toBe('low-limit');
    expect(fall({ vitals: { 'abp-mean': { extremeLow: 30 } } })).toBe('extreme-hypotension');
  });

  test('C6: a rate that wavers around its limit is one alarm an hour, not hundreds', () => {
    const bed = createTestBed();
    for (let round = 0; round < 225; round++) bed.run(8, { 'heart-rate': 121 }).run(8, { 'heart-rate': 118 });
    expect(bed.told()).toEqual(['5 s onset heart-rate-high high-limit']);
  });
});

describe('one probe', () => {
  test.each([
    ['oximeter', { spo2: null, 'pulse-rate': null, 'perfusion-index': null }, ['pulse-rate', 'spo2']],
    ['ECG', { 'heart-rate': null, 'respiratory-rate': null }, ['heart-rate', 'respiratory-rate']],
    [
      'arterial line',
      { 'abp-systolic': 0, 'abp-diastolic': 0, 'abp-mean': 0 },
      ['abp-systolic', 'abp-diastolic', 'abp-mean'],
    ],
  ])('D9: %s that is lost is one alarm that names what it measured', (_probe, lost, named) => {
    const bed = createTestBed().run(40, lost);
    expect(bed.told().filter((line) => line.includes('onset'))).toHaveLength(1);
    expect(bed.open().flatMap(({ vital, also = [] }) => [vital, ...also.map((other) => other.vital)])).toEqual(named);
  });

  test('D9: it ends when all of it is back', () => {
    const bed = createTestBed().run(30, { spo2: null, 'pulse-rate': null });
    bed.told();
    bed.run(1, { spo2: null, 'pulse-rate': 70 }).run(1, { spo2: 97, 'pulse-rate': 70 });
    expect(bed.told()).toEqual([
      '30 s changed pulse-rate-signal sensor-off',
      '31 s ended pulse-rate-signal sensor-off recovered',
    ]);
  });

  test('C3, D9: one that is lost again while its alarm stands for the others is told again, and no second one opens', () => {
    const lost = { 'heart-rate': null, 'respiratory-rate': null };
    const bed = createTestBed().run(30, lost).run(20, { 'heart-rate': 70, 'respiratory-rate': null });
    bed.acknowledge('heart-rate-signal').told();
    expect(bed.run(22, lost).told()).toEqual(['70 s escalated heart-rate-signal sensor-off']);
    expect(bed.open()).toMatchObject([{ kind: 'heart-rate-signal', vital: 'respiratory-rate', acknowledged: null }]);
    expect(bed.open()[0]?.also).toEqual([{ vital: 'heart-rate', value: null, limit: null }]);
    bed.run(1, { 'heart-rate': 70, 'respiratory-rate': 14 });
    expect(bed.open()).toEqual([]);
  });

  test('D9: what is lost at another time is another alarm', () => {
    const bed = createTestBed().run(60, { 'heart-rate': 70, 'respiratory-rate': null });
    bed.acknowledge('respiratory-rate-signal').run(30, { 'heart-rate': null, 'respiratory-rate': null });
    expect(bed.open().map(({ kind }) => kind)).toEqual(['heart-rate-signal', 'respiratory-rate-signal']);
  });
});
