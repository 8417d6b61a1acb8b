import type { EdfAnnotation } from './header.ts';

/** The channel that says when each record was, and what happened in the file. */

const seconds = (ms: number): string => String(Number((ms / 1_000).toFixed(3)));

/** Time-stamped annotation list; control characters would end it. */
export const talOf = ({ atMs, lengthMs, text }: EdfAnnotation, startMs: number): Buffer => {
  const onset = atMs - startMs;
  const words = text.replaceAll(/\p{Cc}/gu, ' ').slice(0, 120);
  const length = lengthMs === null ? '' : `\x15${seconds(lengthMs)}`;
  return Buffer.from(`${onset < 0 ? '' : '+'}${seconds(onset)}${length}\x14${words}\x14\0`);
};

/** When a record was: the first in its channel of annotations. */
export const timekeeping = (place: number, recordSeconds: number): Buffer =>
  Buffer.from(`+${place * recordSeconds}\x14\x14\0`);

const LONGEST_TIMEKEEPING = 24;

/**
 * Bytes of the channel in each record. Filling records one after another leaves at most the longest free in each, so
 * that all find room.
 */
export const channelBytes = (tals: readonly Buffer[], records: number): number => {
  const longest = Math.max(0, ...tals.map(({ length }) => length));
  const total = tals.reduce((sum, { length }) => sum + length, 0);
  const bytes = LONGEST_TIMEKEEPING + longest + Math.ceil(total / Math.max(1, records));
  return bytes + (bytes % 2);
};
