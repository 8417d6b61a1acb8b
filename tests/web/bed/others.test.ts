import { expect, test } from 'vitest';
import { othersText } from '../../../web/bed/others.ts';
import { voiceOf } from '../../../web/shell/text/language.ts';

const NOW = 1_800_000_000_000;
const voice = voiceOf('en');
const m1 = { id: 'm1', intervalMs: null };
const value = (of: number | null, agoMs = 1_000) => ({ value: of, time: NOW - agoMs });

test('what a device measures beside the source is told, but for what is old, not there, or its own by now', () => {
  const vitals = { 'heart-rate': { ...value(70), source: 'm1' }, spo2: { ...value(97), source: 'o1' } };
  const others = {
    m1: {
      'heart-rate': value(60),
      spo2: value(94),
      'respiratory-rate': value(14, 60_000),
      'pulse-rate': value(null),
      temperature: { ...value(37.24), quality: 'invalid' as const },
    },
  };
  expect(othersText({ vitals, others }, m1, NOW, voice)).toBe('SpO₂ 94');
  expect(othersText({ vitals }, m1, NOW, voice)).toBe('');
});
