import { createToldKind, forgetTechnical } from '../technical.ts';
import { passing } from '../transition.ts';
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
    device({ missing }, transition, at) {
      if (missing === undefined) return;
      passing(transition).missing = missing;
      tell(transition, at, missing > 0);
    },
    // D5: the delay of missing messages counts anew from the start of the station.
    resumed(_event, transition, at) {
      forgetTechnical(transition, ID);
      if (transition.state.missing > 0) tell(transition, at, true);
    },
  }),
});
