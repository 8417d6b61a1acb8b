import type { Checkpoint } from '#contracts/ports/journal.ts';
import type { JournalRecord } from './record.ts';

/**
 * What was made of a message or a moment: stored in one piece with the message behind it, and announced once it is
 * stored.
 */
export type Decision<Kept = JournalRecord> = {
  readonly records: readonly Kept[];
  readonly checkpoint: Checkpoint | undefined;
  /** Must be called when the decision is stored, or when it will not be stored soon. Only the first call counts. */
  readonly announce: () => void;
};
