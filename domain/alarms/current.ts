import { VITAL_IDS } from '../vitals.ts';
import { decideLimit, followParts, type Start, trackLimit } from './limits.ts';
import { SIDES, type Side } from './names.ts';
import { standsMs } from './standing.ts';
import type { Transition } from './transition.ts';

/**
 * Decides again by the current values, if there are any. `from`: since when a level that is met only now counts, by the station's
 * time; undefined: the vital is left alone.
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
    if (at - Math.max(vital.heardAt, resumedAt) > standsMs(id, transition.config, intervalMs)) return undefined;
    const startAt = from(index);
    return startAt === undefined ? undefined : { time: vital.time, at: startAt };
  });
  const each = (act: (index: number, side: Side, since: Start) => void) =>
    starts.forEach((since, index) => {
      if (since) for (const side of SIDES) act(index, side, since);
    });
  each((index, side, since) => trackLimit(transition, index, side, at, since, false, 'limits-changed'));
  each((index, side) => decideLimit(transition, index, side, at));
  each((index, side) => followParts(transition, index, side, at));
};
