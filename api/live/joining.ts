import type { SnapshotFrame } from '#contracts/live.ts';
import type { WardFeed } from '#contracts/ports/ward-feed.ts';
import type { WallClock } from '#platform/clock.ts';
import { coerceError } from '#platform/errors.ts';
import { catchUp, type PlacedFrame } from './catch-up.ts';
import type { Screen } from './screen.ts';
import { type WireFrame, wireFrame } from './wire-frame.ts';

/**
 * Brings screens into a unit by a snapshot of it.
 *
 *   join ─▶ a snapshot is made ─▶ changes that came meanwhile are put into it ─▶ to all who wait ─▶ further changes
 *
 * Whoever waits for a snapshot is sent no change of the unit but alarms, and gets a snapshot that holds every change which
 * others were sent meanwhile: so nothing is lost between the two and nothing comes twice, however long the snapshot takes.
 *
 * Snapshots are bytes that are shared by all screens that ask at nearly the same time: after a restart two hundred of them
 * do, and a ward of 1,000 beds is a megabyte. A kept one stays right while its seq is the last. The age limit is for its
 * `time`, in a unit where nothing changes.
 */
export type Joining = {
  /** The screen is sent a snapshot: at once when one is at hand, else when it is made. */
  readonly join: (screen: Screen, unit: string) => void;
  /** The screen does not want it any more. */
  readonly leave: (screen: Screen, unit: string) => void;
  /** Those who wait for a snapshot of the unit. */
  readonly waiting: (unit: string) => ReadonlySet<Screen> | undefined;
  /** Must be called with every change, before it is sent to any screen. */
  readonly noteChange: (frame: PlacedFrame) => void;
  /** The unit changed in a way that no change tells. */
  readonly forget: (unit: string) => void;
};

export type Snapshot = Pick<SnapshotFrame, 'unit' | 'epoch' | 'seq'> & { readonly frame: WireFrame };

type Kept = Snapshot & { readonly madeMs: number };

/** Who waits for one snapshot, and what came since it was asked for. */
type Group = { readonly screens: Set<Screen>; changes: PlacedFrame[]; isVoid: boolean };

export type JoiningDependencies = {
  readonly feed: Pick<WardFeed, 'snapshot'>;
  readonly clock: WallClock;
  readonly maxAgeMs: number;
  /** Resolves when screens were told which units there are. They hear of a unit before they are sent its snapshot. */
  readonly welcomed: () => Promise<void>;
  readonly onSnapshot: (screen: Screen, snapshot: Snapshot) => void;
  readonly onUnknown: (screen: Screen, unit: string) => void;
  /** No snapshot could be had: the screen is to ask again. */
  readonly onFailed: (screen: Screen, unit: string, error: Error) => void;
};

/** Asks again until the snapshot and the changes that came meanwhile join. */
const makeSnapshot = async (
  { feed, welcomed }: Pick<JoiningDependencies, 'feed' | 'welcomed'>,
  unit: string,
  group: Group,
): Promise<SnapshotFrame | undefined> => {
  for (;;) {
    group.changes = [];
    group.isVoid = false;
    await welcomed();
    const snapshot = await feed.snapshot(unit);
    if (!snapshot) return undefined;
    const joined = group.isVoid ? undefined : catchUp(snapshot, group.changes);
    if (joined) return joined;
  }
};

export const createJoining = (deps: JoiningDependencies): Joining => {
  const { clock, maxAgeMs, onSnapshot, onUnknown, onFailed } = deps;
  const kept = new Map<string, Kept>();
  const groups = new Map<string, Group>();

  // Nothing may be awaited between the end of the catching up and the last send, because a change would come between.
  const finish = (unit: string, { screens }: Group, made: SnapshotFrame | undefined): void => {
    groups.delete(unit);
    if (!made) {
      for (const screen of screens) onUnknown(screen, unit);
      return;
    }
    const { epoch, seq } = made;
    const snapshot: Kept = { unit, epoch, seq, frame: wireFrame(JSON.stringify(made)), madeMs: clock.now() };
    kept.set(unit, snapshot);
    for (const screen of screens) onSnapshot(screen, snapshot);
  };

  const begin = async (unit: string, group: Group): Promise<void> => {
    try {
      finish(unit, group, await makeSnapshot(deps, unit, group));
    } catch (error) {
      groups.delete(unit);
      for (const screen of group.screens) onFailed(screen, unit, coerceError(error));
    }
  };

  return {
    join(screen, unit) {
      const present = kept.get(unit);
      if (present && clock.now() - present.madeMs <= maxAgeMs) return onSnapshot(screen, present);
      const waiting = groups.get(unit);
      if (waiting) return void waiting.screens.add(screen);
      const group: Group = { screens: new Set([screen]), changes: [], isVoid: false };
      groups.set(unit, group);
      void begin(unit, group);
    },
    leave: (screen, unit) => void groups.get(unit)?.screens.delete(screen),
    waiting: (unit) => groups.get(unit)?.screens,
    noteChange(frame) {
      kept.delete(frame.unit);
      groups.get(frame.unit)?.changes.push(frame);
    },
    forget(unit) {
      kept.delete(unit);
      const group = groups.get(unit);
      if (group) group.isVoid = true;
    },
  };
};
