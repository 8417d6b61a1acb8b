import { expect, test } from 'vitest';
import type { VitalId } from '#domain/vitals.ts';
import { createTestBed, type Sent, type SentVitals } from './support/test-bed.ts';

/** Section 2 of docs/alarms-spec.md: what a value says. */

const NO_LIMITS = { low: null, high: null };

/** What is open after 40 s of it, a message a second. */
const openAfter = (vitals: SentVitals, before: SentVitals = {}): string[] =>
  createTestBed()
    .run(40, before)
    .run(40, vitals)
    .open()
    .map(({ kind, condition }) => `${kind} ${condition}`);

test.each<[VitalId, Sent, string[]]>([
  ['pulse-rate', 0, ['pulse-rate-signal sensor-off']],
  ['spo2', 0, ['spo2-signal sensor-off']],
  ['fio2', 0, ['fio2-signal sensor-off']],
  ['abp-systolic', 0, ['abp-systolic-signal sensor-off']],
  ['abp-diastolic', 0, ['abp-diastolic-signal sensor-off']],
  ['abp-mean', -4, ['abp-mean-signal sensor-off']],
  ['nibp-systolic', 0, ['nibp-systolic-signal sensor-off']],
  ['nibp-diastolic', 0, ['nibp-diastolic-signal sensor-off']],
  ['nibp-mean', 0, ['nibp-mean-signal sensor-off']],
  ['abp-systolic', 12, ['abp-systolic-low extreme-hypotension']],
  ['cvp', 0, []],
  ['cvp', -3, ['cvp-low low-limit']],
  ['etco2', 0, ['etco2-low low-limit']],
  ['perfusion-index', 0, []],
  ['heart-rate', null, ['heart-rate-signal sensor-off']],
  ['cvp', null, ['cvp-signal sensor-off']],
])('B1: %s of %s for 40 s opens %j', (id, sent, open) => {
  expect(openAfter({ [id]: sent })).toEqual(open);
});

test('B1: a value that no patient has makes no crisis out of a low value before it', () => {
  const bed = createTestBed().run(8, { spo2: 70 }).run(19, { spo2: 0 });
  expect(bed.told()).toEqual([]);
  expect(bed.run(3, { spo2: 0 }).told()).toEqual(['28 s onset spo2-signal sensor-off']);
});

test.each<[Sent, string[]]>([
  [0, ['heart-rate-low no-beats']],
  [[0, 'questionable'], ['heart-rate-signal signal-poor']],
  [[0, 'invalid'], ['heart-rate-signal signal-poor']],
  [
    [30, 'questionable'],
    ['heart-rate-low extreme-bradycardia', 'heart-rate-signal signal-poor'],
  ],
  [[30, 'invalid'], ['heart-rate-signal signal-poor']],
])('B2: heart rate %j from the first second on opens %j', (sent, open) => {
  expect(openAfter({ 'heart-rate': sent })).toEqual(open);
});

test.each([
  ['adult', 4],
  ['paediatric', 4],
  ['neonatal', 3],
] as const)('B2: asystole of an %s is decided after %i s, whatever the pulse says', (age, delay) => {
  const bed = createTestBed({ age }).run(6, { 'heart-rate': 0, 'pulse-rate': 110 });
  expect(bed.told().at(-1)).toBe(`${delay} s escalated heart-rate-low asystole`);
  expect(bed.alarm('heart-rate-low')?.also).toEqual([{ vital: 'pulse-rate', value: 110, limit: null }]);
});

test('B3: respiratory rate 0 before the first breath is a sensor that is off', () => {
  expect(openAfter({ 'respiratory-rate': 0 })).toEqual(['respiratory-rate-signal sensor-off']);
});

test.each([
  [30, 'respiratory-rate-signal sensor-off'],
  [31, 'respiratory-rate-low apnoea'],
])(
  'B3: respiratory rate 0 after %i breathing seconds, measured from the first to the last, opens %s',
  (seconds, open) => {
    const bed = createTestBed().run(seconds, { 'respiratory-rate': 14 }).run(25, { 'respiratory-rate': 0 });
    expect(bed.open().map(({ kind, condition }) => `${kind} ${condition}`)).toEqual([open]);
  },
);

test('B3: breaths that came late count as long as they were measured', () => {
  const bed = createTestBed();
  for (let ago = 60; ago > 0; ago--) bed.send({ 'respiratory-rate': 14 }, ago * 1_000);
  expect(bed.run(21, { 'respiratory-rate': 0 }).told()).toContain('20 s escalated respiratory-rate-low apnoea');
});

test('B3: another patient has to breathe first', () => {
  const bed = createTestBed().run(60, { 'respiratory-rate': 14 });
  bed.tell({ type: 'occupied', device: 'monitor-1', encounter: 2, config: bed.config() });
  bed.run(25, { 'respiratory-rate': 0 });
  expect(bed.told()).toEqual(['80 s onset respiratory-rate-signal sensor-off']);
});

test('B3: a first breath by a clock that ran ahead is forgotten', () => {
  const bed = createTestBed();
  bed.send({ 'respiratory-rate': 14 }, -3_600_000).wait(1);
  bed.run(40, { 'respiratory-rate': 14 }).run(25, { 'respiratory-rate': 0 });
  expect(bed.open().map(({ condition }) => condition)).toEqual(['apnoea']);
});

test.each<VitalId>(['nibp-systolic', 'temperature'])(
  'B4: %s that is null is not measured now: the last value stands',
  (id) => {
    const bed = createTestBed({ settings: { vitals: { temperature: { low: 36 } } } });
    bed.run(1, { [id]: id === 'temperature' ? 34 : 80 }).run(60, { [id]: null });
    expect(bed.open().map(({ kind }) => kind)).toEqual(
      [`${id}-low`, 'device-link'].sort((one) => (one === 'device-link' ? -1 : 1)),
    );
  },
);

test('B4: a cuff pressure stands for an hour', () => {
  const bed = createTestBed({ settings: { vitals: { 'nibp-mean': NO_LIMITS } } });
  bed.send({ 'nibp-systolic': 80, 'heart-rate': 70 });
  bed.run(3_600, { 'heart-rate': 70 });
  expect(bed.told()).toEqual(['0 s onset nibp-systolic-low low-limit']);
  bed.run(2, { 'heart-rate': 70 });
  expect(bed.told()).toEqual([
    '3600 s ended nibp-systolic-low low-limit inhibited',
    '3600 s onset nibp-systolic-signal no-data',
  ]);
});
