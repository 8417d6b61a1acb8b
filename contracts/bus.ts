import type { AlarmFrame, DeviceFrame, VitalsFrame, WaveFrame } from './live.ts';

/** A change for screens, encoded once however many screens there are. */
export type LiveChange = { readonly frame: VitalsFrame | WaveFrame | DeviceFrame | AlarmFrame; readonly text: string };

/** What ingest tells broker and API. */
export type BusEvents = {
  'live:changed': LiveChange;
  /** Beds, patients or devices of a unit are others than before, or a unit is new: screens need a new snapshot. */
  'unit:changed': { readonly unit: string };
};
