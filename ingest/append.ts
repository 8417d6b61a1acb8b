import type { Checkpoint, Journal } from '#contracts/ports/journal.ts';
import { encodeRecord, type JournalRecord } from './record.ts';

/** Stores all of it or nothing, and calls back once it is stored. Nothing to store is stored at once. */
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
