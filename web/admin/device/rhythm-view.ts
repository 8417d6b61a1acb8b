import type { DeviceRhythm } from '#contracts/http/device-rhythm.ts';
import { CONTINUOUS_MS, unheardAfterMs } from '#domain/interval.ts';

/**
 * Where the marks of a rhythm stand in a plot. Pure: places are shares of its width and height, from 0 to 1. Heights grow
 * with the square root of the time: a second between messages is to be seen beside a silence of half a minute.
 */

export const RHYTHM_WINDOWS = { minutes: 5 * 60_000, hour: 60 * 60_000 } as const;
export type RhythmWindow = keyof typeof RHYTHM_WINDOWS;

/** One arrival: its height is the time since the one before. */
export type Stem = { readonly x: number; readonly y: number };

export type RhythmView = {
  readonly stems: readonly Stem[];
  /** The time since the newest arrival, up to the present; undefined: nothing arrived. */
  readonly open: Stem | undefined;
  readonly gaps: readonly number[];
  readonly boots: readonly number[];
  readonly missing: number;
  readonly expectedY: number;
  readonly silentY: number;
  readonly expectedMs: number;
  readonly silentMs: number;
  readonly typicalMs: number | undefined;
  readonly longestMs: number | undefined;
};

/** So much of the plot is left above the highest of what is drawn. */
const HEADROOM = 1.1;

const median = (values: readonly number[]): number | undefined =>
  values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) / 2)];

/** How long before it each arrival had one: the first of all has none. */
const spacingsOf = ({ arrivals }: DeviceRhythm, fromMs: number): { at: number; ms: number }[] =>
  arrivals.flatMap((at, index) => {
    const before = arrivals[index - 1];
    return before === undefined || at < fromMs ? [] : [{ at, ms: Math.max(0, at - before) }];
  });

export const rhythmView = (rhythm: DeviceRhythm, windowMs: number): RhythmView => {
  const fromMs = rhythm.at - windowMs;
  const xOf = (at: number): number => Math.min(1, Math.max(0, (at - fromMs) / windowMs));
  const isInside = (at: number): boolean => at >= fromMs;
  const spacings = spacingsOf(rhythm, fromMs);
  const newest = rhythm.arrivals.at(-1);
  const openMs = newest === undefined ? undefined : Math.max(0, rhythm.at - newest);
  const { inForceMs } = rhythm.interval;
  const expectedMs = inForceMs ?? CONTINUOUS_MS;
  const silentMs = unheardAfterMs(inForceMs);
  const longest = spacings.reduce((most, { ms }) => Math.max(most, ms), 0);
  const topMs = Math.max(longest, silentMs, Math.min(openMs ?? 0, windowMs)) * HEADROOM;
  const yOf = (ms: number): number => Math.min(1, Math.sqrt(ms / topMs));
  const gaps = rhythm.gaps.filter(({ at }) => isInside(at));
  return {
    stems: spacings.map(({ at, ms }) => ({ x: xOf(at), y: yOf(ms) })),
    open: openMs === undefined ? undefined : { x: 1, y: yOf(openMs) },
    gaps: gaps.map(({ at }) => xOf(at)),
    boots: rhythm.boots.filter(isInside).map(xOf),
    missing: gaps.reduce((sum, { missing }) => sum + missing, 0),
    expectedY: yOf(expectedMs),
    silentY: yOf(silentMs),
    ...{ expectedMs, silentMs },
    typicalMs: median(spacings.map(({ ms }) => ms)),
    longestMs: spacings.length === 0 ? undefined : longest,
  };
};
