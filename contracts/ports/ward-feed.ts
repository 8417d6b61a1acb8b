import type { LiveChange } from '../bus.ts';
import type { SnapshotFrame } from '../live.ts';

/**
 * The present of the ward and its changes, for screens. It comes from memory: it answers with the database stopped.
 *
 * Each change of a unit has a place `{ epoch, seq }`. An epoch is one life of what holds the present; within it the `seq`
 * of a unit grows by one with each change. A snapshot has the place of the last change in it. So whoever subscribes first
 * and then asks for a snapshot can join the two: what is not newer than the snapshot is in it, and nothing is missing.
 * What is known of another epoch is void: a new one begins with `unitChanged` of each unit.
 */
export type WardFeed = {
  /** Called when a screen is welcomed, and again after each `unitChanged`. */
  readonly units: () => Promise<readonly FeedUnit[]>;
  /** Called when a screen needs all of a unit; undefined when there is no such unit. Changes may come before it resolves. */
  readonly snapshot: (unit: string) => Promise<SnapshotFrame | undefined>;
  /** From now on the listener hears each change, in the order of each unit. Returns what ends that. */
  readonly subscribe: (listener: FeedListener) => () => void;
};

export type FeedUnit = { readonly id: string; readonly name: string };

/** What a feed calls. A listener that throws costs the others nothing. */
export type FeedListener = {
  readonly changed: (change: LiveChange) => void;
  /**
   * Beds, patients or devices of a unit are others than before, or the unit is new: changes do not tell it, a new
   * snapshot does. It takes a `seq` of its own.
   */
  readonly unitChanged: (unit: string) => void;
};
