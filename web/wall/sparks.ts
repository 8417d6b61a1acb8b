import type { VitalId } from '#domain/vitals.ts';
import { SPARK_SPANS } from '../parts/display.ts';
import type { BedState } from '../shell/live/state.ts';

/** The last hour of a few vitals of each bed, as a small line: asked of the station once, and gathered from then on. */

const MINUTE = 60_000;
export const SPARK_MINUTES = 60;

const SPARK_VITALS = [...SPARK_SPANS.keys()];

export type Minutes = readonly { readonly time: number; readonly value: number }[];

/** What is known of before this page was opened. Both reject, or find nothing, when they cannot be had. */
export type History = {
  /** Since when a patient has been in a bed, in epoch milliseconds; undefined when that is not known. */
  readonly stayedSince: (bed: string, patient: number) => Promise<number | undefined>;
  /** A value a minute. */
  readonly lastHour: (
    bed: string,
    span: { readonly fromMs: number; readonly toMs: number },
  ) => Promise<Partial<Record<VitalId, Minutes>> | undefined>;
};

/** Values by minute, the newest hour of them. */
type Line = { readonly values: Float32Array; newest: number; path: string; pathAt: number };

const createLine = (): Line => ({
  values: new Float32Array(SPARK_MINUTES).fill(Number.NaN),
  newest: 0,
  path: '',
  pathAt: 0,
});

const put = (line: Line, minute: number, value: number): void => {
  if (minute <= line.newest - SPARK_MINUTES) return;
  for (let skipped = Math.max(line.newest + 1, minute - SPARK_MINUTES + 1); skipped < minute; skipped += 1)
    line.values[skipped % SPARK_MINUTES] = Number.NaN;
  line.newest = Math.max(line.newest, minute);
  line.values[minute % SPARK_MINUTES] = value;
};

const at = ({ values, newest }: Line, minute: number): number =>
  minute > newest || minute <= newest - SPARK_MINUTES ? Number.NaN : (values[minute % SPARK_MINUTES] ?? Number.NaN);

/** In a box of 59 by 100, the present at the right; a minute without a value is a hole. Empty with fewer than two values. */
const pathOf = (line: Line, minute: number, leastSpan: number): string => {
  const points = Array.from({ length: SPARK_MINUTES }, (_, x) => at(line, minute - SPARK_MINUTES + 1 + x));
  const there = points.filter((value) => !Number.isNaN(value));
  if (there.length < 2) return '';
  const low = Math.min(...there);
  const high = Math.max(...there);
  const span = Math.max(high - low, leastSpan);
  const bottom = (low + high - span) / 2;
  let isPenDown = false;
  return points
    .flatMap((value, x) => {
      const isThere = !Number.isNaN(value);
      const move = isPenDown ? 'L' : 'M';
      isPenDown = isThere;
      return isThere ? [`${move}${x} ${Math.round(100 - ((value - bottom) / span) * 100)}`] : [];
    })
    .join('');
};

type BedLines = {
  readonly patient: number | undefined;
  readonly lines: ReadonlyMap<VitalId, Line>;
  /** Nothing of before is to be asked for, or it has been. */
  isFilled: boolean;
};

const createBedLines = (patient: number | undefined, isFilled: boolean): BedLines => ({
  patient,
  lines: new Map(SPARK_VITALS.map((id) => [id, createLine()])),
  isFilled,
});

/** One question at a time, and not too soon after the last: a wall of sixty-four must not come as a flood. */
const ASK_EVERY_MS = 500;
const ASK_AGAIN_AFTER_MS = 60_000;

/** A longer hole than this is asked for: the link was lost, or the machine slept. */
const HOLE_MINUTES = 3;

/** What was measured before this page was opened, put where nothing has been gathered since. */
const fill = async (history: History, bed: string, held: BedLines, nowMs: number): Promise<void> => {
  if (held.patient === undefined) return;
  const sinceMs = await history.stayedSince(bed, held.patient);
  if (sinceMs === undefined) return;
  const fromMs = Math.max(sinceMs, nowMs - SPARK_MINUTES * MINUTE);
  const found = await history.lastHour(bed, { fromMs, toMs: nowMs });
  for (const [id, line] of held.lines) {
    for (const { time, value } of found?.[id] ?? []) {
      const minute = Math.floor(time / MINUTE);
      if (Number.isNaN(at(line, minute))) put(line, minute, value);
      line.pathAt = 0;
    }
  }
};

type Deps = { readonly history: History; readonly monotonicMs: () => number };

/** Asks the station for one bed after the other. */
const createAsking = ({ history, monotonicMs }: Deps) => {
  let askNextAtMs = 0;
  let isAsking = false;
  return {
    mayAsk: (): boolean => !isAsking && monotonicMs() >= askNextAtMs,
    async ask(bed: string, held: BedLines, nowMs: number): Promise<void> {
      isAsking = true;
      held.isFilled = true;
      askNextAtMs = monotonicMs() + ASK_EVERY_MS;
      try {
        await fill(history, bed, held, nowMs);
      } catch {
        held.isFilled = false;
        askNextAtMs = monotonicMs() + ASK_AGAIN_AFTER_MS;
      }
      isAsking = false;
    },
  };
};

const gather = (held: BedLines, { vitals }: BedState, nowMs: number): void => {
  const minute = Math.floor(nowMs / MINUTE);
  for (const [id, line] of held.lines) {
    const latest = vitals[id];
    if (!latest || latest.value === null || latest.quality === 'invalid') continue;
    if (Math.floor(latest.time / MINUTE) !== minute) continue;
    if (line.newest > 0 && minute - line.newest > HOLE_MINUTES && held.patient !== undefined) held.isFilled = false;
    put(line, minute, latest.value);
  }
};

export type Sparks = ReturnType<typeof createSparks>;

export const createSparks = (deps: Deps) => {
  const asking = createAsking(deps);
  const known = new Map<string, BedLines>();

  /** Another patient begins anew: the line before was not theirs. */
  const linesOf = ({ id, patient }: BedState): BedLines => {
    const held = known.get(id);
    if (held && held.patient === patient?.id) return held;
    const lines = createBedLines(patient?.id, held !== undefined || patient === null);
    known.set(id, lines);
    return lines;
  };

  return {
    /** The beds as they are at this moment. `nowMs` is the server's time. */
    take(beds: readonly BedState[], nowMs: number): void {
      for (const bed of beds) gather(linesOf(bed), bed, nowMs);
      if (known.size > beds.length) {
        const there = new Set(beds.map(({ id }) => id));
        for (const id of known.keys()) if (!there.has(id)) known.delete(id);
      }
      if (!asking.mayAsk()) return;
      const next = beds.find(({ id }) => known.get(id)?.isFilled === false);
      const held = next && known.get(next.id);
      if (next && held) void asking.ask(next.id, held, nowMs);
    },

    /** SVG path data; empty where there is nothing to be drawn. It changes once a minute. */
    path(bed: string, id: VitalId): string {
      const line = known.get(bed)?.lines.get(id);
      const leastSpan = SPARK_SPANS.get(id);
      if (!line || leastSpan === undefined) return '';
      if (line.pathAt !== line.newest)
        Object.assign(line, { path: pathOf(line, line.newest, leastSpan), pathAt: line.newest });
      return line.path;
    },
  };
};
