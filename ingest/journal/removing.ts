import { coerceError } from '#platform/errors.ts';
import { hasRoomToRemove } from './disk-room.ts';
import { type JournalFile, removeSegments } from './file.ts';
import type { Stock } from './stock.ts';

/** Measured while 6,000 go: the next group took 5 ms, others 3 to 8, and after all of them at once 28 ms. */
const REMOVED_IN_A_STEP = 64;

/** What was trimmed, on its way out of the file. What cannot go for want of room goes later, and is not counted meanwhile. */
export type Removing = {
  /** One step after the other, so that a group waits for one step alone. To be called when something was trimmed, or there may be room. */
  readonly goOn: (file: JournalFile) => void;
  /** Resolves when no step is under way and none will begin by itself: all is removed. */
  readonly finish: (file: JournalFile) => Promise<void>;
};

export const createRemoving = ({
  stock,
  freeBytes,
  onFailure,
}: {
  stock: Pick<Stock, 'takeTrimmed' | 'trimmedBytes'>;
  freeBytes: () => number;
  onFailure: (error: Error) => void;
}): Removing => {
  let removing: Promise<void> | undefined;
  let isFinishing = false;

  const canRemove = (): boolean => stock.trimmedBytes() > 0 && hasRoomToRemove(freeBytes());

  const remove = (file: JournalFile, most: number): Promise<void> =>
    removeSegments(file, stock.takeTrimmed(most)).catch((error: unknown) => onFailure(coerceError(error)));

  const goOn = (file: JournalFile): void => {
    if (removing || isFinishing || !canRemove()) return;
    removing = remove(file, REMOVED_IN_A_STEP).then(() => {
      removing = undefined;
      goOn(file);
    });
  };

  return {
    goOn,
    async finish(file) {
      isFinishing = true;
      await removing;
      if (canRemove()) await remove(file, Number.POSITIVE_INFINITY);
      isFinishing = false;
    },
  };
};
