/** The stretch of time that is looked at. All times epoch milliseconds. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** `stepMs`: how often what follows the present moves on. */
export const SPANS = {
  '1h': { ms: HOUR, stepMs: 10_000 },
  '8h': { ms: 8 * HOUR, stepMs: MINUTE },
  '24h': { ms: 24 * HOUR, stepMs: 2 * MINUTE },
  '7d': { ms: 168 * HOUR, stepMs: 10 * MINUTE },
} as const;

export type SpanName = keyof typeof SPANS;
export const SPAN_NAMES = Object.keys(SPANS) as SpanName[];

export type Stretch = { readonly fromMs: number; readonly toMs: number };

/** `stretch` undefined: it follows the present. */
export type Sight = { readonly span: SpanName; readonly stretch: Stretch | undefined };

const LEAST_MS = MINUTE;
const MOST_MS = SPANS['7d'].ms;

/** The end is rounded up, so that the newest is always in it. */
export const stretchOf = ({ span, stretch }: Sight, nowMs: number): Stretch => {
  if (stretch) return stretch;
  const { ms, stepMs } = SPANS[span];
  const toMs = Math.ceil(nowMs / stepMs) * stepMs;
  return { fromMs: toMs - ms, toMs };
};

/** Makes a stretch as long as is sensible, and lets none of it be in the future. */
const settle = (fromMs: number, toMs: number, nowMs: number): Stretch => {
  const length = Math.min(Math.max(toMs - fromMs, LEAST_MS), MOST_MS);
  const middle = (fromMs + toMs) / 2;
  const end = Math.min(Math.round(middle + length / 2), nowMs);
  return { fromMs: Math.round(end - length), toMs: end };
};

export const zoomTo = (sight: Sight, { fromMs, toMs }: Stretch, nowMs: number): Sight => ({
  ...sight,
  stretch: settle(fromMs, toMs, nowMs),
});

/** `factor` above 1 looks closer, at the middle; at the present, if that is what is followed. */
export const zoomBy = (sight: Sight, factor: number, nowMs: number): Sight => {
  const { fromMs, toMs } = stretchOf(sight, nowMs);
  const length = (toMs - fromMs) / factor;
  const end = sight.stretch ? (fromMs + toMs + length) / 2 : nowMs;
  return { ...sight, stretch: settle(end - length, end, nowMs) };
};

/** `share` of what is seen; what comes back to the present follows it again. */
export const moveBy = (sight: Sight, share: number, nowMs: number): Sight => {
  const { fromMs, toMs } = stretchOf(sight, nowMs);
  const by = (toMs - fromMs) * share;
  if (by > 0 && !sight.stretch) return sight;
  const isWhole = toMs - fromMs >= SPANS[sight.span].ms;
  if (by > 0 && toMs + by >= nowMs && isWhole) return { ...sight, stretch: undefined };
  return { ...sight, stretch: settle(fromMs + by, toMs + by, nowMs) };
};
