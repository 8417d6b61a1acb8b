import type { Language } from '../../../shell/text/language.ts';
import { en, type MonitorText } from './en.ts';
import { zh } from './zh.ts';

const TEXTS: Readonly<Record<Language, MonitorText>> = { en, zh };

export const monitorText = (language: Language): MonitorText => TEXTS[language];
