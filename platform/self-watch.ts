import { readdir, readFile } from 'node:fs/promises';
import { type Cancel, type Clock, systemClock } from './clock.ts';

/**
 * A process watches itself, once a second, for what others suffer from: its clock was stepped, its descriptors run out, or
 * its event loop stood still.
 */
export type SelfWatch = {
  readonly start: () => void;
  readonly stop: () => void;
  /** Why it is not all well, for a person; empty when it is. */
  readonly troubles: () => string[];
  /** True when no request could be served just now: the event loop stands still again and again. */
  readonly isStuck: () => boolean;
};

/** Descriptors in use, and how many there may be; undefined where the system does not say. */
export type Descriptors = { readonly used: number; readonly limit: number };

const EVERY_MS = 1_000;

/** Smaller steps of the clock happen every day. What NTP slews slowly is no step. */
const STEP_MS = 500;
/** Long enough for a person who looks at the times to see why they do not fit. */
const STEP_TOLD_FOR_MS = 15 * 60_000;

/** From this share of the limit on, a ward that reconnects at once may find no room. */
const NEAR_LIMIT = 0.9;

/** A device's keepalive is some 15 s. When the station stands still for longer than this, everybody notices. */
const STUCK_MS = 5_000;
const STUCK_TOLD_FOR_MS = 10_000;

/** Linux only. */
export const readDescriptors = async (): Promise<Descriptors | undefined> => {
  try {
    const [used, limits] = await Promise.all([readdir('/proc/self/fd'), readFile('/proc/self/limits', 'utf8')]);
    const limit = Number(/^Max open files +(\d+)/m.exec(limits)?.[1]);
    return Number.isNaN(limit) ? undefined : { used: used.length, limit };
  } catch {
    return undefined;
  }
};

const signed = (ms: number): string => `${ms > 0 ? '+' : '−'}${(Math.abs(ms) / 1_000).toFixed(1)} s`;

/** Compares the two clocks at each look: the wall clock was stepped, or the event loop stood still since the last. */
const createClockWatch = (clock: Pick<Clock, 'now' | 'elapsed'>) => {
  let seenAtMs: number | undefined;
  let offsetMs: number | undefined;
  let step: { readonly ms: number; readonly at: string; readonly seenAtMs: number } | undefined;
  let stuck: { readonly ms: number; readonly seenAtMs: number } | undefined;

  const isRecent = (seen: { readonly seenAtMs: number } | undefined, forMs: number): boolean =>
    seen !== undefined && clock.elapsed() - seen.seenAtMs < forMs;

  return {
    look() {
      const elapsedMs = clock.elapsed();
      const wallMs = clock.now();
      const gapMs = seenAtMs === undefined ? 0 : elapsedMs - seenAtMs - EVERY_MS;
      if (gapMs >= STUCK_MS) stuck = { ms: gapMs, seenAtMs: elapsedMs };
      const movedMs = offsetMs === undefined ? 0 : wallMs - elapsedMs - offsetMs;
      if (Math.abs(movedMs) >= STEP_MS) {
        step = { ms: movedMs, at: new Date(wallMs).toISOString(), seenAtMs: elapsedMs };
      }
      seenAtMs = elapsedMs;
      offsetMs = wallMs - elapsedMs;
    },
    recentStep: () => (isRecent(step, STEP_TOLD_FOR_MS) ? step : undefined),
    recentStandstill: () => (isRecent(stuck, STUCK_TOLD_FOR_MS) ? stuck : undefined),
  };
};

export const createSelfWatch = ({
  clock = systemClock,
  descriptors = readDescriptors,
}: {
  clock?: Clock;
  descriptors?: () => Promise<Descriptors | undefined>;
} = {}): SelfWatch & { readonly look: () => Promise<void> } => {
  const clocks = createClockWatch(clock);
  let cancel: Cancel | undefined;
  let inUse: Descriptors | undefined;

  const look = async (): Promise<void> => {
    clocks.look();
    inUse = await descriptors();
  };

  return {
    start() {
      clocks.look();
      cancel ??= clock.every(EVERY_MS, look, 'background');
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
    look,
    isStuck: () => clocks.recentStandstill() !== undefined,
    troubles() {
      const step = clocks.recentStep();
      const stuck = clocks.recentStandstill();
      const isFull = inUse !== undefined && inUse.used >= inUse.limit * NEAR_LIMIT;
      return [
        ...(step
          ? [`the station's clock was stepped by ${signed(step.ms)} at ${step.at}: let one NTP client slew it`]
          : []),
        ...(isFull && inUse
          ? [`${inUse.used} of ${inUse.limit} file descriptors are in use: raise the limit (ulimit -n, LimitNOFILE)`]
          : []),
        ...(stuck ? [`the station stood still for ${(stuck.ms / 1_000).toFixed(1)} s`] : []),
      ];
    },
  };
};
