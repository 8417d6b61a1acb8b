import type { LiveState } from '#contracts/ports/ward-feed.ts';
import type { WallClock } from '#platform/clock.ts';

/**
 * Snapshots as bytes, shared by all screens that ask at nearly the same time: after a restart two hundred of them do,
 * and a ward of 1,000 beds is a megabyte. A kept one stays right while its seq is the last: every change after it is
 * still to come as a frame. The age limit is for its `time`, in a unit where nothing changes.
 */
export const createSnapshots = ({
  liveState,
  clock,
  maxAgeMs,
}: {
  liveState: LiveState;
  clock: WallClock;
  maxAgeMs: number;
}) => {
  const kept = new Map<string, { seq: number; data: Buffer; madeMs: number }>();
  return {
    /** undefined when there is no such unit. */
    get(unit: string): { readonly seq: number; readonly data: Buffer } | undefined {
      const nowMs = clock.now();
      const present = kept.get(unit);
      if (present && nowMs - present.madeMs <= maxAgeMs) return present;
      const snapshot = liveState.snapshot(unit);
      if (!snapshot) return undefined;
      const made = { seq: snapshot.seq, data: Buffer.from(JSON.stringify(snapshot)), madeMs: nowMs };
      kept.set(unit, made);
      return made;
    },
    /** To be called when the unit changed in any way. */
    forget(unit: string): void {
      kept.delete(unit);
    },
  };
};
