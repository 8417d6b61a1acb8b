import { z } from 'zod';

/**
 * A point in time. On the wire it is ISO 8601 in UTC with milliseconds; in programs it is epoch milliseconds, whose
 * fraction is cut off. A schema that contains it reads an answer with `parse` and writes one with `encode`.
 */
export const Instant = z.codec(z.iso.datetime({ offset: true }), z.number(), {
  decode: (text) => Date.parse(text),
  encode: (ms) => new Date(ms).toISOString(),
});

/** No true time lies outside these years, and every part of the program can hold and print the times within them. */
const YEARS = { first: 1900, last: 2199 } as const;

/** PostgreSQL accepts no larger offset. The zones in which people live are within 14 hours. */
const MAX_OFFSET_HOURS = 15;

const timeFault = (text: string): string | undefined => {
  const offsetHours = Number(/[+-](\d\d):\d\d$/.exec(text)?.[1] ?? 0);
  if (offsetHours > MAX_OFFSET_HOURS) return `a zone is at most ${MAX_OFFSET_HOURS}:59 from UTC`;
  const year = new Date(text).getUTCFullYear();
  return year >= YEARS.first && year <= YEARS.last ? undefined : `a year from ${YEARS.first} to ${YEARS.last}`;
};

/**
 * A time in a query or a body: ISO 8601 with a zone. It stays text and goes to the database as it was given, because
 * the database keeps microseconds, which epoch milliseconds would lose.
 */
export const Time = z.iso.datetime({ offset: true }).superRefine((text, context) => {
  const message = timeFault(text);
  if (message) context.addIssue({ code: 'custom', message });
});
