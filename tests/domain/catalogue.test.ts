import { expect, test } from 'vitest';
import { findConversion } from '#domain/units.ts';
import { findVital, VITAL_IDS, vital, vitalByMdc } from '#domain/vitals.ts';
import { findWave, WAVE_IDS, wave, waveByMdc } from '#domain/waveforms.ts';

test('no code stands for two signals', () => {
  const keys = [
    ...VITAL_IDS.flatMap((id) => [id, vital(id).mdcId, String(vital(id).mdc), vital(id).loinc, ...vital(id).aliases]),
    ...WAVE_IDS.flatMap((id) => [id, wave(id).mdcId, String(wave(id).mdc), ...wave(id).aliases]),
  ];
  // The central venous pressure has one code as a number and as a wave; only the number is in the catalogue.
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test.each(VITAL_IDS)('%s is found by each of its codes, and its limits lie in what is plausible', (id) => {
  const { mdc, mdcId, loinc, aliases, unit, plausible, limits } = vital(id);
  for (const key of [id, mdcId, String(mdc), loinc, ...aliases]) expect(findVital(key)).toBe(id);
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
