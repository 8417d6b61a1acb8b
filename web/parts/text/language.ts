import type { Language } from '../../shell/text/language.ts';
import { en, type PartsText } from './en.ts';
import { zh } from './zh.ts';

const TEXTS: Readonly<Record<Language, PartsText>> = { en, zh };

export const partsText = (language: Language): PartsText => TEXTS[language];
