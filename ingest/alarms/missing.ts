import { observeSeq, type Stream } from '../gaps.ts';

/**
 * How many messages of each device have not arrived though later ones did, as it is known on arrival: the record of
 * gaps is made with the database, which may be away.
 */
export type Missing = {
  /** Each vitals message that has a sequence number, late or not. */
  readonly observe: (device: string, boot: string, seq: number, at: number) => void;
  readonly of: (device: string) => number;
  /** Gives up what will not come any more. */
  readonly expire: (now: number) => void;
};

/** After this long the device has lost the message: it stands in the record of gaps and is no alarm any more. */
const GIVEN_UP_AFTER_MS = 5 * 60_000;

type Watched = { boot: string; stream: Stream; missing: number };

const countOf = ({ gaps }: Stream): number => {
  let count = 0;
  for (const { remaining } of gaps) for (const { from, to } of remaining) count += to - from + 1;
  return count;
};

export const createMissing = ({ onChange }: { onChange: (device: string, missing: number) => void }): Missing => {
  const watched = new Map<string, Watched>();

  const note = (device: string, entry: Watched): void => {
    const missing = countOf(entry.stream);
    if (missing === entry.missing) return;
    entry.missing = missing;
    onChange(device, missing);
  };

  return {
    observe(device, boot, seq, at) {
      const entry = watched.get(device);
      if (!entry || entry.boot !== boot) {
        const { stream } = observeSeq(undefined, seq, at, boot !== '');
        watched.set(device, { boot, stream, missing: 0 });
        // This is also reported with the first message: what was missing before a restart is not known any more.
        if (entry?.missing !== 0) onChange(device, 0);
        return;
      }
      const { stream, changed } = observeSeq(entry.stream, seq, at, boot !== '');
      entry.stream = stream;
      if (changed.length > 0) note(device, entry);
    },
    of: (device) => watched.get(device)?.missing ?? 0,
    expire(now) {
      for (const [device, entry] of watched) {
        if (entry.missing === 0) continue;
        const gaps = entry.stream.gaps.filter(({ openedAt }) => now - openedAt < GIVEN_UP_AFTER_MS);
        if (gaps.length === entry.stream.gaps.length) continue;
        entry.stream = { ...entry.stream, gaps };
        note(device, entry);
      }
    },
  };
};
