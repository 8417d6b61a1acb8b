import type { Checkpoint, Journal } from '#contracts/ports/journal.ts';
import { encodeRecord, type JournalRecord } from './record.ts';

/** Stores all of the records or none, and calls back once they are stored. No records count as stored at once. */
export type Append<Kept = JournalRecord> = (
  records: readonly Kept[],
  onStored: () => void,
  checkpoint?: Checkpoint,
) => void;

export const createAppend =
  (journal: Pick<Journal, 'append'>): Append =>
  (records, onStored, checkpoint) => {
    if (records.length === 0 && !checkpoint) onStored();
    else journal.append(records.map(encodeRecord), onStored, checkpoint);
  };
