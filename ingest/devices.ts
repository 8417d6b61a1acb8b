import type { Status } from './decode.ts';
import { type DeviceClock, type Heard, UNKNOWN_CLOCK } from './device-clock/clock.ts';
import { hear, hearTold } from './device-clock/hear.ts';
import { shift } from './device-clock/shift.ts';
import type { DeviceChange } from './live/changes.ts';

/** What is known of each device beside its measurements: its links, what it reported of itself, its clock. */
export type Devices = {
  readonly connected: (device: string) => void;
  /** A device is offline when its last connection ends, with or without a Will. */
  readonly disconnected: (device: string) => void;
  /** What a status message reports. */
  readonly reported: (device: string, status: Status, receivedAt: number) => void;
  /** By how much the device's clock was found to have been put forward or back; 0: it was not. */
  readonly hear: (device: string, heard: Heard) => number;
  readonly clockOf: (device: string) => DeviceClock;
  readonly linkOf: (device: string) => Link;
  /** Our own clock was put forward by so much, or back. */
  readonly shiftClocks: (byMs: number) => void;
};

/** `since`: when the link began, if there is one. `lostAt`: when the last link before it ended, if there was one. */
export type Link = { readonly since: number | undefined; readonly lostAt: number | undefined };

/** Estimates waver by a few milliseconds; a screen need not hear of each. */
const REPORT_STEP_MS = 500;

const NO_LINK: Link = { since: undefined, lostAt: undefined };

type DeviceState = {
  connections: number;
  link: Link;
  clock: DeviceClock;
  reportedOffsetMs: number | null;
};

export type DevicesDependencies = {
  readonly now: () => number;
  readonly onChange: (device: string, change: DeviceChange) => void;
};

const unknownDevice = (): DeviceState => ({
  connections: 0,
  link: NO_LINK,
  clock: UNKNOWN_CLOCK,
  reportedOffsetMs: null,
});

/** Our own clock was put forward by so much, or back. */
const shiftDevice = (state: DeviceState, byMs: number): void => {
  state.clock = shift(state.clock, byMs);
  const { since, lostAt } = state.link;
  state.link = { since: since && since + byMs, lostAt: lostAt && lostAt + byMs };
};

export const createDevices = ({ now, onChange }: DevicesDependencies): Devices => {
  const states = new Map<string, DeviceState>();

  const stateOf = (device: string): DeviceState => {
    const known = states.get(device);
    if (known) return known;
    const state = unknownDevice();
    states.set(device, state);
    return state;
  };

  const reportClock = (device: string, state: DeviceState): void => {
    const { offsetMs, isSteady } = state.clock;
    if (offsetMs === null || !isSteady) return;
    if (state.reportedOffsetMs !== null && Math.abs(offsetMs - state.reportedOffsetMs) < REPORT_STEP_MS) return;
    state.reportedOffsetMs = offsetMs;
    onChange(device, { clockOffsetMs: offsetMs });
  };

  return {
    connected(device) {
      const state = stateOf(device);
      if (state.connections === 0) state.link = { ...state.link, since: now() };
      state.connections++;
      state.clock = { ...state.clock, isAnew: true };
      onChange(device, { state: 'online' });
    },
    disconnected(device) {
      const state = stateOf(device);
      state.connections = Math.max(0, state.connections - 1);
      if (state.connections > 0) return;
      state.link = { since: undefined, lostAt: now() };
      onChange(device, { state: 'offline' });
    },
    reported(device, { state: reported, battery, time }, receivedAt) {
      const state = stateOf(device);
      // A Will was written when its connection began: it tells no time.
      if (time !== undefined && reported === 'online') state.clock = hearTold(state.clock, time, receivedAt);
      // The Will of a connection that was replaced must not put out the one that replaced it.
      const isOnline = reported === 'online' || state.connections > 1;
      onChange(device, { state: isOnline ? 'online' : 'offline', ...(battery === undefined ? {} : { battery }) });
    },
    hear(device, heard) {
      const state = stateOf(device);
      const { clock, stepMs } = hear(state.clock, heard);
      state.clock = clock;
      reportClock(device, state);
      return stepMs;
    },
    clockOf: (device) => states.get(device)?.clock ?? UNKNOWN_CLOCK,
    linkOf: (device) => states.get(device)?.link ?? NO_LINK,
    shiftClocks(byMs) {
      for (const state of states.values()) shiftDevice(state, byMs);
    },
  };
};
