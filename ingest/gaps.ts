/**
 * Which sequence numbers of a device's stream have not arrived. Pure state: the writer feeds it in journal order and
 * stores what changed with the rows it came with, so that after a crash it goes on where the rows end.
 */

/** Inclusive. */
export type Run = { readonly from: number; readonly to: number };

export type Gap = {
  readonly from: number;
  readonly to: number;
  readonly openedAt: number;
  /** Ascending and disjoint; empty once everything came. */
  readonly remaining: readonly Run[];
};

export type Stream = { readonly lastSeq: number; readonly gaps: readonly Gap[] };

export type Observation = {
  readonly stream: Stream;
  /** Gaps that opened, shrank or closed. */
  readonly changed: readonly Gap[];
};

/** A stream that skips about at random would fill memory: the oldest gaps then stay open and are no longer watched. */
export const MAX_WATCHED_GAPS = 1_000;

const NONE: readonly Gap[] = [];
const NO_RUNS: readonly Run[] = [];

/** Every second number of a gap that arrives splits it once more: past this many pieces the rest stays missing. */
export const MAX_RUNS_OF_A_GAP = 200;

/** The same when the number is in no run. */
const fill = (remaining: readonly Run[], seq: number): readonly Run[] => {
  const index = remaining.findIndex((run) => run.from <= seq && seq <= run.to);
  const run = remaining[index];
  if (!run) return remaining;
  const pieces: Run[] = [];
  if (run.from < seq) pieces.push({ from: run.from, to: seq - 1 });
  if (seq < run.to) pieces.push({ from: seq + 1, to: run.to });
  if (remaining.length + pieces.length - 1 > MAX_RUNS_OF_A_GAP) return remaining;
  return [...remaining.slice(0, index), ...pieces, ...remaining.slice(index + 1)];
};

/**
 * The first number of a stream opens no gap: what came before it is not known. `resumable` is whether the sender
 * names its boots; where it does not, counting from 0 or 1 again means that it started anew.
 */
export const observeSeq = (stream: Stream | undefined, seq: number, at: number, resumable: boolean): Observation => {
  if (!stream) return { stream: { lastSeq: seq, gaps: NONE }, changed: NONE };
  if (seq === stream.lastSeq + 1) return { stream: { lastSeq: seq, gaps: stream.gaps }, changed: NONE };
  if (seq > stream.lastSeq) {
    const missing = { from: stream.lastSeq + 1, to: seq - 1 };
    const opened: Gap = { ...missing, openedAt: at, remaining: [missing] };
    return { stream: { lastSeq: seq, gaps: [...stream.gaps, opened].slice(-MAX_WATCHED_GAPS) }, changed: [opened] };
  }
  const index = stream.gaps.findIndex((gap) => gap.from <= seq && seq <= gap.to);
  const gap = stream.gaps[index];
  const remaining = gap ? fill(gap.remaining, seq) : NO_RUNS;
  if (!gap || remaining === gap.remaining) {
    const startedAnew = !resumable && seq <= 1;
    return { stream: startedAnew ? { lastSeq: seq, gaps: stream.gaps } : stream, changed: NONE };
  }
  const shrunk: Gap = { ...gap, remaining };
  const kept = remaining.length > 0 ? [shrunk] : NONE;
  const gaps = [...stream.gaps.slice(0, index), ...kept, ...stream.gaps.slice(index + 1)];
  return { stream: { lastSeq: stream.lastSeq, gaps }, changed: [shrunk] };
};
