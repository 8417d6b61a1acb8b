import { describe, expect, test } from 'vitest';
import { readState } from '#domain/alarms/formats/upcast.ts';
import { writeState } from '#domain/alarms/formats/written.ts';
import { PRESETS } from '#domain/alarms/settings.ts';
import { createTestBed, reading, type SentVitals, START, type TestBed } from './support/test-bed.ts';

/** A device that sends the same again and again: D11 of docs/alarms-spec.md. */

const KIND = 'device-frozen';

const STILL = { 'heart-rate': 72, 'pulse-rate': 71, 'respiratory-rate': 15, spo2: 97 } as const;

/** The heart rate changes from one second to the next: the device measures. */
const LIVE: readonly SentVitals[] = [STILL, { ...STILL, 'heart-rate': 73 }];

const runLive = (bed: TestBed, forSeconds: number): TestBed => {
  for (let second = 0; second < forSeconds; second++) bed.run(1, LIVE[second % 2] ?? STILL);
  return bed;
};

const ofFrozen = (told: readonly string[]): string[] => told.filter((line) => line.includes(KIND));

describe('values that do not change', () => {
  test('D11: are told after five minutes, as technical and low, and the first that changes ends it', () => {
    const bed = runLive(createTestBed(), 20);
    bed.run(300, STILL);
    // The last change was the first of these seconds.
    expect(ofFrozen(bed.told())).toEqual([]);
    bed.run(2, STILL);
    expect(bed.alarm(KIND)).toMatchObject({
      condition: 'values-frozen',
      priority: 'low',
      vital: null,
      startedAt: START + 20_000,
      decidedAt: START + 320_000,
    });
    bed.run(600, STILL);
    expect(ofFrozen(bed.told())).toEqual(['320 s onset device-frozen values-frozen']);
    bed.run(1, { ...STILL, spo2: 96 });
    expect(ofFrozen(bed.told())).toEqual(['922 s ended device-frozen values-frozen recovered']);
  });

  test('A3, D11: a change at the very end of the time prevents it', () => {
    const bed = createTestBed()
      .run(300, STILL)
      .send({ ...STILL, spo2: 96 });
    expect(ofFrozen(bed.wait(5).told())).toEqual([]);
  });

  test.each<[string, SentVitals]>([
    ['a saturation', { ...STILL, spo2: 98 }],
    ['a temperature', { ...STILL, temperature: 37.1 }],
    ['a cuff pressure', { ...STILL, 'nibp-systolic': 120 }],
    ['the quality', { ...STILL, spo2: [97, 'questionable'] }],
    ['the loss of a probe', { ...STILL, spo2: null }],
  ])('D11: %s that changes shows that the device measures', (_what, other) => {
    const bed = createTestBed().run(250, STILL).run(1, other).run(299, STILL);
    expect(ofFrozen(bed.told())).toEqual([]);
    expect(bed.run(3, STILL).alarm(KIND)).toBeDefined();
  });

  test.each<[string, SentVitals]>([
    ['saturation, oxygen and small pressures', { spo2: 100, fio2: 40, cvp: 5, icp: 9, etco2: 35, temperature: 37 }],
    ['a paced heart on a ventilator, and pulse lost', { ...STILL, 'pulse-rate': null }],
    ['two of a pressure', { 'abp-systolic': 120, 'abp-diastolic': 80, spo2: 97 }],
    ['an invalid third', { ...STILL, 'pulse-rate': [71, 'invalid'] }],
    ['a standstill of the heart', { 'heart-rate': 0, 'abp-systolic': 12, 'abp-diastolic': 11, 'abp-mean': 11 }],
    ['a standstill of the breath', { ...STILL, 'perfusion-index': 2, 'respiratory-rate': 0 }],
  ])('D11: %s may stand still in truth', (_what, vitals) => {
    const bed = runLive(createTestBed(), 40).run(1_200, vitals);
    expect(ofFrozen(bed.told())).toEqual([]);
  });

  test.each<[string, SentVitals]>([
    ['rates', { 'heart-rate': 72, 'pulse-rate': 71, 'respiratory-rate': 15 }],
    ['pressures', { 'abp-systolic': 120, 'abp-diastolic': 80, 'abp-mean': 93 }],
    ['values, one of them questionable,', { ...STILL, 'heart-rate': [72, 'questionable'] }],
    ['rates and perfusions', { 'heart-rate': 72, 'pulse-rate': 72, 'perfusion-index': 2.1 }],
  ])('D11: three %s that stand still are told', (_what, vitals) => {
    expect(createTestBed().run(302, vitals).alarm(KIND)).toBeDefined();
  });

  test('D11: a device that sends each minute is not frozen before ten readings', () => {
    const bed = createTestBed().tell({ type: 'device', intervalMs: 60_000 });
    for (let minute = 0; minute < 9; minute++) bed.send(STILL).wait(60);
    expect(ofFrozen(bed.told())).toEqual([]);
    bed.send(STILL).wait(1);
    expect(ofFrozen(bed.told())).toEqual(['540 s onset device-frozen values-frozen']);
  });

  test('D11: a device that sends nothing is silent and not frozen, and what comes after the silence is news', () => {
    const bed = createTestBed().run(200, STILL).wait(400).run(280, STILL);
    expect(ofFrozen(bed.told())).toEqual([]);
    bed.run(30, STILL);
    expect(ofFrozen(bed.told())).toEqual(['900 s onset device-frozen values-frozen']);
  });

  test('D11: while the device is silent the alarm stays, and what comes then ends it', () => {
    const bed = createTestBed().run(310, STILL).wait(100);
    expect(bed.alarm(KIND)).toBeDefined();
    bed.send(STILL);
    expect(ofFrozen(bed.told())).toEqual([
      '300 s onset device-frozen values-frozen',
      '410 s ended device-frozen values-frozen recovered',
    ]);
  });

  test('D5, D11: the time counts anew from the start of the station, and an alarm that is open stays', () => {
    const bed = createTestBed().run(290, STILL).away(60).run(300, STILL);
    expect(ofFrozen(bed.told())).toEqual([]);
    bed.run(2, STILL);
    expect(bed.alarm(KIND)).toMatchObject({ startedAt: START + 350_000, decidedAt: START + 650_000 });
    expect(bed.away(30).run(20, STILL).alarm(KIND)).toBeDefined();
    runLive(bed, 2);
    expect(ofFrozen(bed.told()).at(-1)).toBe('703 s ended device-frozen values-frozen recovered');
  });

  test('D6, D11: another patient ends it, and begins anew', () => {
    const bed = createTestBed().run(310, STILL);
    bed.tell({ type: 'occupied', device: 'monitor-1', encounter: 2, config: bed.config() });
    bed.run(299, STILL);
    expect(ofFrozen(bed.told())).toEqual([
      '300 s onset device-frozen values-frozen',
      '310 s ended device-frozen values-frozen occupancy',
    ]);
    expect(bed.run(3, STILL).alarm(KIND)).toBeDefined();
  });

  test('E10, D11: standby ends it, and the whole time counts from its end', () => {
    const bed = createTestBed().run(310, STILL);
    bed.act({ type: 'inactivate', by: 'Ada', what: 'standby', kind: null, until: null }).run(60, STILL);
    bed.act({ type: 'reactivate', by: 'Ada', what: 'standby', kind: null }).run(300, STILL);
    expect(ofFrozen(bed.told())).toEqual([
      '300 s onset device-frozen values-frozen',
      '310 s ended device-frozen values-frozen inhibited Ada',
    ]);
    expect(bed.run(2, STILL).alarm(KIND)).toBeDefined();
  });

  test('E1, D11: it is acknowledged like any other', () => {
    const bed = createTestBed().run(310, STILL).acknowledge(KIND);
    expect(bed.alarm(KIND)?.acknowledged).toMatchObject({ by: 'Ada' });
  });
});

describe('its setting', () => {
  test.each([null, undefined])('D11: %s switches it off', (frozenAfterMs) => {
    const { frozenAfterMs: _time, ...others } = PRESETS.adult;
    const config = frozenAfterMs === undefined ? others : { ...others, frozenAfterMs };
    expect(ofFrozen(createTestBed({ config }).run(1_000, STILL).told())).toEqual([]);
  });

  test('C7, D11: switched off it ends; a shorter time holds at once, but not before it was set', () => {
    const bed = createTestBed().run(310, STILL).configure({ frozenAfterMs: null });
    expect(ofFrozen(bed.told()).at(-1)).toBe('310 s ended device-frozen values-frozen limits-changed');
    bed.run(10, STILL).configure({ frozenAfterMs: 60_000 }).run(2, STILL);
    expect(ofFrozen(bed.told())).toEqual(['320 s onset device-frozen values-frozen']);
    bed.configure({ frozenAfterMs: 600_000 });
    expect(bed.alarm(KIND)).toBeDefined();
  });
});

test('A6, D11: neither the same again nor a change marks the state dirty', () => {
  const bed = runLive(createTestBed(), 40);
  const { revision } = bed.state();
  expect(runLive(bed, 20).run(250, STILL).state().revision).toBe(revision);
  expect(bed.run(70, STILL).state().revision).toBeGreaterThan(revision);
});

test('A6, D11: a state of a release that did not know of it counts from its moment', () => {
  const bed = createTestBed().run(100, STILL);
  const { changedAt: _at, vitals, ...rest } = writeState(bed.state());
  const older = Object.fromEntries(Object.entries(vitals).map(([id, { sameReadings: _same, ...one }]) => [id, one]));
  const state = readState(JSON.parse(JSON.stringify({ ...rest, vitals: older })), 2);
  expect(state.devices[0]?.changedAt).toBe(bed.state().at);
  expect(state.vitals[0]).toMatchObject({ value: 72, sameReadings: 0 });
});

test('D11: a reading of a vital alone does not make the device frozen', () => {
  const bed = createTestBed();
  for (let second = 0; second < 700; second++) {
    bed.sendReadings([reading(second % 2 === 0 ? 'heart-rate' : 'pulse-rate', 70)]).skip(1);
  }
  expect(ofFrozen(bed.told())).toEqual([]);
});
