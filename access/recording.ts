import { coerceError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';

/** Puts what is known on disk, in turns: what came while it was written goes out with the next. */
export type Recording = {
  /** Resolves when what is known now is on disk, and rejects when the disk does not take it: `saveUses` tries again then. */
  readonly save: () => Promise<void>;
  /** Something was used: worth to be saved some time. */
  readonly noteUse: () => void;
  /** Saves what was used since, if anything. */
  readonly saveUses: () => void;
  /** Resolves when nothing is being written any more, well or not. */
  readonly settled: () => Promise<void>;
};

export const createRecording = ({ write, log }: { write: () => Promise<void>; log: Logger }): Recording => {
  let isUnsaved = false;
  let last: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const writeNext = async (): Promise<void> => {
    await last.catch(() => undefined);
    next = undefined;
    isUnsaved = false;
    try {
      await write();
    } catch (error) {
      isUnsaved = true;
      log.error({ err: coerceError(error) }, 'who is signed in and who was signed out cannot be saved');
      throw error;
    }
  };

  const save = (): Promise<void> => {
    next ??= writeNext();
    last = next;
    return last;
  };

  return {
    save,
    noteUse() {
      isUnsaved = true;
    },
    saveUses() {
      if (isUnsaved) save().catch(() => undefined);
    },
    settled: () => last.catch(() => undefined),
  };
};
