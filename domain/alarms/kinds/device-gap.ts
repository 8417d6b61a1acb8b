import { createToldKind, forgetTechnical } from '../technical.ts';
import { passing } from '../transition.ts';

/** `device-gap`: sequence numbers are missing, and do not arrive late. */

const ID = 'device-gap';

export const deviceGap = createToldKind({
  id: ID,
  condition: 'sequence-gap',
  priority: 'low',
  label: { en: 'Messages missing', zh: '消息缺失' },
  delayMs: ({ gapDelayMs }) => gapDelayMs,
  on: (tell) => ({
    device({ missing }, transition, at) {
      if (missing === undefined) return;
      passing(transition).missing = missing;
      tell(transition, at, missing > 0);
    },
    // D5: what is missing counts from the start.
    resumed(_event, transition, at) {
      forgetTechnical(transition, ID);
      if (transition.state.missing > 0) tell(transition, at, true);
    },
  }),
});
