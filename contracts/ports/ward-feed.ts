import type { LiveChange } from '../bus.ts';
import type { SnapshotFrame } from '../live.ts';

/**
 * The present state of the ward and its changes, for screens. It comes from memory, so it works with the database
 * stopped.
 *
 * Each change of a unit has a place `{ epoch, seq }`. An epoch is one life of the part that holds the state; within it
 * the `seq` of a unit grows by one with each change. A snapshot has the place of the last change in it. So a screen
 * that first subscribes and then asks for a snapshot can join the two: what is not newer than the snapshot is in it,
 * and nothing is missing. What is known from another epoch is void: a new epoch begins with `unitChanged` of each unit.
 */
export type WardFeed = {
  /** Called when a screen is welcomed, and again after each `unitChanged`. */
  readonly units: () => Promise<readonly FeedUnit[]>;
  /**
   * Called when a screen needs everything of a unit; undefined when there is no such unit. Changes may come before it
   * resolves.
   */
  readonly snapshot: (unit: string) => Promise<SnapshotFrame | undefined>;
  /** From now on the listener gets each change, in the order of each unit. Returns the function that ends this. */
  readonly subscribe: (listener: FeedListener) => () => void;
};

export type FeedUnit = { readonly id: string; readonly name: string };

/** What a feed calls. A listener that throws does not disturb the others. */
export type FeedListener = {
  readonly changed: (change: LiveChange) => void;
  /**
   * Called when beds, patients or devices of a unit changed, or the unit is new: only a new snapshot shows this. It
   * takes a `seq` of its own.
   */
  readonly unitChanged: (unit: string) => void;
};
