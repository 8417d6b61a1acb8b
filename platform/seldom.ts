/**
 * Thins out lines that could be logged without end: for each key one line in a while, and for all keys together so many.
 * Answers undefined when the line is not to be logged now, else how many lines of its key were left out since the last.
 */
export type Seldom = (key: string) => number | undefined;

const MAX_KEYS = 1_000;

export const createSeldom = ({
  everyMs = 60_000,
  maxLines = 60,
  now = () => performance.now(),
}: {
  everyMs?: number;
  /** How many lines may be logged in each `everyMs`, over all keys. */
  maxLines?: number;
  now?: () => number;
} = {}): Seldom => {
  const keys = new Map<string, { nextAt: number; passedOver: number }>();
  let windowEndsAt = 0;
  let lines = 0;
  return (key) => {
    const at = now();
    if (at >= windowEndsAt) {
      windowEndsAt = at + everyMs;
      lines = 0;
    }
    const known = keys.get(key);
    if ((known && at < known.nextAt) || lines >= maxLines) {
      if (known) known.passedOver++;
      return undefined;
    }
    lines++;
    keys.delete(key);
    keys.set(key, { nextAt: at + everyMs, passedOver: 0 });
    const [oldest] = keys.keys();
    if (keys.size > MAX_KEYS && oldest !== undefined) keys.delete(oldest);
    return known?.passedOver ?? 0;
  };
};
