import type { Entry } from '#contracts/ports/journal.ts';

/** Journal records on their way to another thread: one piece of bytes, because to send thousands of buffers costs more than to copy them. */
export type SentEntries = {
  readonly bytes: Uint8Array;
  readonly positions: BigUint64Array;
  /** Where each record ends in `bytes`. */
  readonly ends: Float64Array;
};

export const packEntries = (entries: readonly Entry[]): SentEntries => {
  const positions = new BigUint64Array(entries.length);
  const ends = new Float64Array(entries.length);
  let end = 0;
  for (const [index, { position, bytes }] of entries.entries()) {
    end += bytes.length;
    positions[index] = position;
    ends[index] = end;
  }
  const bytes = new Uint8Array(end);
  for (const [index, entry] of entries.entries()) bytes.set(entry.bytes, (ends[index] ?? 0) - entry.bytes.length);
  return { bytes, positions, ends };
};

export const unpackEntries = ({ bytes, positions, ends }: SentEntries): Entry[] => {
  const entries: Entry[] = [];
  let start = 0;
  for (const [index, position] of positions.entries()) {
    const end = ends[index] ?? start;
    entries.push({ position, bytes: Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start) });
    start = end;
  }
  return entries;
};
