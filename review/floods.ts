/**
 * Floods of alarms, as in EEMUA 191 and IEC 62682: one begins when more than 10 alarms start within 10 minutes, and lasts
 * until fewer than 5 do. Those are figures of the process industry, for one operator; the end is unconfirmed [?].
 */

export const FLOOD = { windowMs: 600_000, beginsAbove: 10, endsBelow: 5 } as const;

export type Flood = { readonly from: number; readonly to: number };

export type FloodWatch = {
  /** Starts of alarms, in the order of time. Epoch milliseconds. */
  readonly take: (at: number) => void;
  /** All floods, one that goes on is cut at `until`; and the most starts there were in ten minutes. */
  readonly end: (until: number) => { readonly floods: readonly Flood[]; readonly peak: number };
};

/** Keeps only the starts of the last ten minutes. */
export const createFloodWatch = (): FloodWatch => {
  const floods: Flood[] = [];
  let recent: number[] = [];
  let floodFrom: number | undefined;
  let peak = 0;

  /** Lets the window move on to `now`, start by start: a flood ends when the one leaves that made it five. */
  const leave = (now: number): void => {
    let gone = 0;
    for (const start of recent) {
      const leavesAt = start + FLOOD.windowMs;
      if (leavesAt > now) break;
      gone++;
      if (floodFrom === undefined || recent.length - gone >= FLOOD.endsBelow) continue;
      floods.push({ from: floodFrom, to: leavesAt });
      floodFrom = undefined;
    }
    if (gone > 0) recent = recent.slice(gone);
  };

  return {
    take(at) {
      leave(at);
      recent.push(at);
      peak = Math.max(peak, recent.length);
      if (recent.length > FLOOD.beginsAbove) floodFrom ??= at;
    },
    end(until) {
      leave(until);
      return { floods: floodFrom === undefined ? floods : [...floods, { from: floodFrom, to: until }], peak };
    },
  };
};

/** Alarms an hour; these figures too are of the process industry, for one operator in steady state. */
const LOADS = [
  { below: 6, load: 'acceptable' },
  { below: 12, load: 'manageable' },
  { below: 30, load: 'over-demanding' },
] as const;

export const loadOf = (alarmsPerHour: number): (typeof LOADS)[number]['load'] | 'overloaded' =>
  LOADS.find(({ below }) => alarmsPerHour <= below)?.load ?? 'overloaded';
