import type { MonitorAlarm, MonitorEndCause, ReportedAlarm, ReportedInput } from './alarm.ts';
import type { Place } from './order.ts';
import type { Episode } from './state.ts';
import { EPISODES, type EpisodeEvent, type Outcome } from './table.ts';
import { changeBetween, toldBy } from './telling.ts';
import { endEpisode, findEpisode, openEpisode, putEpisode, type Transition } from './transition.ts';

/** What becomes of one alarm, by the table of episodes. */

/** How long a point in time is shown that needs no answer. [?] */
const POINT_SHOWN_MS = 60_000;

/** One entry of a message, and where it stands. */
export type Told = {
  readonly entry: ReportedAlarm;
  readonly message: ReportedInput;
  readonly boot: string;
  readonly place: Place;
};

/** What has happened to an alarm that nobody told an entry of. */
export type Befallen = { readonly at: number; readonly by?: string; readonly cause?: MonitorEndCause };

const firstAlarm = (id: string, { entry, message, boot }: Told, state: MonitorAlarm['state']): MonitorAlarm => ({
  id,
  origin: 'monitor',
  kind: 'reported',
  device: message.device,
  boot,
  number: entry.number,
  ...toldBy(entry),
  state,
  startedAt: message.time,
  decidedAt: message.at,
  raisedAt: message.at,
  unconfirmed: null,
  recurrences: 0,
  acknowledged: null,
});

/** A point in time of high priority stays until somebody has seen it. */
const passesAt = ({ priority }: MonitorAlarm, at: number): number | null =>
  priority === 'high' ? null : at + POINT_SHOWN_MS;

const open = (transition: Transition, told: Told, isPoint: boolean): void => {
  const { at } = told.message;
  openEpisode(transition, at, (id) => {
    const alarm = firstAlarm(id, told, isPoint ? 'latched' : 'active');
    const passes = isPoint ? passesAt(alarm, at) : null;
    return { alarm, place: told.place, confirmedAt: at, continueMs: null, passesAt: passes };
  });
};

/** The rhythm of the `continue`; a pause in which nobody could have heard one tells nothing of it. */
const rhythmOf = ({ alarm, confirmedAt, continueMs }: Episode, { entry, message }: Told): number | null => {
  if (entry.phase !== 'continue' || alarm.unconfirmed !== null) return continueMs;
  return Math.max(continueMs ?? 0, message.at - confirmedAt);
};

const goOn = (transition: Transition, episode: Episode, told: Told): void => {
  const { entry, message, place } = told;
  const { at } = message;
  const before = episode.alarm;
  const after: MonitorAlarm = { ...before, ...toldBy(entry, before), unconfirmed: null };
  const type = changeBetween(before, after, entry.phase === 'continue');
  const alarm = type === 'escalated' ? { ...after, raisedAt: at, acknowledged: null } : after;
  const next = { ...episode, alarm, place, confirmedAt: at, continueMs: rhythmOf(episode, told) };
  putEpisode(transition, next, type && { type, at });
};

const recur = (transition: Transition, episode: Episode, told: Told, isPoint: boolean): void => {
  const { entry, message, place } = told;
  const { at } = message;
  const before = episode.alarm;
  const alarm: MonitorAlarm = {
    ...before,
    ...toldBy(entry, before),
    state: isPoint ? 'latched' : 'active',
    raisedAt: at,
    unconfirmed: null,
    acknowledged: null,
    recurrences: before.recurrences + 1,
  };
  const passes = isPoint ? passesAt(alarm, at) : null;
  putEpisode(
    transition,
    { ...episode, alarm, place, confirmedAt: at, continueMs: null, passesAt: passes },
    { type: 'recurred', at },
  );
};

type Act = (transition: Transition, episode: Episode, told: Told) => void;

const endAsTold: Act = (transition, episode, { entry, message: { at } }) =>
  endEpisode(transition, episode, { at, cause: entry.phase === 'reset' ? 'reset-there' : 'ended' });

/** Outcomes that no entry has are left to `befall`. */
const ACTS: Readonly<Partial<Record<Outcome, Act>>> = {
  confirm: goOn,
  change: goOn,
  recur: (transition, episode, told) => recur(transition, episode, told, false),
  point: (transition, episode, told) => recur(transition, episode, told, true),
  end: endAsTold,
};

/** An entry of a monitor. `mayOpen` false: it is known too late to be an alarm of now. */
export const tellEpisode = (transition: Transition, told: Told, mayOpen: boolean): void => {
  const { entry, message, boot } = told;
  const episode = findEpisode(transition, { device: message.device, boot, number: entry.number });
  const outcome = EPISODES[episode?.alarm.state ?? 'none'][entry.phase];
  if (!episode) {
    if (mayOpen && (outcome === 'open' || outcome === 'point')) open(transition, told, outcome === 'point');
  } else if (mayOpen || outcome === 'end') ACTS[outcome]?.(transition, episode, told);
};

/** What happens to an alarm without an entry of the monitor. */
export const befall = (
  transition: Transition,
  episode: Episode,
  event: EpisodeEvent,
  { at, by, cause }: Befallen,
): void => {
  const { alarm } = episode;
  const outcome = EPISODES[alarm.state][event];
  const whoAndWhy = { at, ...(by === undefined ? {} : { by }), ...(cause === undefined ? {} : { cause }) };
  if (outcome === 'end') endEpisode(transition, episode, whoAndWhy);
  else if (outcome === 'acknowledge' && by !== undefined && alarm.acknowledged === null) {
    putEpisode(
      transition,
      { ...episode, alarm: { ...alarm, acknowledged: { by, at } } },
      { type: 'acknowledged', at, by },
    );
  } else if (outcome === 'latch') {
    // Nobody saw it end; what was answered, or is not as urgent, needs nobody to see it.
    if (alarm.priority !== 'high' || alarm.acknowledged) endEpisode(transition, episode, whoAndWhy);
    else
      putEpisode(
        transition,
        { ...episode, alarm: { ...alarm, state: 'latched', unconfirmed: null } },
        { type: 'latched', at, cause: cause ?? null },
      );
  }
};
