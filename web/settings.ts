import { signal } from '@preact/signals';
import { chooseLanguage, type Language } from './text/language.ts';

/** What a person chose on this screen; kept in the browser where it allows that. */

const KEYS = { language: 'wardwatch.language', initials: 'wardwatch.initials' } as const;

const recall = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

const keep = (key: string, value: string): void => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Private windows refuse: the choice then lasts as long as the page.
  }
};

export type Settings = ReturnType<typeof createSettings>;

/** `?lang=zh` in the address goes before what was chosen earlier, and that before the browser's languages. */
export const createSettings = (address: URLSearchParams, languages: readonly string[]) => {
  const language = signal<Language>(chooseLanguage([address.get('lang'), recall(KEYS.language), ...languages]));
  const initials = signal(recall(KEYS.initials) === 'yes');
  return {
    language,
    initials,
    setLanguage(next: Language): void {
      language.value = next;
      keep(KEYS.language, next);
    },
    toggleInitials(): void {
      initials.value = !initials.value;
      keep(KEYS.initials, initials.value ? 'yes' : 'no');
    },
  };
};
