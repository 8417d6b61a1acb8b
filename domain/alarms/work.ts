import type { Alarm, AlarmEvent, EndCause } from './alarm.ts';
import { type ConditionId, condition } from './conditions.ts';
import type { AlarmConfig } from './settings.ts';
import type { AlarmState, VitalState } from './state.ts';

/** A step in the making: a copy of the state that is its own to change, and what happened so far. */

type Mutable<Thing> = { -readonly [Key in keyof Thing]: Thing[Key] };

export type Work = {
  readonly state: Mutable<AlarmState>;
  /** The copy's own array; its entries are replaced, not changed. */
  readonly vitals: (VitalState | null)[];
  /** In force: what `occupied` and `configured` bring takes the place of what was. */
  config: AlarmConfig;
  readonly events: AlarmEvent[];
};

export type EditedVital = Mutable<VitalState>;

/** A copy of the vital that stands in the work from now on. */
export const editVital = (work: Work, index: number): EditedVital | undefined => {
  const vital = work.vitals[index];
  if (!vital) return undefined;
  const edited = { ...vital };
  work.vitals[index] = edited;
  return edited;
};

/** Notes that more than values and times changed. */
export const touch = ({ state }: Work): void => {
  state.revision++;
};

type EventOfAlarm = Extract<AlarmEvent, { alarm: Alarm }>;

const BY_ITSELF: Pick<EventOfAlarm, 'by' | 'cause'> = { by: null, cause: null };

export const tellAlarm = (
  work: Work,
  type: EventOfAlarm['type'],
  at: number,
  alarm: Alarm,
  { by, cause } = BY_ITSELF,
): void => {
  touch(work);
  work.events.push({ type, at, alarm, by, cause });
};

/** Of what decided: a reading and the threshold it passed, or nothing but time. */
export type Evidence = Pick<Alarm, 'measuredAt' | 'receivedAt' | 'value' | 'limit'>;

export const NO_READING: Evidence = { measuredAt: null, receivedAt: null, value: null, limit: null };

export const openAlarm = (
  work: Work,
  at: number,
  what: {
    kind: string;
    condition: ConditionId;
    vital: Alarm['vital'];
    startedAt: number;
    evidence: Evidence;
    also?: Alarm['also'];
  },
): Alarm => {
  const { state, config } = work;
  state.count++;
  const alarm: Alarm = {
    id: `${Math.floor(at).toString(36)}-${state.subject}-${state.count}`,
    kind: what.kind,
    condition: what.condition,
    vital: what.vital,
    priority: condition(what.condition).priority,
    state: 'active',
    startedAt: what.startedAt,
    decidedAt: at,
    ...what.evidence,
    worst: what.evidence.value,
    ...(what.also && { also: what.also }),
    recurrences: 0,
    acknowledged: null,
    config: config.version,
  };
  tellAlarm(work, 'onset', at, alarm);
  return alarm;
};

/** It is heard again, whatever pause it was in. */
const uncover = ({ state }: Work, id: string): void => {
  if (!state.inactivations.some(({ covered }) => covered.includes(id))) return;
  state.inactivations = state.inactivations.map((inactivation) => ({
    ...inactivation,
    covered: inactivation.covered.filter((covered) => covered !== id),
  }));
};

/** The alarm, worse than before or back after it was latched (C4, E2, E3). */
export const raiseAlarm = (
  work: Work,
  at: number,
  before: Alarm,
  type: 'escalated' | 'recurred',
  worse: { condition: ConditionId; vital: Alarm['vital']; evidence: Evidence; also: Alarm['also'] },
): Alarm => {
  const alarm: Alarm = {
    ...before,
    ...worse.evidence,
    vital: worse.vital,
    worst: worse.vital === before.vital ? before.worst : worse.evidence.value,
    also: worse.also,
    condition: worse.condition,
    priority: condition(worse.condition).priority,
    state: 'active',
    recurrences: before.recurrences + (type === 'recurred' ? 1 : 0),
    acknowledged: null,
    config: work.config.version,
  };
  uncover(work, alarm.id);
  tellAlarm(work, type, at, alarm);
  return alarm;
};

/** It names others than before. */
export const changeAlarm = (work: Work, at: number, alarm: Alarm): Alarm => {
  tellAlarm(work, 'changed', at, alarm);
  return alarm;
};

/** Its condition is over: gone, or latched until somebody has seen it (E3, E4). */
export const settleAlarm = (work: Work, at: number, alarm: Alarm, cause: EndCause): Alarm | null => {
  if (alarm.state === 'latched') return alarm;
  const isLatching = condition(alarm.condition).type === 'physiological' && work.config.latching[alarm.priority];
  if (!isLatching || alarm.acknowledged) return endAlarm(work, at, alarm, cause);
  const latched: Alarm = { ...alarm, state: 'latched' };
  tellAlarm(work, 'latched', at, latched, { by: null, cause });
  return latched;
};

export const endAlarm = (work: Work, at: number, alarm: Alarm, cause: EndCause, by: string | null = null): null => {
  tellAlarm(work, 'ended', at, alarm, { by, cause });
  return null;
};

/** Marks it as seen; one that is latched is over with that. */
export const acknowledgeAlarm = (work: Work, at: number, before: Alarm, by: string): Alarm | null => {
  if (before.acknowledged) return before;
  const alarm: Alarm = { ...before, acknowledged: { by, at } };
  tellAlarm(work, 'acknowledged', at, alarm, { by, cause: null });
  return alarm.state === 'latched' ? endAlarm(work, at, alarm, 'acknowledged', by) : alarm;
};
