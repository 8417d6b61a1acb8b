import { z } from 'zod';

/**
 * A time. On the wire it is ISO 8601 in UTC with milliseconds; in programs it is epoch milliseconds, of which a fraction is
 * cut off. A schema that holds it reads an answer with `parse` and writes one with `encode`.
 */
export const Instant = z.codec(z.iso.datetime({ offset: true }), z.number(), {
  decode: (text) => Date.parse(text),
  encode: (ms) => new Date(ms).toISOString(),
});

/** Nobody's time lies outside, and every part of the way can hold and print what lies within. */
const YEARS = { first: 1900, last: 2199 } as const;

/** PostgreSQL takes no more. The zones in which people live are within 14 hours. */
const MAX_OFFSET_HOURS = 15;

const timeFault = (text: string): string | undefined => {
  const offsetHours = Number(/[+-](\d\d):\d\d$/.exec(text)?.[1] ?? 0);
  if (offsetHours > MAX_OFFSET_HOURS) return `a zone is at most ${MAX_OFFSET_HOURS}:59 from UTC`;
  const year = new Date(text).getUTCFullYear();
  return year >= YEARS.first && year <= YEARS.last ? undefined : `a year from ${YEARS.first} to ${YEARS.last}`;
};

/**
 * A time in a query or a body: ISO 8601 with a zone. It stays text, because it goes to the database as it was given, which
 * keeps microseconds that milliseconds would lose.
 */
export const Time = z.iso.datetime({ offset: true }).superRefine((text, context) => {
  const message = timeFault(text);
  if (message) context.addIssue({ code: 'custom', message });
});
