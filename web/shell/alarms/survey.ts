import type { Alarm, Inactivation } from '#domain/alarms/alarm.ts';
import { PRIORITIES, type Priority } from '#domain/alarms/conditions.ts';
import { type AlarmSignal, signalOf } from '#domain/alarms/signal.ts';
import { signalOfMonitor } from '#domain/monitor-alarms/signal.ts';
import { type AnyAlarm, isOfMonitor, type Origin } from '../../parts/monitor/alarm.ts';
import { allBeds, type BedState, type WardState } from '../live/state.ts';

/** An alarm that is there, and what a person is to see and hear of it. `bed` undefined: the station's own. */
export type ActiveAlarm = {
  readonly alarm: AnyAlarm;
  readonly bed: Readonly<BedState> | undefined;
  readonly signal: AlarmSignal;
  /** The same condition as others tell it: it is one line on a screen, and answered together. */
  readonly twins: readonly ActiveAlarm[];
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

/** The station's alarms of a bed and those that its monitors report, each for itself, the most urgent first. */
export const alarmsOfBed = (bed: Readonly<BedState>, nowMs: number): readonly ActiveAlarm[] => {
  const inactivations = inForce(bed.inactivations, nowMs);
  const own = bed.alarms.map((alarm) => ({ alarm, bed, signal: signalOf(alarm, inactivations), twins: [] }));
  const told = (bed.monitorAlarms ?? []).map((alarm) => ({
    alarm,
    bed,
    signal: signalOfMonitor(alarm, inactivations),
    twins: [],
  }));
  return [...own, ...told].toSorted(byUrgency);
};

/**
 * One entry for each condition: the most urgent of those who tell it, and the others beside it. Two alarms of the station
 * are never one, for each says something of its own; alarms that monitors report join the first of the same kind.
 */
export const joinTwins = (active: readonly ActiveAlarm[]): readonly ActiveAlarm[] => {
  const groups = new Map<string, ActiveAlarm[]>();
  const taken = new Set<string>();
  const keyOf = ({ alarm, signal }: ActiveAlarm): string => {
    if (!signal.isSeen) return alarm.id;
    if (isOfMonitor(alarm)) return alarm.twin ?? alarm.id;
    if (taken.has(alarm.kind)) return alarm.id;
    taken.add(alarm.kind);
    return alarm.kind;
  };
  for (const each of active) {
    const key = keyOf(each);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap(([first, ...twins]) => (first ? [{ ...first, twins }] : []));
};

export const originOf = ({ alarm, twins }: ActiveAlarm): Origin => {
  const isMonitors = [alarm, ...twins.map((twin) => twin.alarm)].map(isOfMonitor);
  if (isMonitors.every(Boolean)) return 'monitor';
  return isMonitors.some(Boolean) ? 'both' : 'station';
};

/** Every alarm of the ward at this moment, the most urgent first. `nowMs` is the server's time. */
export const survey = (state: WardState, nowMs: number): readonly ActiveAlarm[] => {
  const ofBeds = allBeds(state).flatMap((bed) => joinTwins(alarmsOfBed(bed, nowMs)));
  const ofStation = state.stationAlarms.map((alarm: Alarm) => ({
    alarm,
    bed: undefined,
    signal: signalOf(alarm, []),
    twins: [],
  }));
  return [...ofBeds, ...ofStation].toSorted(byUrgency);
};
