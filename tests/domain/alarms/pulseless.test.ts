import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alarmsToCarry } from '#domain/alarms/moves.ts';
import { PRESETS } from '#domain/alarms/settings.ts';
import { createTestBed, type SentVitals } from './support/test-bed.ts';

/** Both probes find the pulse. The limits of these values alarm nothing. */
const WELL: SentVitals = {
  'heart-rate': 80,
  'pulse-rate': 80,
  spo2: 97,
  'abp-systolic': 120,
  'abp-diastolic': 75,
  'abp-mean': 90,
};
/** The ECG goes on; pressures stay inside their limits, so that nothing else alarms at once. */
const PULSELESS: SentVitals = {
  'heart-rate': 80,
  'pulse-rate': null,
  spo2: null,
  'abp-systolic': 92,
  'abp-diastolic': 86,
  'abp-mean': 88,
};

const ofPulse = (told: readonly string[]): string[] => told.filter((line) => line.includes('heart-rate-pulseless'));

describe('B7', () => {
  const well = () => createTestBed().run(5, WELL);

  test('B7: no pulse for 10 s beside an ECG is of high priority, and latches when the pulse is back', () => {
    const bed = well().run(10, PULSELESS);
    expect(ofPulse(bed.told())).toEqual([]);
    expect(ofPulse(bed.run(2, PULSELESS).told())).toEqual(['15 s onset heart-rate-pulseless no-pulse']);
    expect(bed.alarm('heart-rate-pulseless')).toMatchObject({ priority: 'high', vital: 'heart-rate', value: 80 });
    expect(ofPulse(bed.run(1, WELL).told())).toEqual(['17 s latched heart-rate-pulseless no-pulse recovered']);
    expect(ofPulse(bed.run(12, PULSELESS).told())).toEqual(['28 s recurred heart-rate-pulseless no-pulse']);
  });

  test.each([
    ['the oximeter goes on to find a pulse', { ...PULSELESS, 'pulse-rate': 80 }],
    ['the line pulsates', { ...PULSELESS, 'abp-systolic': 96, 'abp-diastolic': 86 }],
    ['the heart stands still, which is an asystole', { ...PULSELESS, 'heart-rate': 0 }],
    ['the line has no value', { ...PULSELESS, 'abp-systolic': null }],
    ['there is no line', { 'heart-rate': 80, 'pulse-rate': null, spo2: null }],
  ] satisfies [string, SentVitals][])('B7: is not there while %s', (_what, vitals) => {
    expect(ofPulse(well().run(60, vitals).told())).toEqual([]);
  });

  test('B7: needs that both probes have found the pulse of this patient', () => {
    expect(ofPulse(createTestBed().run(60, PULSELESS).told())).toEqual([]);
    // 19 mmHg may be a circulation that a machine supports.
    const supported = { ...WELL, 'abp-systolic': 99, 'abp-diastolic': 80 };
    expect(ofPulse(createTestBed().run(30, supported).run(60, PULSELESS).told())).toEqual([]);
    const another = well();
    another.tell({ type: 'occupied', device: 'monitor-1', encounter: 2, config: another.config() });
    expect(ofPulse(another.run(60, PULSELESS).told())).toEqual([]);
    // Another device beside the same patient forgets nothing (D6).
    const swapped = well();
    swapped.tell({ type: 'occupied', device: 'monitor-2', encounter: 1, config: swapped.config() });
    expect(ofPulse(swapped.run(12, PULSELESS).told())).toEqual(['15 s onset heart-rate-pulseless no-pulse']);
  });

  test('B7, D3, D5: counts anew after a start of the station, and is inhibited when the ECG is gone', () => {
    const bed = well().run(8, PULSELESS).away(1);
    expect(ofPulse(bed.run(10, PULSELESS).told())).toEqual([]);
    expect(ofPulse(bed.run(2, PULSELESS).told())).toHaveLength(1);
    const { 'heart-rate': _ecg, ...others } = PULSELESS;
    expect(ofPulse(bed.run(20, others).told())).toEqual([
      expect.stringContaining('latched heart-rate-pulseless no-pulse inhibited'),
    ]);
  });

  test('B7, D7: goes along to another bed when nobody has answered it', () => {
    const carried = alarmsToCarry(well().run(12, PULSELESS).state());
    expect(carried.map(({ kind }) => kind)).toContain('heart-rate-pulseless');
    const to = createTestBed();
    to.tell({ type: 'occupied', device: 'monitor-2', encounter: 7, config: to.config(), carried });
    expect(to.alarm('heart-rate-pulseless')).toMatchObject({ state: 'latched' });
    to.acknowledge('heart-rate-pulseless');
    expect(to.alarm('heart-rate-pulseless')).toBeUndefined();
  });

  test('B7: is decided by rules of version 3 alone', () => {
    const bed = createTestBed({ config: { ...PRESETS.adult, rules: 2 } })
      .run(5, WELL)
      .run(30, PULSELESS);
    expect(ofPulse(bed.told())).toEqual([]);
  });
});

/** From the specification alone: second by second, each with all that it needs. */
const naive = (seconds: readonly SentVitals[]): string[] => {
  const numberOf = (sent: SentVitals, id: keyof SentVitals): number | null => {
    const value = sent[id];
    return typeof value === 'number' && (value > 0 || id === 'heart-rate') ? value : null;
  };
  const told: string[] = [];
  let hasPulsed = false;
  let since: number | null = null;
  let state: 'none' | 'active' | 'latched' = 'none';
  for (const [second, sent] of seconds.entries()) {
    const [heart, pulse] = [numberOf(sent, 'heart-rate'), numberOf(sent, 'pulse-rate')];
    const [systolic, diastolic] = [numberOf(sent, 'abp-systolic'), numberOf(sent, 'abp-diastolic')];
    const pressure = systolic === null || diastolic === null ? null : systolic - diastolic;
    if (pulse !== null && pressure !== null && pressure >= 20) hasPulsed = true;
    const isKnown = heart !== null && pressure !== null;
    const holds = hasPulsed && isKnown && heart > 0 && pressure < 10 && pulse === null;
    if (since !== null && second - since >= 10 && state !== 'active' && (holds || second - since > 10)) {
      told.push(`${since + 10} s ${state === 'none' ? 'onset' : 'recurred'}`);
      state = 'active';
    }
    if (holds) {
      since ??= second;
    } else {
      since = null;
      if (state === 'active') {
        told.push(`${second} s latched`);
        state = 'latched';
      }
    }
  }
  return told;
};

test('B7: over random histories it is as the naive model says', () => {
  const one = <Value>(...values: Value[]) => fc.constantFrom(...values);
  const look = fc.record({
    'heart-rate': one<number | null>(80, 80, 80, 0, null),
    'pulse-rate': one<number | null>(80, null, null),
    spo2: one<number | null>(97),
    'abp-systolic': one<number | null>(120, 92, 92, 105, null),
    'abp-diastolic': one<number | null>(75, 86, 86, 88),
  });
  const history = fc.array(fc.record({ seconds: fc.integer({ min: 1, max: 18 }), look }), {
    minLength: 2,
    maxLength: 14,
  });
  let alarms = 0;
  fc.assert(
    fc.property(history, (phases) => {
      const start = Array.from({ length: 3 }, () => WELL);
      const seconds = [
        ...start,
        ...phases.flatMap(({ seconds: count, look: sent }) => Array.from({ length: count }, () => sent)),
      ];
      const bed = createTestBed();
      for (const sent of seconds) bed.run(1, sent);
      bed.wait(0);
      const told = ofPulse(bed.told()).map((line) => line.split(' ').slice(0, 3).join(' '));
      alarms += told.length;
      expect(told).toEqual(naive(seconds));
    }),
    { numRuns: 500 },
  );
  expect(alarms).toBeGreaterThan(50);
});
