import { describe, expect, it } from 'vitest';
import type { KnownAlarm } from '#contracts/http/alarms.ts';
import { ALARM_EVENT_TYPES, END_CAUSES, INACTIVATIONS } from '#domain/alarms/alarm.ts';
import { CONDITION_IDS } from '#domain/alarms/conditions.ts';
import { explain } from '../../../web/bed/alarms/explained.ts';
import { bedCells } from '../../../web/bed/live/cells.ts';
import { millivoltsOf, parseMillimetre, sweepMsOf } from '../../../web/bed/millimetres.ts';
import { BED_TEXTS } from '../../../web/bed/text/language.ts';
import { meaningOf } from '../../../web/bed/text/meanings.ts';
import { alarmText } from '../../../web/parts/alarm-text.ts';
import { type Language, voiceOf } from '../../../web/shell/text/language.ts';

const T = 1_800_000_000_000;

/** Keys of a catalogue with how each is said, and what is said by nothing. */
const entriesOf = (text: object, path = ''): [string, unknown][] =>
  Object.entries(text).flatMap(([key, value]) =>
    typeof value === 'object' ? entriesOf(value, `${path}${key}.`) : [[`${path}${key}`, value] as [string, unknown]],
  );

const alarm: KnownAlarm = {
  id: 'a1',
  kind: 'heart-rate-low',
  condition: 'low-limit',
  vital: 'heart-rate',
  priority: 'medium',
  state: 'ended',
  unit: 'icu',
  bed: 'b1',
  device: 'm1',
  encounter: 5,
  type: 'physiological',
  late: false,
  startedAt: T - 5_000,
  decidedAt: T,
  measuredAt: T - 80,
  receivedAt: T - 20,
  publishedAt: T + 12,
  shownAt: T + 90_000,
  acknowledgedAt: T + 100_000,
  acknowledgedBy: 'Ada',
  endedAt: T + 200_000,
  endCause: 'recovered',
  value: 43,
  limit: 50,
  worst: 41,
  recurrences: 0,
  config: { preset: 'adult', presetRevision: 2, unit: 3, patient: null },
};

describe('the words of the bed view', () => {
  it.each(Object.entries(BED_TEXTS))('in %s leave nothing unsaid', (_language, text) => {
    expect(entriesOf(text).filter(([, words]) => typeof words === 'string' && words.trim() === '')).toEqual([]);
    expect(END_CAUSES.filter((cause) => !text.endCauses[cause])).toEqual([]);
    expect([...ALARM_EVENT_TYPES, 'inactivated', 'reactivated'].filter((type) => !(type in text.events))).toEqual([]);
    expect(INACTIVATIONS.length).toBe(4);
  });

  it('have the same keys in every language', () => {
    const keys = Object.values(BED_TEXTS).map((text) => entriesOf(text).map(([key]) => key));
    expect(keys[1]).toEqual(keys[0]);
  });
});

describe('an alarm', () => {
  it.each(Object.keys(BED_TEXTS) as Language[])(
    'is explained in %s by its reading, limit, delay, settings and way',
    (language) => {
      const voice = voiceOf(language);
      const lines = explain(alarm, voice).map(({ words }) => words);
      const all = lines.join('\n');
      expect(lines.every((words) => words.trim() !== '')).toBe(true);
      for (const part of ['43 ', '50 ', '41 ', '5.0', '60', '20', '12', '90', 'Ada', '3']) expect(all).toContain(part);
    },
  );

  it('has no line for what there was not', () => {
    const plain: KnownAlarm = { ...alarm, value: null, limit: null, worst: null, endedAt: null, acknowledgedAt: null };
    expect(explain(plain, voiceOf('en')).length).toBe(explain(alarm, voiceOf('en')).length - 4);
  });
});

describe('numbers', () => {
  it('are blank without the time, each place by its name', () => {
    const vitals = {
      'heart-rate': { value: 70, time: T },
      cvp: { value: 5, time: T },
      'abp-systolic': { value: 120, time: T },
    };
    const numbers = { vitals, limits: {}, active: [], inactivations: [] };
    const shown = bedCells(numbers, T, voiceOf('en'));
    expect(shown.map(({ cell }) => `${cell.label} ${cell.value}`)).toEqual([
      'HR 70',
      'SpO₂ --',
      'RR --',
      'ABP 120/--',
      'CVP 5',
    ]);
    expect(bedCells(numbers, undefined, voiceOf('en')).every(({ cell }) => cell.value === '--')).toBe(true);
  });
});

describe('a millimetre', () => {
  it('makes 25 of them a second, and 10 of them a millivolt', () => {
    expect(sweepMsOf(500, 4)).toBe(5_000);
    expect(millivoltsOf(120, 4)).toBe(3);
  });

  it('that no screen has is forgotten', () => {
    expect(['3.78', '0', '-1', 'x', '', '400', null].map(parseMillimetre)).toEqual([
      3.78,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe.each(['en', 'zh'] as const)('every condition of an alarm in %s', (language) => {
  it.each(CONDITION_IDS)('%s has a name, and says what it means', (id) => {
    expect(alarmText({ ...alarm, condition: id }, voiceOf(language))).not.toBe('');
    expect(meaningOf(id, language)).not.toBe('');
  });
});
