import type { Alarm, AlarmEvent, EndCause } from './alarm.ts';
import type { ConditionId, Priority } from './names.ts';
import { announce, edit, type Transition } from './transition.ts';

/**
 * Opens, changes and ends alarms, and announces each step. Each function returns the alarm as it then is; the caller
 * puts it into the state.
 */

type EventOfAlarm = Extract<AlarmEvent, { alarm: Alarm }>;

const BY_ITSELF: Pick<EventOfAlarm, 'by' | 'cause'> = { by: null, cause: null };

export const announceAlarm = (
  transition: Transition,
  type: EventOfAlarm['type'],
  at: number,
  alarm: Alarm,
  { by, cause } = BY_ITSELF,
): void => {
  announce(transition, { type, at, alarm, by, cause });
};

/** What decided the alarm: a reading and the threshold it passed. All fields are null when only time passed. */
export type Evidence = Pick<Alarm, 'measuredAt' | 'receivedAt' | 'value' | 'limit'>;

export const NO_READING: Evidence = { measuredAt: null, receivedAt: null, value: null, limit: null };

export const openAlarm = (
  transition: Transition,
  at: number,
  what: {
    kind: string;
    condition: ConditionId;
    priority: Priority;
    vital: Alarm['vital'];
    device?: Alarm['device'];
    startedAt: number;
    evidence: Evidence;
    also?: Alarm['also'];
    /** What the alarm is about, other than the bed and its vitals. */
    about?: Pick<Alarm, 'gateway' | 'beds'>;
  },
): Alarm => {
  const { state, config } = transition;
  edit(transition).count++;
  const alarm: Alarm = {
    id: `${Math.floor(at).toString(36)}-${state.subject}-${state.count}`,
    kind: what.kind,
    condition: what.condition,
    vital: what.vital,
    ...(what.device !== undefined && { device: what.device }),
    priority: what.priority,
    state: 'active',
    startedAt: what.startedAt,
    decidedAt: at,
    ...what.evidence,
    worst: what.evidence.value,
    ...(what.also && { also: what.also }),
    ...what.about,
    recurrences: 0,
    acknowledged: null,
    config: config.version,
  };
  announceAlarm(transition, 'onset', at, alarm);
  return alarm;
};

/** The alarm is heard again, whichever audio pause covered it. */
const uncover = (transition: Transition, id: string): void => {
  const { inactivations } = transition.state;
  if (!inactivations.some(({ covered }) => covered.includes(id))) return;
  edit(transition).inactivations = inactivations.map((inactivation) => ({
    ...inactivation,
    covered: inactivation.covered.filter((covered) => covered !== id),
  }));
};

/** The alarm got worse, or came back after it was latched (C4, E2, E3). */
export const raiseAlarm = (
  transition: Transition,
  at: number,
  before: Alarm,
  type: 'escalated' | 'recurred',
  worse: { condition: ConditionId; priority: Priority; vital: Alarm['vital']; evidence: Evidence; also: Alarm['also'] },
): Alarm => {
  const alarm: Alarm = {
    ...before,
    ...worse.evidence,
    vital: worse.vital,
    worst: worse.vital === before.vital ? before.worst : worse.evidence.value,
    also: worse.also,
    condition: worse.condition,
    priority: worse.priority,
    state: 'active',
    recurrences: before.recurrences + (type === 'recurred' ? 1 : 0),
    acknowledged: null,
    config: transition.config.version,
  };
  uncover(transition, alarm.id);
  announceAlarm(transition, type, at, alarm);
  return alarm;
};

/** The alarm names other vitals than before. */
export const changeAlarm = (transition: Transition, at: number, alarm: Alarm): Alarm => {
  announceAlarm(transition, 'changed', at, alarm);
  return alarm;
};

/**
 * The condition of a physiological alarm is over: the alarm ends, or is latched until somebody has acknowledged it (E3,
 * E4).
 */
export const settleAlarm = (transition: Transition, at: number, alarm: Alarm, cause: EndCause): Alarm | null => {
  if (alarm.state === 'latched') return alarm;
  if (!transition.config.latching[alarm.priority] || alarm.acknowledged) return endAlarm(transition, at, alarm, cause);
  return latchAlarm(transition, at, alarm, cause);
};

export const latchAlarm = (transition: Transition, at: number, alarm: Alarm, cause: EndCause): Alarm => {
  const latched: Alarm = { ...alarm, state: 'latched' };
  announceAlarm(transition, 'latched', at, latched, { by: null, cause });
  return latched;
};

export const endAlarm = (
  transition: Transition,
  at: number,
  alarm: Alarm,
  cause: EndCause,
  by: string | null = null,
): null => {
  announceAlarm(transition, 'ended', at, alarm, { by, cause });
  return null;
};

/** Marks the alarm as acknowledged. A latched alarm ends with that. */
export const acknowledgeAlarm = (transition: Transition, at: number, before: Alarm, by: string): Alarm | null => {
  if (before.acknowledged) return before;
  const alarm: Alarm = { ...before, acknowledged: { by, at } };
  announceAlarm(transition, 'acknowledged', at, alarm, { by, cause: null });
  return alarm.state === 'latched' ? endAlarm(transition, at, alarm, 'acknowledged', by) : alarm;
};
