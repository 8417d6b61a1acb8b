import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlarmConfig, type AlarmOverrides, override, PRESETS, resolveConfig } from '#domain/alarms/settings.ts';
import { configProblems } from '#domain/alarms/settings-problems.ts';
import { VITAL_IDS, vital } from '#domain/vitals.ts';
import {
  change,
  changedOverrides,
  changesBetween,
  changesOf,
  draftFaults,
  EMPTY_DRAFT,
  type Layers,
  parseEntry,
  sourceOf,
  stayOverrides,
} from '../../../web/bed/limits/draft.ts';
import { presetChangeText } from '../../../web/bed/limits/updated.tsx';
import { changesText } from '../../../web/bed/limits/words.ts';
import { FIELDS, faultsOf } from '../../../web/parts/limits/faults.ts';
import { voiceOf } from '../../../web/shell/text/language.ts';

const layersOf = (unit: AlarmOverrides, stay: AlarmOverrides): Layers => ({
  unit,
  stay,
  below: resolveConfig('adult', { version: 1, overrides: unit }, undefined),
  inForce: resolveConfig('adult', { version: 1, overrides: unit }, { version: 2, overrides: stay }),
});

const layers = layersOf(
  { vitals: { spo2: { low: 88 } } },
  { apnoeaDelayMs: 30_000, vitals: { 'heart-rate': { high: 140, delayMs: 8_000 } } },
);

describe('limits that are being changed', () => {
  it('say where each value comes from', () => {
    const draft = change(layers, EMPTY_DRAFT, 'temperature', 'high', { text: '38.5' });
    expect(sourceOf(layers, draft, 'heart-rate', 'high')).toBe('stay');
    expect(sourceOf(layers, draft, 'spo2', 'low')).toBe('unit');
    expect(sourceOf(layers, draft, 'heart-rate', 'low')).toBe('preset');
    expect(sourceOf(layers, draft, 'temperature', 'high')).toBe('changed');
  });

  it('are saved over all that the stay has, and nothing else of it is lost', () => {
    const draft = change(layers, EMPTY_DRAFT, 'spo2', 'low', { text: '85' });
    expect(stayOverrides(layers, draft)).toEqual({
      apnoeaDelayMs: 30_000,
      vitals: { 'heart-rate': { high: 140, delayMs: 8_000 }, spo2: { low: 85 } },
    });
    expect(changedOverrides(layers, draft)).toEqual({ vitals: { spo2: { low: 85 } } });
  });

  it('are said field by field, from what is in force to what would be', () => {
    const once = change(layers, EMPTY_DRAFT, 'spo2', 'low', { text: '85' });
    const twice = change(layers, once, 'heart-rate', 'delayMs', { text: '2.5' });
    const draft = change(layers, twice, 'heart-rate', 'high', { text: '' });
    const changes = changesOf(layers, draft);
    expect(changesText(changes, voiceOf('en'))).toBe('HR high 140 → off, HR delay 8 s → 2.5 s, SpO₂ low 88 → 85');
    expect(changesText(changes, voiceOf('zh'))).toBe(
      '心率 高限 140 → 关, 心率 延迟 8 秒 → 2.5 秒, 血氧饱和度 低限 88 → 85',
    );
    expect(changesOf(layers, EMPTY_DRAFT)).toEqual([]);
  });

  it('of somebody else are told by what they did to what is in force, in the unit or the stay', () => {
    const later = layersOf(
      { vitals: { spo2: { low: 92 } } },
      { vitals: { 'heart-rate': { high: 130, delayMs: 8_000 } } },
    );
    expect(changesBetween(layers, later)).toEqual([
      { id: 'heart-rate', field: 'high', from: 140, to: 130 },
      { id: 'spo2', field: 'low', from: 88, to: 92 },
    ]);
    expect(changesBetween(layers, layers)).toEqual([]);
  });

  it('go back to what the unit has', () => {
    const once = change(layers, EMPTY_DRAFT, 'heart-rate', 'high', 'below');
    const both = change(layers, once, 'heart-rate', 'delayMs', 'below');
    expect(stayOverrides(layers, both).vitals).toEqual({});
    expect(changedOverrides(layers, both).vitals).toEqual({ 'heart-rate': { high: 120, delayMs: 5_000 } });
  });

  it('are no change when they say what is so anyway', () => {
    expect(change(layers, EMPTY_DRAFT, 'heart-rate', 'high', { text: '140' }).size).toBe(0);
    expect(change(layers, EMPTY_DRAFT, 'spo2', 'low', 'below').size).toBe(0);
  });

  it('take a comma for a point, nothing for off, and no word for a number', () => {
    expect(parseEntry('37,5', 'high')).toBe(37.5);
    expect(parseEntry(' ', 'high')).toBeNull();
    expect(parseEntry('', 'delayMs')).toBeUndefined();
    expect(parseEntry('8', 'delayMs')).toBe(8_000);
    expect(parseEntry('high', 'high')).toBeUndefined();
    const draft = change(layers, EMPTY_DRAFT, 'spo2', 'low', { text: 'x' });
    expect(draftFaults(layers, draft, 'spo2')).toEqual([{ field: 'low', kind: 'number' }]);
  });

  it('are found wanting just when the station finds them so', () => {
    const limit = fc.option(fc.integer({ min: -60, max: 420 }), { nil: null });
    fc.assert(
      fc.property(
        fc.constantFrom(...VITAL_IDS),
        limit,
        limit,
        limit,
        limit,
        (id, low, high, extremeLow, extremeHigh) => {
          const own = { low, high, extremeLow, extremeHigh };
          const problems = configProblems(override(PRESETS.adult, { vitals: { [id]: own } }));
          const faults = faultsOf(id, { ...PRESETS.adult.vitals[id], ...own }, 'adult');
          expect(faults.length > 0).toBe(problems.length > 0);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('of the presets have no fault', () => {
    for (const preset of Object.values(PRESETS)) {
      for (const id of VITAL_IDS) expect(faultsOf(id, preset.vitals[id], preset.version.preset)).toEqual([]);
    }
    expect(FIELDS.length).toBe(5);
    expect(vital('spo2').plausible).toEqual([0, 100]);
  });
});

describe('presets that an update of the station has changed', () => {
  const { adult, neonatal } = PRESETS;
  const from = override(adult, { vitals: { 'abp-mean': { extremeLow: null } } });
  const words = (before: AlarmConfig, after: AlarmConfig) =>
    presetChangeText({ at: Date.parse('2026-11-25T10:00:00Z'), from: before, to: after }, voiceOf('en'));

  it('are said, with what is other than before', () => {
    expect(words(from, adult)).toMatch(/update of wardwatch .*: ABP-M crisis low off → 40\. /);
    expect(words(override(adult, { vitals: { spo2: { hysteresis: 2 } } }), adult)).toContain('not in this table');
  });

  it('are nothing to say where none changed, or another patient came with it', () => {
    expect(presetChangeText(null, voiceOf('en'))).toBeUndefined();
    expect(words(neonatal, adult)).toBeUndefined();
  });
});
