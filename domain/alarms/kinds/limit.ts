import { type DueAct, noteDue } from '../due.ts';
import { holderOf, isNews } from '../joint.ts';
import { decidedAt, waitOf } from '../levels.ts';
import { LIMIT_KINDS } from '../limit-kinds.ts';
import { decideLimit, followParts, forgetCounting, inhibitLimit, trackLimit } from '../limits.ts';
import type { Side } from '../names.ts';
import type { AlarmConfig } from '../settings.ts';
import type { AlarmState, LimitTrack, VitalState } from '../state.ts';
import { changeTrack, type Transition } from '../transition.ts';
import type { VitalKind } from './kind.ts';
import type { LimitSide } from './level.ts';

/** What both sides of the limits have in common as kinds; `low.ts` and `high.ts` hold the differences. */

const noteLimit = (
  due: Parameters<VitalKind['findDue']>[0],
  state: AlarmState,
  config: AlarmConfig,
  vital: VitalState,
  index: number,
  side: Side,
  { since: counts, isPart }: LimitTrack,
  decide: DueAct,
): void => {
  const kind = LIMIT_KINDS[index]?.[side];
  if (!kind) return;
  const alarm = state.vitals[holderOf(state, config, index, side)]?.[side]?.alarm ?? null;
  const isJoining = alarm?.state === 'active' && !isPart;
  for (let place = 0; place < kind.levels.length; place++) {
    const since = counts[place];
    const level = kind.levels[place];
    if (!since || !level || (alarm && !isJoining && !isNews(alarm, level))) continue;
    const at = decidedAt(since, waitOf(state, config, index, side, level), vital);
    if (at !== undefined) noteDue(due, at, decide, index);
  }
};

/** One function a side reads by a fixed name: read by a name in a variable, a calm reading costs 5 % more. */
const TRACKS: Readonly<Record<Side, (vital: VitalState) => LimitTrack | null>> = {
  low: ({ low }) => low,
  high: ({ high }) => high,
};

/** Creates the kind of the limits on one side, which every vital has. */
export const createLimitKind = ({ side, conditions }: LimitSide): VitalKind => {
  const inhibit = (transition: Transition, index: number, at: number): void => {
    inhibitLimit(transition, index, side, at);
    followParts(transition, index, side, at);
  };
  const decideDue: DueAct = (transition, at, index) => {
    decideLimit(transition, index, side, at);
    followParts(transition, index, side, at);
  };
  const trackOf = TRACKS[side];
  return {
    idOf: (vital) => `${vital}-${side}`,
    conditions,
    findDue(due, state, config, vital, index) {
      const counting = trackOf(vital);
      if (counting === null || !vital.isUsable || vital.isStale) return;
      noteLimit(due, state, config, vital, index, side, counting, decideDue);
    },
    track(transition, index, at, start, isAnother, ended) {
      const vital = transition.state.vitals[index];
      if (!vital) return false;
      if (vital.isUsable) trackLimit(transition, index, side, at, start, isAnother, ended);
      const after = transition.state.vitals[index];
      return !!after && trackOf(after) !== null;
    },
    decide: (transition, index, at) => decideLimit(transition, index, side, at),
    follow: (transition, index, at) => followParts(transition, index, side, at),
    isGoing: ({ [side]: track }) => track !== null && (track.isPart || track.since.some((since) => since !== null)),
    inhibit,
    forget: (transition, index) => forgetCounting(transition, index, side),
    unwatch(transition, index, at) {
      inhibitLimit(transition, index, side, at, 'limits-changed');
      followParts(transition, index, side, at);
    },
    stepClock(transition, index, stepMs) {
      const since = transition.state.vitals[index]?.[side]?.since.map(
        (one) => one && { ...one, time: one.time + stepMs },
      );
      if (since) changeTrack(transition, index, side, { since });
    },
    alarmOf: (vital) => vital[side]?.alarm ?? null,
    putAlarm: (transition, index, alarm) => changeTrack(transition, index, side, { alarm }),
  };
};
