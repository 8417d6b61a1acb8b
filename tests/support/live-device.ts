import type { LiveDevice, LiveDeviceLimits } from '#contracts/live.ts';

/** Those of the presets. */
export const DEVICE_LIMITS: LiveDeviceLimits = { batteryLowPercent: 20, clockToleranceMs: 5_000 };

/** A device at a bed that is heard live and sends continuously, with the changes that are given. */
export const liveDevice = (change: Partial<LiveDevice> = {}): LiveDevice => ({
  id: 'm1',
  role: 'monitor',
  bed: 'b1',
  bedSince: 0,
  state: 'online',
  since: 0,
  battery: null,
  clockOffsetMs: null,
  intervalMs: null,
  intervalProposedMs: null,
  data: 'live',
  lastLiveAt: 0,
  ...change,
});
