import { type Signal, signal } from '@preact/signals';
import { NIGHT_CHOICES, type NightChoice } from './night.ts';
import { chooseLanguage, type Language } from './text/language.ts';

/** What a person chose on this screen; kept in the browser where it allows that. */

const KEYS = {
  language: 'wardwatch.language',
  initials: 'wardwatch.initials',
  units: 'wardwatch.units',
  night: 'wardwatch.night',
} as const;

/** The window's own settings go before those of the browser: two screens of one computer show two wards. */
const recall = (key: string): string | null => {
  try {
    return sessionStorage.getItem(key) ?? localStorage.getItem(key);
  } catch {
    return null;
  }
};

const keep = (
  key: string,
  value: string,
  where: () => readonly Storage[] = () => [sessionStorage, localStorage],
): void => {
  try {
    for (const storage of where()) storage.setItem(key, value);
  } catch {
    // Private windows refuse: the choice then lasts as long as the page.
  }
};

const listIn = (text: string | null): readonly string[] => text?.split(',').filter(Boolean) ?? [];

const nightIn = (text: string | null): NightChoice => NIGHT_CHOICES.find((choice) => choice === text) ?? 'day';

/** Seconds that a page of the wall stands. */
const LEAST_TURN_S = 5;
const DEFAULT_TURN_S = 15;

const turnMsIn = (text: string | null): number => {
  const seconds = Number(text ?? DEFAULT_TURN_S);
  return 1_000 * (Number.isFinite(seconds) ? Math.max(LEAST_TURN_S, seconds) : DEFAULT_TURN_S);
};

export type Settings = ReturnType<typeof createSettings>;

/**
 * The address (`?lang=zh&units=icu,hdu&night=hours&turn=20`) goes before what was chosen earlier, and that before the
 * browser's languages. `forget` takes a name out of the address, once a person has chosen otherwise.
 */
export const createSettings = (
  address: URLSearchParams,
  languages: readonly string[],
  forget: (name: string) => void = () => {},
) => {
  /** What the address says lasts as long as the window: its pages have other addresses. */
  const wished = (name: string, key: string): string | null => {
    const inAddress = address.get(name);
    if (inAddress !== null) keep(key, inAddress, () => [sessionStorage]);
    return inAddress ?? recall(key);
  };
  const language = signal<Language>(chooseLanguage([wished('lang', KEYS.language), ...languages]));
  const initials = signal(recall(KEYS.initials) === 'yes');
  /** Ids; none: every unit. */
  const units = signal(listIn(wished('units', KEYS.units)));
  const night = signal<NightChoice>(nightIn(wished('night', KEYS.night)));

  const choose = <Value>(held: Signal<Value>, next: Value, key: string, name: string, words: string): void => {
    held.value = next;
    keep(key, words);
    forget(name);
  };

  return {
    language,
    initials,
    units,
    night,
    /** How long a page of the wall stands. */
    turnMs: turnMsIn(address.get('turn')),
    setLanguage(next: Language): void {
      choose(language, next, KEYS.language, 'lang', next);
    },
    toggleInitials(): void {
      choose(initials, !initials.peek(), KEYS.initials, 'initials', initials.peek() ? 'no' : 'yes');
    },
    setUnits(next: readonly string[]): void {
      choose(units, next, KEYS.units, 'units', next.join(','));
    },
    /** Goes on to the next choice: by day, by night, by the hour. */
    turnNight(): void {
      const next = NIGHT_CHOICES[(NIGHT_CHOICES.indexOf(night.peek()) + 1) % NIGHT_CHOICES.length] ?? 'day';
      choose(night, next, KEYS.night, 'night', next);
    },
  };
};
