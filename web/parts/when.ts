import type { Voice } from '../shell/text/language.ts';

/** Times that may be of another day. */

const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (locale: string, seconds: boolean): Intl.DateTimeFormat => {
  const key = `${locale} ${seconds}`;
  const held =
    formats.get(key) ??
    new Intl.DateTimeFormat(locale, {
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      ...(seconds ? { second: '2-digit' } : {}),
      hour12: false,
    });
  formats.set(key, held);
  return held;
};

export const dayAndTime = (ms: number, { locale }: Voice): string => formatOf(locale, true).format(ms);

export const dayAndMinute = (ms: number, { locale }: Voice): string => formatOf(locale, false).format(ms);

/** The time alone while it is of the last day. */
export const timeNear = (ms: number, nowMs: number, voice: Voice): string =>
  Math.abs(nowMs - ms) < 86_400_000 ? voice.timeOfDay(ms) : dayAndTime(ms, voice);
