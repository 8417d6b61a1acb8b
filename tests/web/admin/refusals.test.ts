import { expect, test } from 'vitest';
import { REFUSAL_REASONS } from '#contracts/http/refusals.ts';
import { adminText } from '../../../web/admin/text/language.ts';

test.each(['en', 'zh'] as const)('every reason for which a device is refused has its words in %s', (language) => {
  const text = adminText(language);
  expect(Object.keys(text.refusalReasons).sort()).toEqual([...REFUSAL_REASONS].sort());
  const words = text.refusedBecause(text.refusalReasons['take-over'], '10.0.0.7', '5 min', '76');
  for (const part of [text.refusalReasons['take-over'], '10.0.0.7', '5 min', '76']) expect(words).toContain(part);
});
