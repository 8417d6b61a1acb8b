import { VITAL_IDS } from '../vitals.ts';
import { DECIDING, FOLLOWING, TRACKING } from './kinds/table.ts';
import type { Start } from './limits.ts';
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
  const { vitals, resumedAt, intervalMs } = transition.state;
  const starts = vitals.map((vital, index): Start | undefined => {
    const id = VITAL_IDS[index];
    if (!id || !vital?.isUsable || vital.isStale) return undefined;
    if (at - Math.max(vital.heardAt, resumedAt) > validForMs(id, transition.config, intervalMs)) return undefined;
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
