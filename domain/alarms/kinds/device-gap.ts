import { createToldKind, forgetTechnical } from '../technical.ts';
import { passingDevice } from '../transition.ts';
import type { Conditions } from './level.ts';

/** `device-gap`: sequence numbers are missing, and do not arrive late. */

const ID = 'device-gap';

export const conditions = {
  'sequence-gap': { type: 'technical', priority: 'low', label: { en: 'Messages missing', zh: '消息缺失' } },
} as const satisfies Conditions;

export const deviceGap = /* @__PURE__ */ createToldKind({
  id: ID,
  conditions,
  condition: 'sequence-gap',
  delayMs: ({ gapDelayMs }) => gapDelayMs,
  on: (tell) => ({
    device({ missing }, transition, at, place) {
      if (missing === undefined) return;
      passingDevice(transition, place).missing = missing;
      tell(transition, at, place, missing > 0);
    },
    // D5: the delay of missing messages counts anew from the start of the station.
    resumed(_event, transition, at, place) {
      forgetTechnical(transition, place, ID);
      if ((transition.state.devices[place]?.missing ?? 0) > 0) tell(transition, at, place, true);
    },
  }),
});
