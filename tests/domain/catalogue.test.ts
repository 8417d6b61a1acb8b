import { expect, test } from 'vitest';
import { findConversion } from '#domain/units.ts';
import { fedBy, findVital, rankOfKey, VITAL_IDS, type VitalId, vital, vitalByMdc } from '#domain/vitals.ts';
import { findWave, WAVE_IDS, wave, waveByMdc } from '#domain/waveforms.ts';

const twice = (keys: readonly string[]): string[] => keys.filter((key, index) => keys.indexOf(key) !== index);
const vitalKeys = (id: VitalId): string[] => {
  const { mdc, mdcId, loinc, aliases } = vital(id);
  return [id, mdcId, String(mdc), ...(loinc === null ? [] : [loinc]), ...aliases];
};

test('no code stands for two vitals or two waveforms, and no id for one of each', () => {
  expect(twice(VITAL_IDS.flatMap(vitalKeys))).toEqual([]);
  expect(twice(WAVE_IDS.flatMap((id) => [id, wave(id).mdcId, String(wave(id).mdc), ...wave(id).aliases]))).toEqual([]);
  // The central venous and the intracranial pressure have one code as a number and as a wave: the channel tells which.
  expect(twice([...VITAL_IDS, ...WAVE_IDS])).toEqual([]);
});

test('a source feeds a vital that has a unit, a range and limits for it, and that feeds none', () => {
  const sources = VITAL_IDS.filter((id) => fedBy(id) !== undefined);
  expect(sources).toEqual([
    'impedance-respiratory-rate',
    'co2-respiratory-rate',
    'ventilator-respiratory-rate',
    'fio2-set',
  ]);
  for (const id of sources) {
    const fed = fedBy(id) ?? id;
    expect(fedBy(fed)).toBeUndefined();
    expect([vital(fed).unit, vital(fed).plausible]).toEqual([vital(id).unit, vital(id).plausible]);
    expect(vital(fed).limits.adult.low).not.toBeNull();
    expect(Object.values(vital(id).limits)).toEqual([
      { low: null, high: null },
      { low: null, high: null },
      { low: null, high: null },
    ]);
  }
  const codes = ['MDC_VENT_RESP_RATE', '151570', '151594', 'MDC_TTHOR_RESP_RATE', 'respiratory-rate'];
  expect(codes.map((key) => rankOfKey('respiratory-rate', key))).toEqual(
    codes.map((key) => rankOfKey('respiratory-rate', key)).toSorted((a, b) => b - a),
  );
  expect(rankOfKey('respiratory-rate', 'spo2')).toBe(-1);
});

test.each(VITAL_IDS)('%s is found by each of its codes, and its limits lie in what is plausible', (id) => {
  const { mdc, unit, plausible, limits } = vital(id);
  for (const key of vitalKeys(id)) expect(findVital(key)).toBe(id);
  expect(vitalByMdc(mdc)).toBe(id);
  expect(findConversion(unit, unit)).toBeDefined();
  for (const { low, high } of Object.values(limits)) {
    if (low !== null && high !== null) expect(low).toBeLessThan(high);
    for (const limit of [low, high]) {
      if (limit !== null) expect(limit >= plausible[0] && limit <= plausible[1]).toBe(true);
    }
  }
});

test.each(WAVE_IDS)('%s is found by each of its codes', (id) => {
  const { mdc, mdcId, loinc, aliases } = wave(id);
  for (const key of [id, mdcId, String(mdc), ...(loinc ? [loinc] : []), ...aliases]) expect(findWave(key)).toBe(id);
  expect(waveByMdc(mdc)).toBe(id);
});

test('what nobody knows is not found, whatever it is called', () => {
  for (const key of ['', 'blood-sugar', '__proto__', 'constructor', 'toString']) {
    expect(findVital(key)).toBeUndefined();
    expect(findWave(key)).toBeUndefined();
  }
});
