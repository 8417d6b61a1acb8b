import { type Backoff, backoffDelayMs, sleep } from '#platform/backoff.ts';
import type { Clock } from '#platform/clock.ts';
import { coerceError } from '#platform/errors.ts';
import { hasRoomToAdd } from './disk-room.ts';
import { type JournalFile, putTogether, unusedBytesOf } from './file.ts';
import { type Bundle, frame } from './segment.ts';

const RETRY: Backoff = { firstMs: 50, maxMs: 2_000 };

/** Puts groups of bundles into the file, each again and again until it is flushed. */
export type Keeper = {
  /** Resolves when the group is flushed as this segment. Rejects only while the journal is being stopped. */
  readonly keep: (file: JournalFile, segment: NumberedSegment, group: readonly Bundle[]) => Promise<void>;
  /** Why the last try failed, until one succeeds again. */
  readonly failure: () => string | undefined;
};

export type NumberedSegment = {
  readonly number: number;
  /** 0: there are only checkpoints, which make no segment. */
  readonly bytes: number;
};

export const createKeeper = ({
  clock,
  random,
  freeBytes,
  bytesInFile,
  isStopping,
  onFailure,
}: {
  clock: Clock;
  random: () => number;
  freeBytes: () => number;
  bytesInFile: () => number;
  isStopping: () => boolean;
  onFailure: (error: Error) => void;
}): Keeper => {
  let failure: string | undefined;

  return {
    async keep(file, { number, bytes }, group) {
      const segment = frame(group, bytes);
      for (let attempt = 0; ; attempt++) {
        try {
          if (!hasRoomToAdd(freeBytes(), () => unusedBytesOf(file, bytesInFile()))) throw new Error('the disk is full');
          await putTogether(file, number, segment, group);
          failure = undefined;
          return;
        } catch (error) {
          if (isStopping()) throw error;
          failure = coerceError(error).message;
          onFailure(coerceError(error));
          await sleep(backoffDelayMs(RETRY, attempt, random), undefined, clock);
        }
      }
    },
    failure: () => failure,
  };
};
