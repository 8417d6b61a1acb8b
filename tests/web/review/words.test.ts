import { describe, expect, it } from 'vitest';
import { reviewText } from '../../../web/review/text/language.ts';
import { lateText, quantity } from '../../../web/review/words.ts';
import { voiceOf } from '../../../web/shell/text/language.ts';

const voice = voiceOf('en');
const at = (hour: number, minute: number): number => new Date(2026, 0, 2, hour, minute).getTime();

describe('an alarm of late data', () => {
  it('is said to be one that would have been, and when', () => {
    const words = lateText({ decidedAt: at(14, 2), endedAt: at(14, 5) }, reviewText('en'), voice);
    expect(words).toBe('Would have alarmed 14:02–14:05');
  });

  it('has no end when the data has none', () => {
    expect(lateText({ decidedAt: at(14, 2), endedAt: null }, reviewText('en'), voice)).toBe('Would have alarmed');
  });
});

it.each([
  [120.4, 'heart-rate', '120 /min'],
  [38.25, 'temperature', '38.3 °C'],
  [3, null, '3'],
] as const)('%d of %s is written as a person reads it', (value, id, words) => {
  expect(quantity(value, id, voice)).toBe(words);
});
