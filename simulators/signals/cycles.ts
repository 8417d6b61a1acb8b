/** One heart beat or one breath, from its start to the start of the next. */
export type Cycle = {
  readonly startMs: number;
  /** Infinity while no next one is in sight: standstill, apnoea. */
  endMs: number;
  /** How long it takes by its own rate: less than its true length when a pause followed. */
  readonly naturalMs: number;
};

/** Ended cycles are kept this long: a pulse is still on its way, and a new signal settles on them. */
const KEEP_MS = 5_000;
const FIRST_NATURAL_MS = 1_000;

/**
 * A train of cycles, one after the other. `lengthMs` is asked at the start of each how long it lasts. Infinity:
 * none follows for now; then it is asked again at each `advance`.
 */
export const createCycles = ({ startMs, lengthMs }: { startMs: number; lengthMs: (atMs: number) => number }) => {
  const recent: Cycle[] = [];
  let nowMs = startMs;

  const begin = (atMs: number): Cycle => {
    const length = lengthMs(atMs);
    const naturalMs = Number.isFinite(length) ? length : (recent.at(-1)?.naturalMs ?? FIRST_NATURAL_MS);
    const cycle = { startMs: atMs, endMs: atMs + length, naturalMs };
    recent.push(cycle);
    return cycle;
  };

  const seen: readonly Cycle[] = recent;

  return {
    /** Goes on to `untilMs` and returns the cycles that ended on the way. */
    advance(untilMs: number): Cycle[] {
      const ended: Cycle[] = [];
      let open = recent.at(-1) ?? begin(nowMs);
      if (open.endMs === Infinity) open.endMs = nowMs + lengthMs(nowMs);
      while (open.endMs <= untilMs) {
        ended.push(open);
        open = begin(open.endMs);
      }
      while (recent[0] && recent[0].endMs < untilMs - KEEP_MS) recent.shift();
      nowMs = untilMs;
      return ended;
    },
    /** The last few, oldest first, up to the one that is open. */
    recent: seen,
  };
};

export type Cycles = ReturnType<typeof createCycles>;

/** The cycle a moment falls into. */
export const cycleAt = (cycles: readonly Cycle[], atMs: number): Cycle | undefined =>
  cycles.findLast((cycle) => cycle.startMs <= atMs) ?? cycles[0];
