import { describe, expect, test } from 'vitest';
import { highSpo2Off } from '#domain/alarms/oxygen.ts';
import { override, PRESETS } from '#domain/alarms/settings.ts';
import { configProblems, intervalProblems } from '#domain/alarms/settings-problems.ts';
import { deviceSilentAfterMs, validForMs } from '#domain/alarms/validity.ts';
import { createTestBed, type SentVitals, type TestBed } from './support/test-bed.ts';

/** What devices that send seldom (D10), and what a patient breathes (C10), change of docs/alarms-spec.md. */

const every = (bed: TestBed, seconds: number, times: number, vitals: SentVitals): TestBed => {
  for (let time = 0; time < times; time++) bed.send(vitals).wait(seconds);
  return bed;
};

describe.each([16, 30, 60, 120])('a device that sends every %i s', (seconds) => {
  const bed = () => createTestBed().tell({ type: 'device', intervalMs: seconds * 1_000 });

  test('D10: is not called silent between two messages, and is when two have not come', () => {
    const quiet = every(bed(), seconds, 200, { 'heart-rate': 70 });
    expect(quiet.told()).toEqual([]);
    expect(quiet.wait(seconds * 1.5 + 1).told()).toEqual([
      `${(199 + 2.5) * seconds} s onset device-link device-silent`,
    ]);
  });

  test('D10, B2, B3: alarms for asystole and apnoea at the second reading', () => {
    const sick = every(bed(), seconds, 3, { 'heart-rate': 70, 'respiratory-rate': 14 });
    every(sick, seconds, 1, { 'heart-rate': 0, 'respiratory-rate': 0 });
    sick.told();
    sick.send({ 'heart-rate': 0, 'respiratory-rate': 0 }).wait(20);
    expect(sick.open().map(({ condition }) => condition)).toEqual(['asystole', 'apnoea']);
  });
});

test('D10: without an interval a value stands as long as the settings say', () => {
  expect(validForMs('heart-rate', PRESETS.adult, null)).toBe(15_000);
  expect(validForMs('heart-rate', PRESETS.adult, 60_000)).toBe(150_000);
  expect(validForMs('temperature', PRESETS.adult, 60_000)).toBe(3_600_000);
  expect(deviceSilentAfterMs(PRESETS.adult, 1_000)).toBe(10_000);
  expect(deviceSilentAfterMs(PRESETS.adult, 60_000)).toBe(150_000);
});

test('D10: the interval is forgotten with the device, and kept with the patient', () => {
  const bed = createTestBed().tell({ type: 'device', intervalMs: 60_000 });
  bed.tell({ type: 'occupied', device: 'monitor-1', encounter: 2, config: bed.config() });
  expect(bed.state().devices[0]?.intervalMs).toBe(60_000);
  bed.tell({ type: 'occupied', device: 'monitor-2', encounter: 2, config: bed.config() });
  expect(bed.state().devices[0]?.intervalMs).toBeNull();
});

test('D10, F3: settings by which a value is gone before the next one comes are refused by name', () => {
  const hasty = override(PRESETS.adult, { silentAfterMs: { continuous: 4_000 }, deviceSilentAfterMs: 4_000 });
  expect(configProblems(hasty)).toEqual([expect.stringMatching(/a value stands 4 s, and the next may be 5 s away/)]);
  expect(intervalProblems(hasty, 1_000)).toEqual([]);
  expect(intervalProblems(PRESETS.adult, 120_000)).toEqual([]);
});

describe('the high limit of the saturation of a neonate', () => {
  const high = { spo2: 99 };
  const air = (bed: TestBed, roomAir: boolean) => bed.tell({ type: 'oxygen', by: 'Ada', roomAir });
  const newborn = () => createTestBed({ age: 'neonatal' });
  const offOf = (bed: TestBed) => highSpo2Off(bed.state(), bed.config());

  test('C10: is in force while nobody knows what is breathed', () => {
    const bed = newborn().run(12, high);
    expect(bed.told()).toEqual(['10 s onset spo2-high high-limit']);
    expect(offOf(bed)).toBeUndefined();
  });

  test('C10: is off while room air is recorded, and counts from its newest reading when it is not', () => {
    const bed = air(newborn(), true).run(60, high);
    expect(bed.told()).toEqual([]);
    expect(offOf(bed)).toMatchObject({ because: 'room-air', by: 'Ada' });
    expect(air(bed, false).run(12, high).told()).toEqual(['69 s onset spo2-high high-limit']);
    expect(air(bed, true).told()).toEqual(['72 s ended spo2-high high-limit limits-changed']);
  });

  test.each([
    [21, []],
    [22, ['10 s onset spo2-high high-limit']],
  ])('C10: with a live FiO2 of %i %% it tells %j, whatever was recorded', (fio2, told) => {
    const bed = air(newborn(), fio2 > 21).run(12, { ...high, fio2 });
    expect(bed.told()).toEqual(told);
  });

  test('C10: a FiO2 that does not stand any more does not switch it off', () => {
    const bed = newborn().run(30, { ...high, fio2: 21 });
    expect(bed.told()).toEqual([]);
    bed.run(40, high);
    expect(bed.told().filter((line) => line.includes('spo2'))).toEqual(['54 s onset spo2-high high-limit']);
  });

  test('C10: ends with another patient, not with another device', () => {
    const occupy = (bed: TestBed, device: string, encounter: number) =>
      bed.tell({ type: 'occupied', device, encounter, config: bed.config() });
    const bed = air(newborn(), true);
    expect(offOf(occupy(bed, 'monitor-2', 1))).toBeDefined();
    expect(occupy(bed, 'monitor-2', 2).run(12, high).open()).toMatchObject([{ kind: 'spo2-high' }]);
  });

  test('C10: of an adult nothing of it is asked', () => {
    const bed = air(createTestBed({ settings: { vitals: { spo2: { high: 96 } } } }), true).run(12, high);
    expect(bed.told()).toEqual(['10 s onset spo2-high high-limit']);
  });
});
