import type { Language } from '../../shell/text/language.ts';
import { type AdminText, en } from './en.ts';
import { zh } from './zh.ts';

const TEXTS: Readonly<Record<Language, AdminText>> = { en, zh };

export const adminText = (language: Language): AdminText => TEXTS[language];
