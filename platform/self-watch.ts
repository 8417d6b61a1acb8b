import { readdir, readFile } from 'node:fs/promises';

/**
 * What a process can tell of itself that others suffer from: its clock was stepped, its descriptors run out, its event
 * loop stood still. Looked at once a second.
 */
export type SelfWatch = {
  readonly start: () => void;
  readonly stop: () => void;
  /** Why it is not all well, for a person; empty when it is. */
  readonly troubles: () => string[];
  /** Nothing could be served just now: the event loop stands still again and again. */
  readonly isStuck: () => boolean;
};

/** Descriptors in use, and how many there may be; undefined where the system does not say. */
export type Descriptors = { readonly used: number; readonly limit: number };

const EVERY_MS = 1_000;

/** A correction of less is everyday's, and what NTP slews is none at all. */
const STEP_MS = 500;
/** As long as somebody who looks should see why times do not fit. */
const STEP_TOLD_FOR_MS = 15 * 60_000;

/** From here a ward that reconnects at once may find no room. */
const NEAR_LIMIT = 0.9;

/** Keepalive of a device is some 15 s; what stands still for longer than this is noticed by everybody. */
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

export const createSelfWatch = ({
  now,
  monotonic = () => performance.now(),
  descriptors = readDescriptors,
}: {
  now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  monotonic?: () => number;
  descriptors?: () => Promise<Descriptors | undefined>;
}): SelfWatch & { readonly look: () => Promise<void> } => {
  let timer: NodeJS.Timeout | undefined;
  let seenAt: number | undefined;
  let offsetMs: number | undefined;
  let step: { readonly ms: number; readonly at: string; readonly seenAt: number } | undefined;
  let stuck: { readonly ms: number; readonly seenAt: number } | undefined;
  let inUse: Descriptors | undefined;

  const lookAtClocks = (): void => {
    const mono = monotonic();
    const wall = now();
    const gapMs = seenAt === undefined ? 0 : mono - seenAt - EVERY_MS;
    if (gapMs >= STUCK_MS) stuck = { ms: gapMs, seenAt: mono };
    const moved = offsetMs === undefined ? 0 : wall - mono - offsetMs;
    if (Math.abs(moved) >= STEP_MS) step = { ms: moved, at: new Date(wall).toISOString(), seenAt: mono };
    seenAt = mono;
    offsetMs = wall - mono;
  };

  const look = async (): Promise<void> => {
    lookAtClocks();
    inUse = await descriptors();
  };

  const isRecent = (seen: { readonly seenAt: number } | undefined, forMs: number): boolean =>
    seen !== undefined && monotonic() - seen.seenAt < forMs;

  const isStuck = (): boolean => isRecent(stuck, STUCK_TOLD_FOR_MS);

  return {
    start() {
      lookAtClocks();
      timer ??= setInterval(look, EVERY_MS).unref();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
    look,
    isStuck,
    troubles() {
      const isFull = inUse !== undefined && inUse.used >= inUse.limit * NEAR_LIMIT;
      return [
        ...(step && isRecent(step, STEP_TOLD_FOR_MS)
          ? [`the station's clock was stepped by ${signed(step.ms)} at ${step.at}: let one NTP client slew it`]
          : []),
        ...(isFull && inUse
          ? [`${inUse.used} of ${inUse.limit} file descriptors are in use: raise the limit (ulimit -n, LimitNOFILE)`]
          : []),
        ...(stuck && isStuck() ? [`the station stood still for ${(stuck.ms / 1_000).toFixed(1)} s`] : []),
      ];
    },
  };
};
