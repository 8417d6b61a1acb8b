import type { LiveDevice, LiveDeviceLimits } from '#contracts/live.ts';

/** What a nurse should see to at a device, by the settings in force at the bed, as the alarm engine decides it. */

export const isBatteryLow = (
  { battery }: Pick<LiveDevice, 'battery'>,
  { batteryLowPercent }: LiveDeviceLimits,
): boolean => battery !== null && battery < batteryLowPercent;

export const isClockOff = (
  { clockOffsetMs }: Pick<LiveDevice, 'clockOffsetMs'>,
  { clockToleranceMs }: LiveDeviceLimits,
): boolean => clockOffsetMs !== null && Math.abs(clockOffsetMs) > clockToleranceMs;
