import { vital } from '#domain/vitals.ts';
import type { Voice } from '../../shell/text/language.ts';
import { bedText } from '../text/language.ts';
import type { FieldChange } from './draft.ts';

/** A change in words, such as `SpO₂ low 90 → 88`. */
export const changeText = ({ id, field, from, to }: FieldChange, { language, number }: Voice): string => {
  const text = bedText(language);
  const figure = (value: number | null | undefined): string => {
    if (value === null || value === undefined) return text.off;
    return field === 'delayMs' ? text.seconds(number(value / 1_000, value % 1_000 === 0 ? 0 : 1)) : plain(value);
  };
  // A limit may be finer than the vital is shown: nothing of it is rounded away.
  const plain = (value: number): string => number(value, Math.max(vital(id).decimals, decimalsOf(value)));
  const name = language === 'en' ? vital(id).short : vital(id).label[language];
  return `${name} ${text.fields[field]} ${figure(from)} → ${figure(to)}`;
};

const decimalsOf = (value: number): number => (String(value).split('.')[1] ?? '').length;

export const changesText = (changes: readonly FieldChange[], voice: Voice): string =>
  changes.map((each) => changeText(each, voice)).join(', ');
