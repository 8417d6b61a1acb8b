/**
 * The arithmetic of a sweep. The pen's column follows from the played time alone, so its speed is constant
 * whatever the frame rate, and every sweep on the wall moves together. Ahead of the pen runs the erase bar.
 */

/** One sweep over the whole width of a tile, whatever the width: it is too narrow for 25 mm/s. */
export const SWEEP_MS = 5_000;

/** Share of the width that is empty ahead of the pen. */
const ERASE_SHARE = 0.06;

export const eraseWidth = (width: number): number => Math.max(4, Math.round(width * ERASE_SHARE));

/** Where in the sweep a time falls, in pixels from the left, in [0, width). */
export const columnAt = (timeMs: number, width: number, sweepMs = SWEEP_MS): number =>
  ((timeMs % sweepMs) * width) / sweepMs;

export type Span = { readonly from: number; readonly to: number };

/** A stretch of time cut where the sweep starts over at the left. Times in milliseconds. */
export const cutAtWraps = (fromMs: number, toMs: number, sweepMs = SWEEP_MS): Span[] => {
  const spans: Span[] = [];
  for (let from = fromMs; from < toMs; ) {
    const to = Math.min(toMs, (Math.floor(from / sweepMs) + 1) * sweepMs);
    spans.push({ from, to });
    from = to;
  }
  return spans;
};

/** Pixels that the front of the erase bar passes over between two times: whole columns, at most the width, cut at the edge. */
export const erasedColumns = (fromMs: number, toMs: number, width: number, sweepMs = SWEEP_MS): Span[] => {
  const ahead = eraseWidth(width);
  const from = Math.floor((fromMs * width) / sweepMs) + ahead;
  const to = Math.floor((toMs * width) / sweepMs) + ahead;
  if (to - from >= width) return [{ from: 0, to: width }];
  const start = from % width;
  const length = to - from;
  if (length <= 0) return [];
  return start + length <= width
    ? [{ from: start, to: start + length }]
    : [
        { from: start, to: width },
        { from: 0, to: start + length - width },
      ];
};

const WOBBLE_MS = 100;

/**
 * What is to be drawn when the pen has come to `toMs`: nothing while it stays in its column (or the clock estimate
 * sank by a hair), the stretch since `drawnToMs`, or everything, after a jump.
 */
export const penMove = (
  drawnToMs: number | undefined,
  toMs: number,
  width: number,
  sweepMs = SWEEP_MS,
): 'rest' | 'on' | 'anew' => {
  if (drawnToMs === undefined || toMs < drawnToMs - WOBBLE_MS || toMs > drawnToMs + sweepMs / 2) return 'anew';
  const columnOf = (timeMs: number): number => Math.floor((timeMs * width) / sweepMs);
  return columnOf(toMs) > columnOf(drawnToMs) ? 'on' : 'rest';
};

export type Scale = { readonly low: number; readonly high: number };

/** Above and below the trace stays a little room. */
const HEADROOM = 1.15;

/**
 * A scale that holds the samples. Never finer than `leastSpan`: noise on a flat line must look like a flat line.
 */
export const scaleFor = ([low, high]: readonly [number, number], leastSpan: number): Scale => {
  const middle = (low + high) / 2;
  const half = (Math.max(high - low, leastSpan) * HEADROOM) / 2;
  return { low: middle - half, high: middle + half };
};

/** A scale of one span whatever the samples, such as that of 10 mm/mV, with their middle in its own. */
export const fixedScale = ([low, high]: readonly [number, number], span: number): Scale => {
  const middle = (low + high) / 2;
  return { low: middle - span / 2, high: middle + span / 2 };
};

export const holds = (scale: Scale, [low, high]: readonly [number, number]): boolean =>
  low >= scale.low && high <= scale.high;

const LOOSE = 1.4;

/** The scale to go on with: the same one while the samples are inside it and fill a good part of it. */
export const refit = (held: Scale | undefined, range: readonly [number, number], leastSpan: number): Scale => {
  const next = scaleFor(range, leastSpan);
  const keeps = held && holds(held, range) && held.high - held.low <= LOOSE * (next.high - next.low);
  return keeps ? held : next;
};

/** Pixels from the top. */
export const rowAt = (value: number, { low, high }: Scale, height: number): number =>
  ((high - value) / (high - low)) * height;
