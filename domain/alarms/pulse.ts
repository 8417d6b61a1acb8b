import { LIMIT_KINDS } from './conditions.ts';
import { alsoOf, holderOf } from './joint.ts';
import { decidedPlace, HEART, isStanding, PULSE } from './levels.ts';
import { alarmAt, changeTrack } from './limits.ts';
import { changeAlarm, raiseAlarm, type Work } from './work.ts';

/** An asystole beside a pulse that goes on (B5). */

/** [?] How long the pulse must be gone before an asystole that was said beside a pulse is said again without it. */
const PULSE_GONE_MS = 5_000;

/** Its newest rate is 0, and has been for long enough to be told. */
const isAtZero = ({ state, config }: Work, at: number): boolean => {
  const place = decidedPlace(state, config, HEART, 'low', at);
  const trigger = LIMIT_KINDS[HEART]?.low.levels[place]?.trigger;
  return isStanding(state.vitals[HEART]) && (trigger === 'zero' || trigger === 'nothing-seen');
};

/** B5: whether a pulse goes on beside an asystole is said as it now is. Asked at each reading of the heart. */
export const followPulse = (work: Work, at: number): void => {
  const { state, config } = work;
  const holder = config.rules >= 2 ? holderOf(state, config, HEART, 'low') : -1;
  const alarm = alarmAt(work, holder, 'low');
  const pulse = state.vitals[PULSE];
  if (alarm?.state !== 'active' || alarm.condition !== 'asystole' || alarm.vital !== 'heart-rate' || !pulse) return;
  const isSaid = alarm.also?.some(({ vital, value }) => vital === 'pulse-rate' && value !== null && value > 0) ?? false;
  const goesOn: boolean = isStanding(pulse);
  if (isSaid === goesOn) return;
  const also = alsoOf(state, config, alarm, holder, 'low');
  if (goesOn) {
    changeTrack(work, holder, 'low', { alarm: changeAlarm(work, at, { ...alarm, also }) });
    return;
  }
  const isGone = pulse.isStale || (pulse.unusableSince !== null && at - pulse.unusableSince >= PULSE_GONE_MS);
  // Beside a rate that is only too low the alarm keeps its pulse: the next standstill is then told anew.
  if (!isGone || !isAtZero(work, at)) return;
  const { condition, vital, limit } = alarm;
  const heart = state.vitals[HEART];
  const evidence = {
    measuredAt: heart?.time ?? null,
    receivedAt: heart?.heardAt ?? null,
    value: heart?.value ?? null,
    limit,
  };
  const raised = raiseAlarm(work, at, alarm, 'escalated', { condition, vital, evidence, also });
  changeTrack(work, holder, 'low', { alarm: raised });
};
