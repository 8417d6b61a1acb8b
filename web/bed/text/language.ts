import type { Language } from '../../shell/text/language.ts';
import { type BedText, en } from './en.ts';
import { zh } from './zh.ts';

export type { BedText } from './en.ts';

export const BED_TEXTS = { en, zh } as const satisfies Record<Language, BedText>;

export const bedText = (language: Language): BedText => BED_TEXTS[language];
