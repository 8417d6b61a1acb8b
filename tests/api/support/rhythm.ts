import type { DeviceRhythm } from '#contracts/http/device-rhythm.ts';

/** A device that sends once a second, and lost one message. */
export const RHYTHM: DeviceRhythm = {
  at: 5_000,
  interval: { setMs: null, inForceMs: null, toldMs: null, seenMs: 1_000, proposedMs: null },
  clock: { offsetMs: 12, isSteady: true, isProven: false },
  link: { since: 1_000, lostAt: null },
  boot: 'b1',
  seq: 4,
  arrivals: [3_000, 4_000],
  gaps: [{ at: 4_000, missing: 1 }],
  boots: [],
  minutes: [{ at: 0, count: 2, longestMs: 1_000, missing: 1, boots: 0 }],
};
