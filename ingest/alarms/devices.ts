import type { AlarmConfig } from '#domain/alarms/settings.ts';
import type { AlarmState } from '#domain/alarms/state.ts';
import type { Told } from './subject.ts';

/** What is known of each device beside its readings, and what of it the engine of its bed must be told. */

export type DeviceFacts = {
  readonly online?: boolean;
  readonly batteryPercent?: number | null;
  readonly clockOffsetMs?: number | null;
  readonly missing?: number;
  readonly intervalMs?: number | null;
};

const isNear = (value: number | null | undefined, limit: number): boolean =>
  value !== null && value !== undefined && value < limit;

/** A little more than the engine's own hysteresis. */
const BATTERY_MARGIN = 10;
const CLOCK_SHARE = 0.5;

/**
 * undefined: nothing that could change anything. Not every percent and every waver is told, for what is told is kept.
 */
export const worthTelling = (facts: DeviceFacts, state: AlarmState, config: AlarmConfig): Told | undefined => {
  const { plain } = state;
  const { online, batteryPercent, clockOffsetMs, missing, intervalMs } = facts;
  const told: { -readonly [Key in keyof DeviceFacts]: DeviceFacts[Key] } = {};
  if (online !== undefined && online === (plain['device-link'].since !== null)) told.online = online;
  const isBatteryNear = isNear(batteryPercent, config.batteryLowPercent + BATTERY_MARGIN);
  if (batteryPercent !== undefined && (isBatteryNear || plain['device-battery'].since !== null)) {
    told.batteryPercent = batteryPercent;
  }
  const isClockNear = !isNear(Math.abs(clockOffsetMs ?? 0), config.clockToleranceMs * CLOCK_SHARE);
  if (clockOffsetMs !== undefined && (isClockNear || plain['device-clock'].since !== null)) {
    told.clockOffsetMs = clockOffsetMs;
  }
  if (missing !== undefined && missing !== state.missing) told.missing = missing;
  if (intervalMs !== undefined && intervalMs !== state.intervalMs) told.intervalMs = intervalMs;
  return Object.keys(told).length === 0 ? undefined : { type: 'device', ...told };
};
