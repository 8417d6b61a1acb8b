import { changeAlarm, raiseAlarm } from './announce.ts';
import { alsoOf, holderOf } from './joint.ts';
import { decidedPlace, HEART, hasCurrentValue, PULSE } from './levels.ts';
import { LIMIT_KINDS } from './limit-kinds.ts';
import { alarmAt, changeTrack, type Transition } from './transition.ts';

/** Follows an asystole beside a pulse that goes on (B5). */

/**
 * [?] How long the pulse must be gone before an asystole that was announced beside a pulse is announced again without
 * it.
 */
const PULSE_GONE_MS = 5_000;

/** Whether the newest heart rate is 0, and has been for long enough to be decided. */
const isAtZero = ({ state, config }: Transition, at: number): boolean => {
  const place = decidedPlace(state, config, HEART, 'low', at);
  const trigger = LIMIT_KINDS[HEART]?.low.levels[place]?.trigger;
  return hasCurrentValue(state.vitals[HEART]) && (trigger === 'zero' || trigger === 'nothing-seen');
};

/**
 * Keeps the alarm of an asystole true about a pulse that goes on beside it (B5). Called at each reading of the heart
 * rate.
 */
export const followPulse = (transition: Transition, at: number): void => {
  const { state, config } = transition;
  const holder = config.rules >= 2 ? holderOf(state, config, HEART, 'low') : -1;
  const alarm = alarmAt(transition, holder, 'low');
  const pulse = state.vitals[PULSE];
  if (alarm?.state !== 'active' || alarm.condition !== 'asystole' || alarm.vital !== 'heart-rate' || !pulse) return;
  const isAnnounced =
    alarm.also?.some(({ vital, value }) => vital === 'pulse-rate' && value !== null && value > 0) ?? false;
  const goesOn: boolean = hasCurrentValue(pulse);
  if (isAnnounced === goesOn) return;
  const also = alsoOf(state, config, alarm, holder, 'low');
  if (goesOn) {
    changeTrack(transition, holder, 'low', { alarm: changeAlarm(transition, at, { ...alarm, also }) });
    return;
  }
  const isGone = pulse.isStale || (pulse.unusableSince !== null && at - pulse.unusableSince >= PULSE_GONE_MS);
  // While the rate is only too low the alarm keeps naming the pulse, so that the next standstill is announced again.
  if (!isGone || !isAtZero(transition, at)) return;
  const { condition, priority, vital, limit } = alarm;
  const heart = state.vitals[HEART];
  const evidence = {
    measuredAt: heart?.time ?? null,
    receivedAt: heart?.heardAt ?? null,
    value: heart?.value ?? null,
    limit,
  };
  const raised = raiseAlarm(transition, at, alarm, 'escalated', { condition, priority, vital, evidence, also });
  changeTrack(transition, holder, 'low', { alarm: raised });
};
