import type { DeviceFrame, SnapshotFrame, VitalsFrame, WaveFrame } from './live.ts';

/** A change for screens, encoded once however many screens there are. */
export type LiveChange = { readonly frame: VitalsFrame | WaveFrame | DeviceFrame; readonly text: string };

/** What ingest tells broker and API. */
export type BusEvents = {
  'live:changed': LiveChange;
  /** Beds, patients or devices of a unit are others than before, or a unit is new: screens need a new snapshot. */
  'unit:changed': { readonly unit: string };
};

/** The present state of the ward, from memory: it answers with the database stopped. */
export type LiveState = {
  readonly units: () => { readonly id: string; readonly name: string }[];
  /** undefined when there is no such unit. */
  readonly snapshot: (unit: string) => SnapshotFrame | undefined;
};
