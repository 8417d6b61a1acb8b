import { VITAL_IDS } from '../vitals.ts';
import { DECIDING, FOLLOWING, TRACKING } from './kinds/table.ts';
import type { Start } from './limits.ts';
import { intervalOf } from './state.ts';
import type { Transition } from './transition.ts';
import { validForMs } from './validity.ts';

/**
 * Decides again by the current values. `from` gives, for the vital at `index`, the station's time from which a level
 * that is met only now counts; undefined: the vital is left as it is.
 */
export const decideCurrent = (
  transition: Transition,
  at: number,
  from: (index: number) => number | undefined,
): void => {
  const { state } = transition;
  const starts = state.vitals.map((vital, index): Start | undefined => {
    const id = VITAL_IDS[index];
    if (!id || !vital?.isUsable || vital.isStale) return undefined;
    const validMs = validForMs(id, transition.config, intervalOf(state, vital));
    if (at - Math.max(vital.heardAt, state.resumedAt) > validMs) return undefined;
    const startAt = from(index);
    return startAt === undefined ? undefined : { time: vital.time, at: startAt };
  });
  starts.forEach((start, index) => {
    if (start) for (const track of TRACKING) track(transition, index, at, start, false, 'limits-changed');
  });
  for (const acts of [DECIDING, FOLLOWING]) {
    starts.forEach((start, index) => {
      if (start) for (const act of acts) act(transition, index, at);
    });
  }
};
