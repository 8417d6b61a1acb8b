import type { Language } from '../../shell/text/language.ts';
import { type AccessText, en } from './en.ts';
import { zh } from './zh.ts';

const TEXTS: Readonly<Record<Language, AccessText>> = { en, zh };

export const accessText = (language: Language): AccessText => TEXTS[language];
