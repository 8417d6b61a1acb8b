import type { LiveLimits, LiveOxygen } from '#contracts/live.ts';
import type { Inactivation } from '#domain/alarms/alarm.ts';
import { LIMIT_KINDS } from '#domain/alarms/conditions.ts';
import { VITAL_IDS, type VitalId, vital } from '#domain/vitals.ts';
import type { Voice } from '../shell/text/language.ts';

/** The limits without the high one of SpO₂, while that is off because no oxygen is given. */
export const limitsInForce = (limits: LiveLimits, oxygen: LiveOxygen | undefined): LiveLimits =>
  oxygen?.highSpo2Off && limits.spo2 ? { ...limits, spo2: { ...limits.spo2, high: null } } : limits;

/** The limits in force of a vital, such as `50–120`; empty where there is none. */
export const limitsText = (id: VitalId, limits: LiveLimits, { text, number }: Voice): string => {
  const { low = null, high = null } = limits[id] ?? {};
  const words = (limit: number): string => number(limit, vital(id).decimals);
  if (low !== null && high !== null) return text.limits(words(low), words(high));
  if (low !== null) return text.limitLow(words(low));
  return high === null ? '' : text.limitHigh(words(high));
};

/** Whether an alarm of one of the vital's limits is switched off. */
export const isLimitOff = (id: VitalId, inactivations: readonly Inactivation[]): boolean => {
  const kinds = LIMIT_KINDS[VITAL_IDS.indexOf(id)];
  return inactivations.some(
    ({ what, kind }) => what === 'alarm-off' && (kind === kinds?.low.id || kind === kinds?.high.id),
  );
};
