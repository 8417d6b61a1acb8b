import { en, type Text } from './en.ts';
import { zh } from './zh.ts';

export const LANGUAGES = { en, zh } as const satisfies Record<string, Text>;

export type Language = keyof typeof LANGUAGES;

/** Locales for `Intl`. */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' };

/** The languages in turn. */
export const nextLanguage = (language: Language): Language => {
  const all = Object.keys(LANGUAGES) as Language[];
  return all[(all.indexOf(language) + 1) % all.length] ?? language;
};

const isLanguage = (name: string | undefined): name is Language => name !== undefined && Object.hasOwn(LANGUAGES, name);

/** The first of the wishes (such as `zh-CN`) that we speak, else English. */
export const chooseLanguage = (wishes: readonly (string | null | undefined)[]): Language =>
  wishes.map((wish) => wish?.toLowerCase().split('-')[0]).find(isLanguage) ?? 'en';

/** Everything a view needs to speak: words, and numbers, ages and times in the manner of the language. */
export type Voice = {
  readonly language: Language;
  readonly locale: string;
  readonly text: Text;
  readonly number: (value: number, decimals: number) => string;
  readonly percent: (value: number) => string;
  readonly age: (ms: number) => string;
  readonly timeOfDay: (epochMs: number) => string;
  /** The time of day without seconds. */
  readonly minuteOfDay: (epochMs: number) => string;
  /** What is left, as minutes and seconds, rounded up so that nothing is left only at the end. */
  readonly countdown: (ms: number) => string;
};

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The coarsest first: the first unit that fits at least once is used. */
const AGE_STEPS = [
  { unit: 'day', ms: DAY },
  { unit: 'hour', ms: HOUR },
  { unit: 'minute', ms: MINUTE },
  { unit: 'second', ms: SECOND },
] as const;

const memo = <Key, Value>(make: (key: Key) => Value): ((key: Key) => Value) => {
  const made = new Map<Key, Value>();
  return (key) => {
    const held = made.get(key) ?? make(key);
    made.set(key, held);
    return held;
  };
};

const createVoice = (language: Language): Voice => {
  const locale = LOCALES[language];
  const decimals = memo(
    (digits: number) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        useGrouping: false,
      }),
  );
  const duration = memo((unit: string) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }));
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const minute = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false });
  const time = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });
  return {
    language,
    locale,
    text: LANGUAGES[language],
    number: (value, digits) => decimals(digits).format(value),
    percent: (value) => percent.format(value / 100),
    age: (ms) => {
      const step = AGE_STEPS.find((candidate) => ms >= candidate.ms) ?? { unit: 'second', ms: SECOND };
      return duration(step.unit).format(Math.floor(Math.max(0, ms) / step.ms));
    },
    timeOfDay: (epochMs) => time.format(epochMs),
    minuteOfDay: (epochMs) => minute.format(epochMs),
    countdown: (ms) => {
      const seconds = Math.ceil(Math.max(0, ms) / SECOND);
      return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    },
  };
};

export const voiceOf = memo(createVoice);
