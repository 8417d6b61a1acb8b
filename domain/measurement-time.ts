/**
 * Reads times as senders write them: ISO 8601 in its forms with year, month and day, or epoch milliseconds. A time that
 * could have two meanings is never guessed but refused, with the rule that it breaks: the time of a reading decides to
 * which patient it belongs.
 */

const TEXT =
  /^(\d{4})(-?)(\d\d)\2(\d\d)(?:[Tt_ ] *)?(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,12}))?)?)? *(Z|UTC|GMT|[+\-\u2212]\d\d(?::?\d\d)?)?$/i;

/** ISO 8601-2: no place on Earth is further from UTC than 14 hours; some systems allow 18. */
const MAX_OFFSET_MINUTES = 18 * 60;

/**
 * A number in this range is a date from 2017 to 2065 if it is in seconds, and a date early in 1970 if it is in
 * milliseconds.
 */
const LIKELY_SECONDS = [1.5e9, 3e9] as const;
/** This number is in the year 5138 if it is in milliseconds, and in 1973 if it is in microseconds. */
const LIKELY_MICROSECONDS = 1e14;

export type RefusedTime = { readonly why: string };

const refuse = (why: string): RefusedTime => ({ why });

const whyNot = (text: string): RefusedTime => {
  if (text === '') return refuse('is empty');
  if (/^[-+]?\d+(\.\d+)?$/.test(text)) return refuse('epoch milliseconds are a number, without quotes');
  if (/^\d{4}-?W\d\d/i.test(text)) return refuse('needs year, month and day, not a week');
  if (/^\d{4}-?\d{3}(\D|$)/.test(text)) return refuse('needs year, month and day, not a day of the year');
  if (/^\d{4}-?\d\d-?\d\d$/.test(text)) return refuse('needs a time of day');
  return refuse('is not ISO 8601, as in 2026-01-31T08:00:00.250Z, nor epoch milliseconds');
};

const offsetMinutesOf = (zone: string): number => {
  const [, sign, hours = '0', minutes = '0'] = /^(.)(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  const total = Number(minutes) < 60 ? Number(hours) * 60 + Number(minutes) : Number.NaN;
  return sign === '+' ? total : -total;
};

const daysOf = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
};

const readText = (text: string): number | RefusedTime => {
  const parts = TEXT.exec(text.trim());
  if (!parts) return whyNot(text.trim());
  const [, year, , month, day, hour, minute, second = '0', fraction = '0', zone] = parts;
  if (minute === undefined) return refuse('needs hours and minutes');
  if (zone === undefined) return refuse('needs a zone: Z, or an offset such as +01:00');
  const offsetMinutes = offsetMinutesOf(zone);
  if (!(Math.abs(offsetMinutes) <= MAX_OFFSET_MINUTES)) return refuse('has an offset beyond ±18:00');
  const isDay = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1;
  if (!isDay || Number(day) > daysOf(Number(year), Number(month))) return refuse('is no day of the calendar');
  // A leap second, written as 60, becomes the first second of the next minute.
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return refuse('is no time of day');
  const date = new Date(0);
  // Date.UTC would take the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute) - offsetMinutes, Number(second));
  return date.getTime() + Number(`0.${fraction}`) * 1_000;
};

const readNumber = (time: number): number | RefusedTime => {
  if (!Number.isFinite(time)) return refuse('is not a finite number');
  if (time >= LIKELY_SECONDS[0] && time < LIKELY_SECONDS[1])
    return refuse('looks like epoch seconds: send milliseconds');
  if (Math.abs(time) >= LIKELY_MICROSECONDS) return refuse('is too large for epoch milliseconds');
  return time;
};

/**
 * Rounds to whole microseconds, as the database keeps times: two times that are equal there must be equal everywhere.
 */
export const toMicroseconds = (timeMs: number): number =>
  Number.isInteger(timeMs) ? timeMs : Math.round(timeMs * 1_000) / 1_000;

/** Returns epoch milliseconds, or why the time is refused. Never throws. */
export const readTime = (time: string | number): number | RefusedTime => {
  const read = typeof time === 'string' ? readText(time) : readNumber(time);
  return typeof read === 'number' ? toMicroseconds(read) : read;
};
