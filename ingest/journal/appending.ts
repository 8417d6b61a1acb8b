import type { Checkpoint } from '#contracts/ports/journal.ts';
import type { Clock } from '#platform/clock.ts';
import { coerceError } from '#platform/errors.ts';
import type { JournalFile } from './file.ts';
import { createKeeper } from './keeper.ts';
import { type Bundle, MAX_RECORDS, nextGroup } from './segment.ts';
import type { Stock } from './stock.ts';
import { createFlushTurns } from './turns.ts';

/** What was appended, on its way into the file: one group after the other. */
export type Appending = {
  readonly begin: (file: JournalFile) => void;
  /**
   * Flushes what is pending, unless there is no room or the disk fails. Resolves when the file is not used any more.
   */
  readonly end: () => Promise<void>;
  readonly append: (records: readonly Buffer[], onFlushed: () => void, checkpoint: Checkpoint | undefined) => void;
  /** Must be called when there is room again. */
  readonly goOn: () => void;
  readonly pending: () => number;
  readonly failure: () => string | undefined;
};

type Pending = Bundle & { readonly onFlushed: () => void };

export const createAppending = ({
  stock,
  onGroupFlushed,
  ...deps
}: {
  clock: Clock;
  random: () => number;
  stock: Stock;
  freeBytes: () => number;
  onGroupFlushed: () => void;
  onFailure: (error: Error) => void;
}): Appending => {
  let pending: Pending[] = [];
  let file: JournalFile | undefined;
  let isStopping = false;
  const keeper = createKeeper({ ...deps, bytesInFile: stock.bytesInFile, isStopping: () => isStopping });

  /** What is pending now. What comes meanwhile waits for the next group. */
  const flushInto = async (open: JournalFile): Promise<void> => {
    for (let left = pending.length; left > 0 && !stock.isFull(); ) {
      const { group, bytes } = nextGroup(pending);
      left -= group.length;
      await keeper.keep(open, { number: stock.next(), bytes }, group);
      pending = pending.slice(group.length);
      if (bytes > 0) stock.add(bytes);
      for (const { onFlushed } of group) onFlushed();
      onGroupFlushed();
    }
  };

  const flush = async (): Promise<void> => {
    if (file) await flushInto(file).catch((error: unknown) => deps.onFailure(coerceError(error)));
  };
  const mustGoOn = (): boolean => pending.length > 0 && !stock.isFull() && !isStopping;
  const turns = createFlushTurns({ clock: deps.clock, flush, waiting: () => pending.length, mustGoOn });

  return {
    begin(opened) {
      file = opened;
      isStopping = false;
    },
    async end() {
      isStopping = true;
      await turns.finish();
      await flush();
      file = undefined;
    },
    append(records, onFlushed, checkpoint) {
      const isInvalid = records.length > MAX_RECORDS || (records.length === 0 && !checkpoint);
      if (isInvalid) throw new RangeError(`${records.length} records cannot be kept together`);
      pending.push({ records, onFlushed, checkpoint });
      if (file) turns.soon();
    },
    goOn() {
      if (file && pending.length > 0) turns.soon();
    },
    pending: () => pending.length,
    failure: keeper.failure,
  };
};
