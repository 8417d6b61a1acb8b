import { AT_ONCE, createToldKind, evidenceOf } from '../technical.ts';
import type { Conditions } from './level.ts';

/** `device-clock`: the device's clock differs from the station's by more than is tolerated. */

/** The condition ends at this share of the tolerance. */
const HYSTERESIS_SHARE = 0.8;

export const conditions = {
  'clock-off': { type: 'technical', priority: 'low', label: { en: 'Device clock off', zh: '设备时钟不准' } },
} as const satisfies Conditions;

export const deviceClock = /* @__PURE__ */ createToldKind({
  id: 'device-clock',
  conditions,
  condition: 'clock-off',
  delayMs: AT_ONCE,
  on: (tell, isOpen) => ({
    device({ clockOffsetMs }, transition, at, place) {
      if (clockOffsetMs === undefined) return;
      const { clockToleranceMs } = transition.config;
      const limit = isOpen(transition, place) ? clockToleranceMs * HYSTERESIS_SHARE : clockToleranceMs;
      const holds = clockOffsetMs !== null && Math.abs(clockOffsetMs) > limit;
      tell(transition, at, place, holds, evidenceOf(clockOffsetMs ?? 0, clockToleranceMs));
    },
  }),
});
