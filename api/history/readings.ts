import { type CursorQuery, readByCursor } from '#platform/cursor.ts';
import type { Database } from '#platform/database.ts';
import { connect } from '../database/query.ts';

/** A row of the view `readings`, in the order of `READING_COLUMNS`. */
export const READING_COLUMNS = [
  'time',
  'unit',
  'bed',
  'device',
  'patient_id',
  'vital',
  'value',
  'quality',
  'late',
] as const;

export type ReadingRow = readonly (Date | string | number | boolean | null)[];

const ROWS_AT_ONCE = 2_000;

/** Sorted by time within such a slice: small enough to sort in memory, and no transaction stays open for long. */
const SLICE_MS = 60 * 60_000;

/**
 * All readings of a bed in [fromMs, toMs) by time, some thousand at a time; only as fast as they are taken. Stops
 * reading when the caller stops asking. The connection is held until then.
 */
export async function* streamReadings(
  database: Database,
  { bed, fromMs, toMs }: { bed: string; fromMs: number; toMs: number },
): AsyncGenerator<ReadingRow[]> {
  const slices: CursorQuery[] = [];
  for (let startMs = fromMs; startMs < toMs; startMs += SLICE_MS) {
    const endMs = Math.min(startMs + SLICE_MS, toMs);
    slices.push({ text: SLICE, values: [bed, new Date(startMs), new Date(endMs)] });
  }
  yield* readByCursor<ReadingRow>({ connect: () => connect(database) }, slices, ROWS_AT_ONCE);
}

const SLICE = `
  select ${READING_COLUMNS.join(', ')} from readings
  where bed = $1 and time >= $2 and time < $3 order by time, vital, device`;
