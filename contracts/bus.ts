import type { AlarmFrame, DeviceFrame, VitalsFrame, WaveFrame } from './live.ts';

/** A change for screens. Its text is encoded once, when the first asks for it, however many screens there are. */
export type LiveChange = { readonly frame: VitalsFrame | WaveFrame | DeviceFrame | AlarmFrame; readonly text: string };

/** What ingest publishes to the other parts. */
export type BusEvents = {
  'live:changed': LiveChange;
  /** Beds, patients or devices of a unit changed, or a unit is new: screens need a new snapshot. */
  'unit:changed': { readonly unit: string };
};
