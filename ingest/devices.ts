import type { Status } from './decode.ts';
import { type DeviceClock, type Heard, UNKNOWN_CLOCK } from './device-clock/clock.ts';
import { hear, hearTold } from './device-clock/hear.ts';
import { shift } from './device-clock/shift.ts';
import { createDeviceLinks, type DeviceLinks } from './device-links.ts';
import type { DeviceChange } from './live/changes.ts';

/** What is known of each device beside its measurements: the ways to it, what it reported of itself, its clock. */
export type Devices = Omit<DeviceLinks, 'said' | 'shift'> & {
  /** What a status message reports. `via`: the gateway through which it came. */
  readonly reported: (device: string, status: Status, receivedAt: number, via?: string | undefined) => void;
  /** By how much the device's clock was found to have been put forward or back; 0: it was not. */
  readonly hear: (device: string, heard: Heard) => number;
  readonly clockOf: (device: string) => DeviceClock;
  /** Our own clock was put forward by so much, or back. */
  readonly shiftClocks: (byMs: number) => void;
};

/** Estimates waver by a few milliseconds; a screen need not hear of each. */
const REPORT_STEP_MS = 500;

type DeviceState = { clock: DeviceClock; reportedOffsetMs: number | null };

export type DevicesDependencies = {
  readonly now: () => number;
  readonly onChange: (device: string, change: DeviceChange) => void;
};

export const createDevices = ({ now, onChange }: DevicesDependencies): Devices => {
  const states = new Map<string, DeviceState>();

  const stateOf = (device: string): DeviceState => {
    const known = states.get(device);
    if (known) return known;
    const state = { clock: UNKNOWN_CLOCK, reportedOffsetMs: null };
    states.set(device, state);
    return state;
  };

  const beginAnew = (device: string): void => {
    const state = stateOf(device);
    state.clock = { ...state.clock, isAnew: true };
  };

  const { said, shift: shiftLinks, ...links } = createDeviceLinks({ now, onChange, onBegin: beginAnew });

  const reportClock = (device: string, state: DeviceState): void => {
    const { offsetMs, isSteady } = state.clock;
    if (offsetMs === null || !isSteady) return;
    if (state.reportedOffsetMs !== null && Math.abs(offsetMs - state.reportedOffsetMs) < REPORT_STEP_MS) return;
    state.reportedOffsetMs = offsetMs;
    onChange(device, { clockOffsetMs: offsetMs });
  };

  return {
    ...links,
    reported(device, { state: reported, battery, time }, receivedAt, via) {
      const state = stateOf(device);
      // A Will was written when its connection began: it tells no time.
      if (time !== undefined && reported === 'online') state.clock = hearTold(state.clock, time, receivedAt);
      said(device, reported === 'online', via);
      if (battery !== undefined) onChange(device, { battery });
    },
    hear(device, heard) {
      const state = stateOf(device);
      const { clock, stepMs } = hear(state.clock, heard);
      state.clock = clock;
      reportClock(device, state);
      return stepMs;
    },
    clockOf: (device) => states.get(device)?.clock ?? UNKNOWN_CLOCK,
    shiftClocks(byMs) {
      for (const state of states.values()) state.clock = shift(state.clock, byMs);
      shiftLinks(byMs);
    },
  };
};
