import { describe, expect, it } from 'vitest';
import { chooseLanguage, voiceOf } from '../../../../web/shell/text/language.ts';

describe('language', () => {
  it('is the first wish that is spoken here, else English', () => {
    expect(chooseLanguage([null, 'xx', 'zh-CN', 'en'])).toBe('zh');
    expect(chooseLanguage(['fr', undefined, 'toString'])).toBe('en');
  });

  it('tells ages in its own manner', () => {
    expect([0, 59_999, 60_000, 7_300_000, 3 * 86_400_000].map(voiceOf('en').age)).toEqual([
      '0 sec',
      '59 sec',
      '1 min',
      '2 hr',
      '3 days',
    ]);
    expect(voiceOf('zh').age(61_000)).toBe('1分钟');
    expect(voiceOf('zh').number(1234.5, 1)).toBe('1234.5');
  });
});
