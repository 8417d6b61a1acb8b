import { coerceError } from './errors.ts';

/** What was opened is closed last-in first-out, all of it, even when one of them fails. */
export type ReleaseList = {
  readonly add: (name: string, release: () => Promise<void> | void) => void;
  /** Errors are reported, never thrown: the rest must be released too. May be called twice. */
  readonly releaseAll: () => Promise<void>;
};

export const createReleaseList = ({ onError }: { onError: (error: Error, name: string) => void }): ReleaseList => {
  const entries: { name: string; release: () => Promise<void> | void }[] = [];
  return {
    add: (name, release) => entries.push({ name, release }),
    async releaseAll() {
      for (let entry = entries.pop(); entry; entry = entries.pop()) {
        try {
          await entry.release();
        } catch (error) {
          onError(coerceError(error), entry.name);
        }
      }
    },
  };
};
