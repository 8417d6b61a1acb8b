/**
 * How a device was heard in each minute of the last hour, for devices whose single arrivals fill less than that. It is
 * of fixed size, and a message costs a few writes into it.
 */

export type RhythmMinute = {
  /** When the minute began. */
  readonly at: number;
  readonly count: number;
  /** The longest time between an arrival in this minute and the one before it. */
  readonly longestMs: number;
  readonly missing: number;
  readonly boots: number;
};

export type RhythmMinutes = {
  /** `spacingMs`: since the arrival before; 0: there was none. */
  readonly heard: (at: number, spacingMs: number, missing: number, isBoot: boolean) => void;
  /** Those in which something came, of the last hour until `at`, the oldest first. */
  readonly until: (at: number) => RhythmMinute[];
  readonly clear: () => void;
};

const MINUTE_MS = 60_000;
const MINUTES = 60;

export const createRhythmMinutes = (): RhythmMinutes => {
  /** Which minute each place holds, counted from the epoch; −1: none. */
  const minutes = new Int32Array(MINUTES).fill(-1);
  const counts = new Uint32Array(MINUTES);
  const longest = new Float64Array(MINUTES);
  const missed = new Uint32Array(MINUTES);
  const boots = new Uint16Array(MINUTES);

  const begin = (place: number, minute: number): void => {
    minutes[place] = minute;
    counts[place] = 0;
    longest[place] = 0;
    missed[place] = 0;
    boots[place] = 0;
  };

  const read = (minute: number): RhythmMinute[] => {
    const place = minute % MINUTES;
    if (minutes[place] !== minute) return [];
    return [
      {
        at: minute * MINUTE_MS,
        count: counts[place] ?? 0,
        longestMs: longest[place] ?? 0,
        missing: missed[place] ?? 0,
        boots: boots[place] ?? 0,
      },
    ];
  };

  return {
    heard(at, spacingMs, missing, isBoot) {
      const minute = Math.floor(at / MINUTE_MS);
      const place = minute % MINUTES;
      if (minutes[place] !== minute) begin(place, minute);
      counts[place] = (counts[place] ?? 0) + 1;
      longest[place] = Math.max(longest[place] ?? 0, spacingMs);
      missed[place] = (missed[place] ?? 0) + missing;
      if (isBoot) boots[place] = (boots[place] ?? 0) + 1;
    },
    until(at) {
      const last = Math.floor(at / MINUTE_MS);
      return Array.from({ length: MINUTES }, (_, index) => read(last - MINUTES + 1 + index)).flat();
    },
    clear: () => void minutes.fill(-1),
  };
};
