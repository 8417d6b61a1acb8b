import { describe, expect, test } from 'vitest';
import {
  AlarmConfig,
  type AlarmOverrides,
  override,
  PRESET_REVISION,
  PRESETS,
  resolveConfig,
} from '#domain/alarms/settings.ts';
import { configProblems, unsetExtremes } from '#domain/alarms/settings-problems.ts';

/** Section 6 of docs/alarms-spec.md: settings. */

test('F1: of preset, unit and stay each may name only what differs, and the nearer one counts', () => {
  const unit = { version: 7, overrides: { apnoeaDelayMs: 15_000, vitals: { spo2: { low: 92, delayMs: 5_000 } } } };
  const stay = { version: 12, overrides: { vitals: { spo2: { low: 86 } }, latching: { medium: true } } };
  const config = resolveConfig('neonatal', unit, stay);
  expect(config.version).toEqual({ preset: 'neonatal', presetRevision: PRESET_REVISION, unit: 7, patient: 12 });
  expect(config.vitals.spo2).toEqual({ ...PRESETS.neonatal.vitals.spo2, low: 86, delayMs: 5_000 });
  expect(config.apnoeaDelayMs).toBe(15_000);
  expect(config.latching).toEqual({ low: false, medium: true, high: true });
  expect(config.vitals['heart-rate']).toEqual(PRESETS.neonatal.vitals['heart-rate']);
});

test('F1: without overrides the preset is in force, and the presets are not changed by them', () => {
  const before = JSON.stringify(PRESETS);
  resolveConfig('adult', { version: 1, overrides: { vitals: { spo2: { low: 50 } } } }, undefined);
  expect(JSON.stringify(PRESETS)).toBe(before);
  expect(resolveConfig('adult', undefined, undefined)).toEqual(PRESETS.adult);
});

test.each(['adult', 'paediatric', 'neonatal'] as const)('F3: the preset of an %s makes sense', (age) => {
  expect(AlarmConfig.safeParse(PRESETS[age]).success).toBe(true);
  expect(configProblems(PRESETS[age])).toEqual([]);
});

test.each<[string, AlarmOverrides, RegExp[]]>([
  [
    'low not below high',
    { vitals: { cvp: { low: 10, high: 10 } } },
    [/cvp: low 10 must be below high 10/, /cvp: with hysteresis/],
  ],
  [
    'a threshold outside the plausible range',
    { vitals: { 'abp-mean': { low: -60 } } },
    [/abp-mean: low -60 is outside/, /abp-mean: extremeLow 40 must not be above low -60/],
  ],
  [
    'an extreme inside the limit, low',
    { vitals: { spo2: { extremeLow: 91 } } },
    [/spo2: extremeLow 91 must not be above/],
  ],
  [
    'an extreme inside the limit, high',
    { vitals: { 'heart-rate': { extremeHigh: 119 } } },
    [/extremeHigh 119 must not be below/],
  ],
  ['an extreme switched off', { vitals: { spo2: { extremeLow: null } } }, [/extremeLow has high priority/]],
  [
    'an extreme that cannot be reached',
    { vitals: { 'heart-rate': { extremeLow: 0 } } },
    [/extremeLow 0 could never be reached/],
  ],
  [
    'an extreme where there is none',
    { vitals: { cvp: { extremeHigh: 30 } } },
    [/cvp: has no condition for extremeHigh/],
  ],
  ['a hysteresis that leaves no room', { vitals: { cvp: { hysteresis: 5 } } }, [/cvp: with hysteresis 5/]],
  [
    'an apnoea that would end as it begins',
    { vitals: { 'respiratory-rate': { low: 0, hysteresis: 0 } } },
    [/respiratory-rate: with low 0 and hysteresis 0/],
  ],
  [
    'a value that is forgotten before the next may come',
    { silentAfterMs: { continuous: 3_000 }, deviceSilentAfterMs: 3_000 },
    [/silentAfterMs\.continuous: a value stands 3 s, and the next may be 5 s away/],
  ],
  ['high priority not latching', { latching: { high: false } }, [/latching\.high/]],
  ['a device slower than its vitals', { deviceSilentAfterMs: 20_000 }, [/deviceSilentAfterMs/]],
  [
    'two at once',
    { latching: { high: false }, vitals: { spo2: { low: 100 } } },
    [/spo2: low 100 must be below/, /spo2: with hysteresis/, /latching/],
  ],
])('F3: %s is a problem that is named', (_what, overrides, problems) => {
  expect(configProblems(override(PRESETS.adult, overrides))).toEqual(
    problems.map((problem) => expect.stringMatching(problem)),
  );
});

test.each<[string, object]>([
  ['asystole', { asystoleDelayMs: 2_999 }],
  ['apnoea', { apnoeaDelayMs: 40_001 }],
  ['a pause', { maxPauseMs: 600_001 }],
  ['silence', { deviceSilentAfterMs: 1_000 }],
])('F3: a delay of %s out of bounds is refused', (_what, wrong) => {
  expect(AlarmConfig.safeParse({ ...PRESETS.adult, ...wrong }).success).toBe(false);
});

describe('an extreme that nobody has signed off', () => {
  const unitWith = (vitals: AlarmOverrides['vitals']) =>
    resolveConfig('adult', { version: 7, overrides: { vitals } }, undefined);

  test.each([
    [{ 'abp-mean': { low: 35 } }, 35],
    [{ 'abp-mean': { low: 45 } }, 40],
    [{ 'abp-mean': { low: null } }, 40],
    [{ 'abp-mean': { low: 35, extremeLow: 30 } }, 30],
  ] satisfies [AlarmOverrides['vitals'], number][])(
    'F1: with %j the extreme is %i, and the settings make sense',
    (vitals, extremeLow) => {
      const config = unitWith(vitals);
      expect(config.vitals['abp-mean'].extremeLow).toBe(extremeLow);
      expect(configProblems(config)).toEqual([]);
    },
  );

  test('F1: one of a rate does not give way: it is refused, as what is inside its own extreme always was', () => {
    expect(configProblems(unitWith({ 'heart-rate': { low: 35 } }))).toEqual([
      'heart-rate: extremeLow 40 must not be above low 35',
    ]);
  });

  test('F1: who has none is named', () => {
    expect(unsetExtremes(PRESETS.adult)).toEqual([]);
    expect(unsetExtremes(PRESETS.neonatal)).toEqual(['abp-systolic', 'abp-mean']);
  });
});
