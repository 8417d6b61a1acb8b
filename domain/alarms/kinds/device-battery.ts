import { AT_ONCE, createToldKind, evidenceOf } from '../technical.ts';
import type { Conditions } from './level.ts';

/** `device-battery`: the charge is below the limit, until it is some points above it. */

const HYSTERESIS_POINTS = 5;

export const conditions = {
  'battery-low': { type: 'technical', priority: 'low', label: { en: 'Battery low', zh: '电池电量低' } },
} as const satisfies Conditions;

export const deviceBattery = /* @__PURE__ */ createToldKind({
  id: 'device-battery',
  conditions,
  condition: 'battery-low',
  delayMs: AT_ONCE,
  on: (tell, isOpen) => ({
    device({ batteryPercent }, transition, at, place) {
      if (batteryPercent === undefined) return;
      const { batteryLowPercent } = transition.config;
      const limit = isOpen(transition, place) ? batteryLowPercent + HYSTERESIS_POINTS : batteryLowPercent;
      const holds = batteryPercent !== null && batteryPercent < limit;
      tell(transition, at, place, holds, evidenceOf(batteryPercent ?? 0, batteryLowPercent));
    },
  }),
});
