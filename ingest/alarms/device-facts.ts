import type { NewInput, Subject } from './subject.ts';

/** What is known of each device beside its readings, and what of it is an input for the engine of its bed. */

export type DeviceFacts = {
  readonly online?: boolean;
  readonly batteryPercent?: number | null;
  readonly clockOffsetMs?: number | null;
  readonly missing?: number;
  readonly intervalMs?: number | null;
  readonly gatewayLost?: boolean;
};

const isNear = (value: number | null | undefined, limit: number): boolean =>
  value !== null && value !== undefined && value < limit;

/** A little more than the engine's own hysteresis. */
const BATTERY_MARGIN = 10;
const CLOCK_SHARE = 0.5;

/**
 * undefined: no fact could change a decision. Inputs are stored, so a change of one percent or a few milliseconds is
 * none.
 */
export const newsFor = (
  { state, config }: Pick<Subject, 'state' | 'config'>,
  id: string,
  facts: DeviceFacts,
): NewInput | undefined => {
  const device = state.devices.find((one) => one.id === id);
  if (!device) return undefined;
  const { technical } = device;
  const { online, batteryPercent, clockOffsetMs, missing, intervalMs, gatewayLost } = facts;
  const news: { -readonly [Key in keyof DeviceFacts]: DeviceFacts[Key] } = {};
  if (online !== undefined && online === (technical['device-link'].since !== null)) news.online = online;
  const isBatteryNear = isNear(batteryPercent, config.batteryLowPercent + BATTERY_MARGIN);
  if (batteryPercent !== undefined && (isBatteryNear || technical['device-battery'].since !== null)) {
    news.batteryPercent = batteryPercent;
  }
  const isClockNear = !isNear(Math.abs(clockOffsetMs ?? 0), config.clockToleranceMs * CLOCK_SHARE);
  if (clockOffsetMs !== undefined && (isClockNear || technical['device-clock'].since !== null)) {
    news.clockOffsetMs = clockOffsetMs;
  }
  if (missing !== undefined && missing !== device.missing) news.missing = missing;
  if (intervalMs !== undefined && intervalMs !== device.intervalMs) news.intervalMs = intervalMs;
  if (gatewayLost !== undefined && gatewayLost !== (technical['gateway-link'].since !== null)) {
    news.gatewayLost = gatewayLost;
  }
  return Object.keys(news).length === 0 ? undefined : { type: 'device', device: id, ...news };
};
