import { InvalidArgumentError } from 'commander';
import { parseDurationMs } from '../options.ts';

/** A moment: ISO 8601 with a zone, or how long ago, as 8h. Gives epoch milliseconds. */
export const parseMoment = (text: string): number => {
  if (/^\d+(s|min|h|d)$/.test(text)) return Date.now() - parseDurationMs(text);
  const ms = /(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms))
    throw new InvalidArgumentError('Expected a time like 2026-01-31T08:00:00Z, or 8h for so long ago.');
  return ms;
};
