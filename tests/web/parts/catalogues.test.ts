import { describe, expect, it } from 'vitest';
import { AgeGroupSchema } from '#domain/age-group.ts';
import { accessText } from '../../../web/access/text/language.ts';
import { deviceText } from '../../../web/admin/device/text/language.ts';
import { adminText } from '../../../web/admin/text/language.ts';
import { monitorText } from '../../../web/parts/monitor/text/language.ts';
import { partsText } from '../../../web/parts/text/language.ts';
import { reviewText } from '../../../web/review/text/language.ts';
import { LANGUAGES, type Language } from '../../../web/shell/text/language.ts';

const CATALOGUES = {
  access: accessText,
  administration: adminText,
  device: deviceText,
  review: reviewText,
  parts: partsText,
  monitor: monitorText,
};

/** Every text with its path; what is put into a sentence is given as ‹0›, ‹1› and so on. */
const spoken = (value: unknown, path = ''): (readonly [path: string, words: string, holes: number])[] => {
  if (typeof value === 'string') return [[path, value, 0]];
  if (typeof value === 'function') {
    const holes = Array.from({ length: value.length }, (_, place) => `‹${place}›`);
    return [[path, String(value(...holes)), holes.length]];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => spoken(below, `${path}.${key}`));
};

const languages = Object.keys(LANGUAGES) as Language[];
const all = Object.entries(CATALOGUES).flatMap(([name, textOf]) =>
  languages.map((language) => [name, language, spoken(textOf(language))] as const),
);

describe('the catalogue of a page', () => {
  it.each(all)(
    'of %s in %s leaves nothing unsaid, and nothing out that is put into a sentence',
    (_name, _lang, texts) => {
      expect(texts.length).toBeGreaterThan(5);
      for (const [path, words, holes] of texts) {
        expect(words.trim(), path).not.toBe('');
        for (let place = 0; place < holes; place++) expect(words, path).toContain(`‹${place}›`);
      }
    },
  );

  it.each(Object.entries(CATALOGUES))('of %s says the same things in every language', (_name, textOf) => {
    const paths = languages.map((language) => spoken(textOf(language)).map(([path]) => path));
    for (const each of paths) expect(each).toEqual(paths[0]);
  });

  it('of Chinese is Chinese', () => {
    const words = [...spoken(adminText('zh')), ...spoken(deviceText('zh'))].map(([, text]) => text);
    expect(words.filter((text) => !/\p{Script=Han}/u.test(text) && /\p{L}{2}/u.test(text))).toEqual([]);
  });

  it.each(languages)('in %s names every age group', (language) => {
    for (const group of AgeGroupSchema.options) {
      expect(adminText(language).ageGroups[group]).toBeTruthy();
      expect(reviewText(language).ageGroups[group]).toBeTruthy();
    }
  });
});
