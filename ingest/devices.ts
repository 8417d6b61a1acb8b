import type { StatusMessage } from '#domain/messages.ts';
import { type ClockOffset, correctedTime, NO_CLOCK_OFFSET, observeDelay } from './clock-offset.ts';
import type { DeviceChange } from './live.ts';

/** What is known of each device beside its measurements: its links, what it said of itself, its clock. */
export type Devices = {
  readonly connected: (device: string) => void;
  /** A device is offline when its last connection ends, with or without a Will. */
  readonly disconnected: (device: string) => void;
  readonly said: (device: string, status: StatusMessage) => void;
  readonly observeTime: (device: string, measuredAt: number, receivedAt: number) => void;
  readonly correctedTime: (device: string, measuredAt: number) => number;
};

/**
 * What becomes of the vitals a device sends: shown live; too old to be live; refused, so that nothing is left of them; none
 * came yet. `late` and `refused` when nothing live came for a while either.
 */
export type DataState = 'live' | 'late' | 'refused' | 'none';

/** Estimates waver by a few milliseconds; a screen need not hear of each. */
const REPORT_STEP_MS = 500;

type DeviceState = { connections: number; clock: ClockOffset; reportedOffsetMs: number | null };

export const createDevices = ({ onChange }: { onChange: (device: string, change: DeviceChange) => void }): Devices => {
  const states = new Map<string, DeviceState>();

  const stateOf = (device: string): DeviceState => {
    const known = states.get(device);
    if (known) return known;
    const state: DeviceState = { connections: 0, clock: NO_CLOCK_OFFSET, reportedOffsetMs: null };
    states.set(device, state);
    return state;
  };

  return {
    connected(device) {
      stateOf(device).connections++;
      onChange(device, { state: 'online' });
    },
    disconnected(device) {
      const state = stateOf(device);
      state.connections = Math.max(0, state.connections - 1);
      if (state.connections === 0) onChange(device, { state: 'offline' });
    },
    said(device, { state, battery }) {
      // The Will of a connection that was replaced must not put out the one that replaced it.
      const isOnline = state === 'online' || stateOf(device).connections > 1;
      onChange(device, { state: isOnline ? 'online' : 'offline', ...(battery === undefined ? {} : { battery }) });
    },
    observeTime(device, measuredAt, receivedAt) {
      const state = stateOf(device);
      state.clock = observeDelay(state.clock, measuredAt, receivedAt);
      const { estimateMs } = state.clock;
      if (estimateMs === null) return;
      if (state.reportedOffsetMs !== null && Math.abs(estimateMs - state.reportedOffsetMs) < REPORT_STEP_MS) return;
      state.reportedOffsetMs = estimateMs;
      onChange(device, { clockOffsetMs: estimateMs });
    },
    correctedTime: (device, measuredAt) => correctedTime(stateOf(device).clock, measuredAt),
  };
};
