import type { JournalState } from '#contracts/ports/journal.ts';
import type { WriterState } from './writer/sessions.ts';

/** A flush takes milliseconds; what waits for it is neither acknowledged nor announced in time. */
const LATE_FLUSH_MS = 1_000;

export type StorageState = {
  /** The database has been there since the start, and had our schema. */
  readonly isDatabaseReady: boolean;
  readonly writer: WriterState;
  readonly journal: JournalState;
  /** How long the same records have been waiting for a flush. */
  readonly flushWaitingMs: number;
};

const databaseTrouble = ({ isDatabaseReady, writer }: StorageState): string[] => {
  const { failure, failingSince, isSlow } = writer;
  const troubles: string[] = [];
  if (!isDatabaseReady) troubles.push('the database has not been reached yet; readings wait in the journal');
  const since = failingSince === undefined ? '' : ` since ${new Date(failingSince).toISOString()}`;
  if (failure !== undefined) troubles.push(`the database cannot be written${since}; readings wait in the journal`);
  else if (isSlow) troubles.push('the database does not answer; readings wait in the journal');
  return troubles;
};

const journalTrouble = ({ journal: { full, failure }, flushWaitingMs }: StorageState): string[] => {
  const troubles: string[] = [];
  if (full) troubles.push('the journal is full: nothing is acknowledged until the database takes what is in it');
  if (failure !== undefined) troubles.push('the journal cannot be flushed to disk: nothing is acknowledged');
  else if (!full && flushWaitingMs > LATE_FLUSH_MS) {
    const seconds = Math.round(flushWaitingMs / 1_000);
    troubles.push(`the journal is late: nothing was flushed for ${seconds} s; look at the disk`);
  }
  return troubles;
};

/** Why not all that comes is stored at once, for a person; empty when it is. */
export const storageTroubles = (state: StorageState): string[] => [...databaseTrouble(state), ...journalTrouble(state)];
