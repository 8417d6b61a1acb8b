import type { Language } from '../../../shell/text/language.ts';
import { type DeviceText, en } from './en.ts';
import { zh } from './zh.ts';

const TEXTS: Readonly<Record<Language, DeviceText>> = { en, zh };

export const deviceText = (language: Language): DeviceText => TEXTS[language];
