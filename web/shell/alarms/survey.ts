import type { Alarm, Inactivation } from '#domain/alarms/alarm.ts';
import { PRIORITIES, type Priority } from '#domain/alarms/conditions.ts';
import { type AlarmSignal, signalOf } from '#domain/alarms/signal.ts';
import { allBeds, type BedState, type WardState } from '../live/state.ts';

/** An alarm that is there, and what a person is to see and hear of it. `bed` undefined: the station's own. */
export type ActiveAlarm = {
  readonly alarm: Alarm;
  readonly bed: BedState | undefined;
  readonly signal: AlarmSignal;
};

/** The higher the more urgent. */
export const priorityRank = (priority: Priority): number => PRIORITIES.indexOf(priority);

/** A pause whose time is over by our clock holds nothing back, even before the station has announced its end. */
export const inForce = (inactivations: readonly Inactivation[], nowMs: number): readonly Inactivation[] =>
  inactivations.filter(({ until }) => until === null || until > nowMs);

/** `flashing`: nobody has answered it. `over`: nobody has answered it, and its condition has ended. */
export const TONES = ['flashing', 'over', 'acknowledged'] as const;
export type AlarmTone = (typeof TONES)[number];

export const toneOf = ({ alarm, signal }: Pick<ActiveAlarm, 'alarm' | 'signal'>): AlarmTone => {
  if (signal.inactivation === 'acknowledged') return 'acknowledged';
  return alarm.state === 'latched' ? 'over' : 'flashing';
};

/**
 * Alarms that wait for an answer stand first, then those that ended without one, then the answered; in each group by
 * priority, the newest first.
 */
export const byUrgency = (a: ActiveAlarm, b: ActiveAlarm): number =>
  TONES.indexOf(toneOf(a)) - TONES.indexOf(toneOf(b)) ||
  priorityRank(b.alarm.priority) - priorityRank(a.alarm.priority) ||
  b.alarm.decidedAt - a.alarm.decidedAt ||
  a.alarm.id.localeCompare(b.alarm.id);

/** Every alarm of the ward at this moment, the most urgent first. `nowMs` is the server's time. */
export const survey = (state: WardState, nowMs: number): readonly ActiveAlarm[] => {
  const ofBeds = allBeds(state).flatMap((bed) => {
    const inactivations = inForce(bed.inactivations, nowMs);
    return bed.alarms.map((alarm) => ({ alarm, bed, signal: signalOf(alarm, inactivations) }));
  });
  const ofStation = state.stationAlarms.map((alarm) => ({ alarm, bed: undefined, signal: signalOf(alarm, []) }));
  return [...ofBeds, ...ofStation].toSorted(byUrgency);
};
