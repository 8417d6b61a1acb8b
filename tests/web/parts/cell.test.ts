import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LatestVitals } from '#contracts/live.ts';
import { FRESHNESS, MAX_AHEAD_MS } from '#domain/freshness.ts';
import { type BedNumbers, type CellView, cellView } from '../../../web/parts/cell.ts';
import { TILE_SLOTS } from '../../../web/parts/display.ts';
import { voiceOf } from '../../../web/shell/text/language.ts';
import { active, alarm, inactivation } from '../alarm-samples.ts';

const NOW = 1_800_000_000_000;
const voice = voiceOf('en');

const slot = (key: string) => {
  const found = TILE_SLOTS.find((each) => each.key === key);
  if (!found) throw new Error(`no place ${key}`);
  return found;
};

const numbers = (vitals: LatestVitals, change: Partial<BedNumbers> = {}): BedNumbers => ({
  vitals,
  limits: {},
  active: [],
  inactivations: [],
  ...change,
});

const view = (key: string, vitals: LatestVitals, change: Partial<BedNumbers> = {}): CellView | undefined =>
  cellView(slot(key), numbers(vitals, change), NOW, voice);

const ago = (ms: number, value: number | null = 72) => ({ value, time: NOW - ms });

describe('a value', () => {
  it('is shown as it is while live', () => {
    expect(view('rate', { 'heart-rate': ago(1_000) })).toMatchObject({
      label: 'HR',
      unit: '/min',
      value: '72',
      note: '',
      tone: 'live',
    });
  });

  it('is shown with its age when old', () => {
    expect(view('rate', { 'heart-rate': ago(8_000) })).toMatchObject({ value: '72', note: '8 sec', tone: 'old' });
  });

  it('is blanked with the reason when stale', () => {
    expect(view('rate', { 'heart-rate': ago(65_000) })).toMatchObject({
      value: '--',
      note: 'No data 1 min',
      tone: 'blank',
    });
  });

  it('is blanked without a link, whatever its age', () => {
    expect(cellView(slot('rate'), numbers({ 'heart-rate': ago(0) }), undefined, voice)).toMatchObject({
      value: '--',
      note: '',
    });
  });

  it('that was never heard says so', () => {
    expect(view('spo2', {})).toMatchObject({ value: '--', note: 'No data' });
  });

  it('of null tells a sensor without a signal from a measurement that was not made', () => {
    expect(view('spo2', { spo2: ago(0, null) })).toMatchObject({ value: '--', note: 'No signal' });
    expect(view('temperature', { temperature: ago(0, null) })).toMatchObject({ value: '--', note: 'Not measured' });
    expect(view('spo2', { spo2: ago(60_000, null) })).toMatchObject({ note: 'No data 1 min' });
  });

  it('is marked when questionable and blanked when invalid', () => {
    const questionable = { ...ago(0, 91), quality: 'questionable' } as const;
    expect(view('spo2', { spo2: questionable })).toMatchObject({ value: '91', note: 'Uncertain', tone: 'uncertain' });
    const invalid = { ...ago(0, 91), quality: 'invalid' } as const;
    expect(view('spo2', { spo2: invalid })).toMatchObject({ value: '--', note: 'Invalid', tone: 'blank' });
  });

  it('measured now and then tells its age long before it is old', () => {
    const vitals = { temperature: ago(12 * 60_000, 36.84) };
    expect(view('temperature', vitals)).toMatchObject({ value: '36.8', note: '12 min', tone: 'live' });
  });

  it('is never shown past its limit, at any age and for any vital', () => {
    const age = fc.integer({ min: -10_000, max: 5 * 3_600_000 });
    fc.assert(
      fc.property(fc.constantFrom(...TILE_SLOTS), age, (each, ageMs) => {
        const vitals = Object.fromEntries(each.rows.map(({ main }) => [main, ago(ageMs, 40)])) as LatestVitals;
        const intermittent = each.key === 'pressure' || each.key === 'temperature';
        const limitMs = FRESHNESS[intermittent ? 'intermittent' : 'continuous'].staleAfterMs;
        const shown = cellView(each, numbers(vitals), NOW, voice);
        expect(shown?.tone === 'blank').toBe(ageMs > limitMs || ageMs < -MAX_AHEAD_MS);
        if (shown?.tone === 'blank') expect(shown.value).toBe('--');
      }),
    );
  });
});

describe('a place with more than one source', () => {
  it('shows the pulse when there is no heart rate to show', () => {
    const vitals = { 'heart-rate': ago(0, null), 'pulse-rate': ago(0, 77) };
    expect(view('rate', vitals)).toMatchObject({ label: 'PR', value: '77' });
    expect(view('rate', { 'heart-rate': ago(0, null) })).toMatchObject({ label: 'HR', note: 'No signal' });
  });

  it('shows the cuff when the arterial line is silent', () => {
    const vitals = { 'abp-systolic': ago(20_000, 120), 'nibp-systolic': ago(0, 118), 'nibp-diastolic': ago(0, 70) };
    expect(view('pressure', vitals)).toMatchObject({ label: 'NIBP', value: '118/70' });
  });

  it('has its usual name while nothing was heard', () => {
    expect(view('pressure', {})?.label).toBe('NIBP');
    expect(view('rate', {})?.label).toBe('HR');
  });
});

describe('a pressure', () => {
  const whole = { 'nibp-systolic': ago(0, 118), 'nibp-diastolic': ago(0, 72), 'nibp-mean': ago(0, 88) };

  it('is shown with its parts', () => {
    expect(view('pressure', whole)).toMatchObject({ value: '118/72', mean: '88', unit: 'mmHg' });
  });

  it('never mixes the parts of two measurements', () => {
    expect(view('pressure', { ...whole, 'nibp-diastolic': ago(60_000, 90) })).toMatchObject({ value: '118/--' });
    expect(view('pressure', { ...whole, 'nibp-mean': ago(60_000, 99) })).toMatchObject({ value: '118/72', mean: '' });
  });
});

describe('the line of the last hour', () => {
  const sparkOf = (id: string) => `path of ${id}`;

  it('is that of what is shown', () => {
    expect(view('rate', { 'heart-rate': ago(0) }, { sparkOf })?.spark).toBe('path of heart-rate');
    expect(view('rate', { 'pulse-rate': ago(0) }, { sparkOf })?.spark).toBe('path of pulse-rate');
  });

  it('gives way to what is to be said of the number, and goes with it', () => {
    expect(view('rate', { 'heart-rate': ago(8_000) }, { sparkOf })?.spark).toBe('');
    expect(view('rate', { 'heart-rate': ago(65_000) }, { sparkOf })?.spark).toBe('');
  });
});

describe('an optional place', () => {
  it('is left out until its vital is heard', () => {
    expect(view('etco2', {})).toBeUndefined();
    expect(view('etco2', { etco2: ago(60_000, 38) })).toMatchObject({ value: '--', note: 'No data 1 min' });
  });
});

describe('limits and alarms of a place', () => {
  const vitals = { 'heart-rate': ago(0) };
  const limits = { 'heart-rate': { low: 50, high: 120 }, spo2: { low: 90, high: null } };

  it('stand beside the number, in the decimals of the vital', () => {
    expect(view('rate', vitals, { limits })?.limits).toBe('50–120');
    expect(view('spo2', { spo2: ago(0, 97) }, { limits })?.limits).toBe('≥ 90');
    expect(
      view('temperature', { temperature: ago(0, 37) }, { limits: { temperature: { low: null, high: 39 } } })?.limits,
    ).toBe('≤ 39.0');
    expect(view('respiration', {}, { limits })?.limits).toBe('');
  });

  it('are marked where an alarm of theirs is switched off', () => {
    const inactivations = [inactivation({ what: 'alarm-off', kind: 'heart-rate-low', until: null })];
    expect(view('rate', vitals, { limits, inactivations })?.isLimitOff).toBe(true);
    expect(view('spo2', { spo2: ago(0, 97) }, { limits, inactivations })?.isLimitOff).toBe(false);
  });

  it('show the worst that nobody has answered', () => {
    const answered = alarm({ priority: 'high', acknowledged: { by: 'Ann', at: NOW } });
    const fresh = alarm({ kind: 'heart-rate-high' });
    const both = { active: [active(answered), active(fresh)] };
    expect(view('rate', vitals, both)).toMatchObject({ alarm: 'medium', alarmTone: 'flashing', value: '72' });
    expect(view('rate', vitals, { active: [active(answered)] })).toMatchObject({
      alarm: 'high',
      alarmTone: 'acknowledged',
    });
    expect(view('spo2', { spo2: ago(0, 97) }, both)).toMatchObject({ alarm: null });
  });

  it('of the pulse do not mark a heart rate, nor those of the cuff an arterial pressure', () => {
    const pulse = { active: [active(alarm({ kind: 'pulse-rate-low', vital: 'pulse-rate' }))] };
    expect(view('rate', vitals, pulse)).toMatchObject({ label: 'HR', alarm: null });
    expect(view('rate', { 'pulse-rate': ago(0) }, pulse)).toMatchObject({ label: 'PR', alarm: 'medium' });
    const cuff = { active: [active(alarm({ kind: 'nibp-systolic-low', vital: 'nibp-systolic' }))] };
    const both: LatestVitals = { 'abp-systolic': ago(0, 120), 'nibp-systolic': ago(0, 80) };
    expect(view('pressure', both, cuff)).toMatchObject({ label: 'ABP', alarm: null });
  });

  it('say nothing without a link', () => {
    const bed = numbers(vitals, { limits, active: [active(alarm({}))] });
    expect(cellView(slot('rate'), bed, undefined, voice)).toMatchObject({ limits: '', alarm: null });
  });
});

describe('a value at a bed with several devices', () => {
  const devices = [
    { id: 'm1', role: 'monitor', intervalMs: null },
    { id: 'v1', role: 'ventilator', intervalMs: 60_000 },
  ] as const;

  it('says what it comes from, live or blank', () => {
    expect(view('respiration', { 'respiratory-rate': { ...ago(1_000, 14), source: 'v1' } }, { devices })).toMatchObject(
      {
        value: '14',
        source: 'ventilator',
      },
    );
    expect(
      view('respiration', { 'respiratory-rate': { ...ago(1_000, null), source: 'v1' } }, { devices }),
    ).toMatchObject({
      tone: 'blank',
      source: 'ventilator',
    });
    expect(view('rate', { 'heart-rate': ago(1_000) }, { devices: devices.slice(0, 1) })).toMatchObject({ source: '' });
  });

  it('is as old as the device that it comes from lets it be', () => {
    const at = (source: string) => view('rate', { 'heart-rate': { ...ago(65_000), source } }, { devices })?.tone;
    expect([at('m1'), at('v1')]).toEqual(['blank', 'old']);
  });
});
