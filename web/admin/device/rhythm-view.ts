import { type DeviceRhythm, RHYTHM_LENGTH } from '#contracts/http/device-rhythm.ts';
import { CONTINUOUS_MS, unheardAfterMs } from '#domain/interval.ts';

/**
 * Where the marks of a rhythm stand in a plot. Pure: places are shares of its width and height, from 0 to 1. Heights grow
 * with the square root of the time: a second between messages is to be seen beside a silence of half a minute.
 */

export const RHYTHM_WINDOWS = { minutes: 5 * 60_000, hour: 60 * 60_000 } as const;
export type RhythmWindow = keyof typeof RHYTHM_WINDOWS;

/** One arrival, or one minute of them: its height is the time, or the longest time, since the one before. */
export type Stem = { readonly x: number; readonly y: number };

export type RhythmView = {
  readonly stems: readonly Stem[];
  /** The time since the newest arrival, up to the present; undefined: nothing arrived. */
  readonly open: Stem | undefined;
  readonly gaps: readonly number[];
  readonly boots: readonly number[];
  readonly missing: number;
  /** Before this time there were messages that are not kept; undefined: all of the stretch is. */
  readonly keptFromMs: number | undefined;
  /** How many messages came. */
  readonly count: number;
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

type Spacing = { readonly at: number; readonly ms: number };

/** What is drawn: how far apart messages came, and what was missing and where the device began anew. */
type Drawn = {
  readonly spacings: readonly Spacing[];
  readonly gaps: readonly { readonly at: number; readonly missing: number }[];
  readonly boots: readonly number[];
  readonly count: number;
  readonly keptFromMs: number | undefined;
};

/** Each message by itself: the first of all has none before it. */
const eachMessage = ({ arrivals, gaps, boots }: DeviceRhythm, fromMs: number): Drawn => {
  const spacings = arrivals.flatMap((at, index) => {
    const before = arrivals[index - 1];
    return before === undefined || at < fromMs ? [] : [{ at, ms: Math.max(0, at - before) }];
  });
  const [first = fromMs] = arrivals;
  return {
    spacings,
    keptFromMs: arrivals.length === RHYTHM_LENGTH && first > fromMs ? first : undefined,
    gaps: gaps.filter(({ at }) => at >= fromMs),
    boots: boots.filter((at) => at >= fromMs),
    count: spacings.length,
  };
};

const MINUTE_MS = 60_000;

/** Each minute by its longest spacing, in the middle of it, or at the present if that is sooner. */
const eachMinute = ({ minutes, at: nowMs }: DeviceRhythm, fromMs: number): Drawn => {
  const seen = minutes
    .filter(({ at }) => at + MINUTE_MS > fromMs)
    .map((minute) => ({ ...minute, at: Math.min(nowMs, minute.at + MINUTE_MS / 2) }));
  return {
    spacings: seen.filter(({ longestMs }) => longestMs > 0).map(({ at, longestMs }) => ({ at, ms: longestMs })),
    gaps: seen.filter(({ missing }) => missing > 0),
    boots: seen.filter(({ boots }) => boots > 0).map(({ at }) => at),
    keptFromMs: undefined,
    count: seen.reduce((sum, { count }) => sum + count, 0),
  };
};

export const rhythmView = (rhythm: DeviceRhythm, name: RhythmWindow): RhythmView => {
  const windowMs = RHYTHM_WINDOWS[name];
  const fromMs = rhythm.at - windowMs;
  const { spacings, gaps, boots, ...rest } = (name === 'hour' ? eachMinute : eachMessage)(rhythm, fromMs);
  const xOf = (at: number): number => Math.min(1, Math.max(0, (at - fromMs) / windowMs));
  const newest = rhythm.arrivals.at(-1);
  const openMs = newest === undefined ? undefined : Math.max(0, rhythm.at - newest);
  const { inForceMs } = rhythm.interval;
  const expectedMs = inForceMs ?? CONTINUOUS_MS;
  const silentMs = unheardAfterMs(inForceMs);
  const longest = spacings.reduce((most, { ms }) => Math.max(most, ms), 0);
  const topMs = Math.max(longest, silentMs, Math.min(openMs ?? 0, windowMs)) * HEADROOM;
  const yOf = (ms: number): number => Math.min(1, Math.sqrt(ms / topMs));
  return {
    stems: spacings.map(({ at, ms }) => ({ x: xOf(at), y: yOf(ms) })),
    open: openMs === undefined ? undefined : { x: 1, y: yOf(openMs) },
    gaps: gaps.map(({ at }) => xOf(at)),
    boots: boots.map(xOf),
    missing: gaps.reduce((sum, { missing }) => sum + missing, 0),
    expectedY: yOf(expectedMs),
    silentY: yOf(silentMs),
    ...{ expectedMs, silentMs },
    ...rest,
    typicalMs: median(spacings.map(({ ms }) => ms)),
    longestMs: spacings.length === 0 ? undefined : longest,
  };
};
