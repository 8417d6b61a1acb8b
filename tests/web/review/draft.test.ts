import { describe, expect, it } from 'vitest';
import { type AlarmOverrides, PRESETS } from '#domain/alarms/settings.ts';
import { differences, draftOf, isNothing, readDraft } from '../../../web/review/draft.ts';

const overrides: AlarmOverrides = {
  asystoleDelayMs: 5_000,
  latching: { medium: true },
  vitals: { 'heart-rate': { low: null, high: 130, delayMs: 7_500 } },
};

describe('a draft', () => {
  it('is typed in seconds, with off for no limit', () => {
    expect(draftOf(overrides)).toEqual({
      asystoleDelayMs: '5',
      'heart-rate.low': 'off',
      'heart-rate.high': '130',
      'heart-rate.delayMs': '7.5',
    });
  });

  it('read back says the same, with what it does not show', () => {
    expect(readDraft(draftOf(overrides), overrides)).toEqual({ overrides, faults: new Map() });
  });

  it('leaves a field that is emptied to the layer below', () => {
    const { overrides: left } = readDraft({ ...draftOf(overrides), asystoleDelayMs: ' ' }, overrides);
    expect(left).toEqual({ latching: { medium: true }, vitals: overrides.vitals });
  });

  it.each([
    ['heart-rate.high', 'many', 'number'],
    ['spo2.extremeLow', 'off', 'number'],
    ['heart-rate.delayMs', '31', 'range'],
    ['asystoleDelayMs', '2', 'range'],
  ] as const)('finds fault with %s %s', (key, text, fault) => {
    expect([...readDraft({ [key]: text }).faults]).toEqual([[key, fault]]);
  });

  it('may have off for a kind that can be switched off, of all vitals or of one', () => {
    const typed = { frozenAfterMs: 'off', 'spo2.lowBurden': 'off', 'spo2.lowBurdenWithinMs': '300' };
    expect(readDraft(typed)).toEqual({
      overrides: { frozenAfterMs: null, vitals: { spo2: { lowBurden: null, lowBurdenWithinMs: 300_000 } } },
      faults: new Map(),
    });
    expect([...readDraft({ clockToleranceMs: 'off', 'spo2.lowBurdenWithinMs': 'off' }).faults]).toEqual([
      ['spo2.lowBurdenWithinMs', 'number'],
      ['clockToleranceMs', 'number'],
    ]);
  });

  it('takes a decimal comma', () => {
    expect(readDraft({ 'temperature.high': '38,5' }).overrides).toEqual({ vitals: { temperature: { high: 38.5 } } });
  });
});

describe('what a change puts over the past', () => {
  it('is what is now other, and the preset where something was taken out', () => {
    const next: AlarmOverrides = { latching: { medium: true }, vitals: { 'heart-rate': { low: null, high: 140 } } };
    expect(differences(PRESETS.adult, overrides, next)).toEqual({
      asystoleDelayMs: PRESETS.adult.asystoleDelayMs,
      vitals: { 'heart-rate': { high: 140, delayMs: PRESETS.adult.vitals['heart-rate'].delayMs } },
    });
  });

  it('is nothing when nothing is other', () => {
    expect(isNothing(differences(PRESETS.adult, overrides, overrides))).toBe(true);
  });
});

describe('the preferred sources of a vital', () => {
  it('are typed as roles, the best first, and kept when something else is changed', () => {
    const { overrides } = readDraft({ 'spo2.sources': ' Oximeter，monitor ' });
    expect(overrides).toEqual({ vitals: { spo2: { sources: ['oximeter', 'monitor'] } } });
    const draft = draftOf(overrides);
    expect(readDraft({ ...draft, 'spo2.low': '88' }, overrides).overrides).toEqual({
      vitals: { spo2: { low: 88, sources: ['oximeter', 'monitor'] } },
    });
    expect(isNothing(differences(PRESETS.adult, overrides, overrides))).toBe(true);
  });

  it('are refused where a word is no role', () => {
    expect([...readDraft({ 'spo2.sources': 'toaster' }).faults]).toEqual([['spo2.sources', 'range']]);
  });
});
