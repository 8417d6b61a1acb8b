import { describe, expect, it } from 'vitest';
import type { AlarmSettings } from '#contracts/http/alarm-settings.ts';
import type { KnownAlarm } from '#contracts/http/alarms.ts';
import { CONDITION_IDS } from '#domain/alarms/conditions.ts';
import { PRESETS } from '#domain/alarms/settings.ts';
import { configOf, delayOf, namedSettings, pastOf, stagesOf } from '../../../web/review/explain.ts';

const AT = Date.UTC(2026, 0, 2, 12);

const alarm: KnownAlarm = {
  id: 'a-1',
  unit: 'icu',
  bed: 'b1',
  device: 'm1',
  encounter: 5,
  kind: 'heart-rate-high',
  condition: 'high-limit',
  vital: 'heart-rate',
  type: 'physiological',
  priority: 'medium',
  state: 'ended',
  late: false,
  startedAt: AT - 5_000,
  decidedAt: AT,
  measuredAt: AT - 60,
  receivedAt: AT,
  publishedAt: AT + 12,
  shownAt: AT + 40,
  acknowledgedAt: null,
  acknowledgedBy: null,
  endedAt: AT + 60_000,
  endCause: 'recovered',
  value: 125,
  limit: 120,
  worst: 131,
  recurrences: 0,
  config: { preset: 'adult', presetRevision: 2, unit: 4, patient: null },
};

const row = (version: number, delayMs: number): AlarmSettings => ({
  version,
  unit: 'icu',
  encounter: null,
  ageGroup: 'adult',
  overrides: { vitals: { 'heart-rate': { delayMs } } },
  reason: 'fewer short ones',
  author: 'Anna',
  createdAt: AT - 86_400_000,
});

describe('the explanation of an alarm', () => {
  it('names the version that decided, and not the newest', () => {
    const named = namedSettings(alarm, [row(9, 20_000), row(4, 7_000)], []);
    expect(named.unit?.version).toBe(4);
    const config = configOf(alarm, named);
    expect(config && delayOf(alarm, config)).toBe(7_000);
  });

  it('guesses no settings when the version is not at hand', () => {
    expect(configOf(alarm, namedSettings(alarm, [row(9, 20_000)], []))).toBeUndefined();
  });

  it('says how far past the threshold it was, and the farthest', () => {
    expect(pastOf(alarm)).toEqual({ at: 5, worst: 11 });
    expect(pastOf({ ...alarm, limit: null })).toBeNull();
  });

  it('tells each stage from the sensor to the screen', () => {
    expect(stagesOf(alarm).map(({ name, ms }) => [name, ms])).toEqual([
      ['measured', 0],
      ['received', 60],
      ['decided', 0],
      ['published', 12],
      ['shown', 28],
    ]);
  });

  it('leaves out what nobody stamped', () => {
    const silent = { ...alarm, measuredAt: null, receivedAt: null, shownAt: null };
    expect(stagesOf(silent).map(({ name }) => name)).toEqual(['decided', 'published']);
  });

  it.each(CONDITION_IDS)('knows the delay of %s', (condition) => {
    const delay = delayOf({ ...alarm, condition }, PRESETS.adult);
    expect(Number.isFinite(delay)).toBe(true);
  });
});
