import type { Language } from '../../shell/text/language.ts';
import { en, type ReviewText } from './en.ts';
import { zh } from './zh.ts';

const TEXTS: Readonly<Record<Language, ReviewText>> = { en, zh };

export const reviewText = (language: Language): ReviewText => TEXTS[language];
