import { dispatch, type Handlers } from '../dispatch.ts';
import type { MonitorAlarm, MonitorAlarmEvent, MonitorInput, MonitorStepEvent, ReportedInput } from './alarm.ts';
import { befall, tellEpisode } from './episode.ts';
import type { UnconfirmedCause } from './names.ts';
import { beginBoot, isNewer, newTrack, note, placeOf, raiseFloor } from './order.ts';
import { type Episode, episodeDueAt, type MonitorState, monitorDueAt } from './state.ts';
import { begin, edit, endEpisode, openEpisode, putEpisode, putTrack, type Transition, trackOf } from './transition.ts';

/**
 * The alarms that the monitors at one bed report: from what is known and what is told to what is known then and what
 * happened. Pure: the same state and event give the same, to the byte, and time is an event.
 */

const isReported = ({ alarm }: Episode): boolean => alarm.kind === 'reported';

const unconfirm = (transition: Transition, episode: Episode, unconfirmed: UnconfirmedCause, at: number): void => {
  const { alarm } = episode;
  if (alarm.state !== 'active' || alarm.unconfirmed !== null || !isReported(episode)) return;
  putEpisode(transition, { ...episode, alarm: { ...alarm, unconfirmed } }, { type: 'unconfirmed', at });
};

/** Has happen what was due by time up to now, each at its own moment. */
const passTime = (transition: Transition, at: number): void => {
  for (let due = monitorDueAt(transition.state); due !== null && due <= at; due = monitorDueAt(transition.state)) {
    const moment = due;
    const episode = transition.state.episodes.find((each) => episodeDueAt(each) === moment);
    if (!episode) return;
    if (episode.passesAt === null) unconfirm(transition, episode, 'continues', moment);
    else befall(transition, episode, 'pass', { at: moment, cause: 'passed' });
    watchConfirmation(transition, moment);
  }
};

const NOT_TOLD = {
  boot: '',
  number: '',
  event: null,
  code: null,
  text: null,
  vital: null,
  twin: null,
  isPriorityAssumed: false,
  phase: 'start',
  monitorState: null,
  inactivation: null,
  source: null,
  value: null,
  unit: null,
  limits: null,
  unconfirmed: null,
  recurrences: 0,
  acknowledged: null,
} as const satisfies Partial<MonitorAlarm>;

/** As urgent as a device that is silent. */
const openNotConfirmed = (transition: Transition, device: string, at: number): void =>
  openEpisode(transition, at, (id) => ({
    alarm: {
      ...NOT_TOLD,
      ...{ id, origin: 'monitor', kind: 'not-confirmed', device, priority: 'medium', type: 'ST', state: 'active' },
      ...{ startedAt: at, decidedAt: at, raisedAt: at },
    },
    place: { seq: -1, time: at },
    confirmedAt: at,
    continueMs: null,
    passesAt: null,
  }));

/** A device that is lost has an alarm already, of the station's engine. */
const isMissed = ({ alarm }: Episode): boolean => alarm.unconfirmed === 'continues' || alarm.unconfirmed === 'boot';

/** One technical alarm for each device of which an alarm is not confirmed any more. */
const watchConfirmation = (transition: Transition, at: number): void => {
  const { episodes } = transition.state;
  const missed = new Set(episodes.filter(isMissed).map(({ alarm }) => alarm.device));
  const told = episodes.filter((episode) => !isReported(episode));
  for (const episode of told) {
    if (!missed.has(episode.alarm.device)) endEpisode(transition, episode, { at, cause: 'confirmed' });
  }
  for (const device of missed) {
    if (!told.some(({ alarm }) => alarm.device === device)) openNotConfirmed(transition, device, at);
  }
};

const episodesOf = ({ state }: Transition, device: string): readonly Episode[] =>
  state.episodes.filter((episode) => isReported(episode) && episode.alarm.device === device);

/** The boot that a message is of, after it is known that the device started anew. */
const bootOf = (transition: Transition, { device, boot: told, late, snapshot, at }: ReportedInput): string => {
  const track = trackOf(transition, device);
  if (!track) {
    putTrack(transition, newTrack(device, told));
    return told;
  }
  // A boot that could not be read is taken for the present one.
  const boot = told === '' ? track.boot : told;
  if (boot === track.boot || track.past.includes(boot) || late) return boot;
  putTrack(transition, beginBoot(track, boot));
  if (!snapshot) for (const episode of episodesOf(transition, device)) unconfirm(transition, episode, 'boot', at);
  return boot;
};

/** Ends what the snapshot would have if it were still there. */
const closeBy = (transition: Transition, message: ReportedInput, boot: string): void => {
  const { device, at, seq, time } = message;
  const place = { seq, time };
  const named = new Set(message.alarms.map(({ number }) => number));
  for (const episode of episodesOf(transition, device)) {
    const { alarm } = episode;
    const isOfNow = alarm.boot === boot;
    if (isOfNow && (named.has(alarm.number) || !isNewer(place, episode.place))) continue;
    befall(transition, episode, 'lacking', { at, cause: 'snapshot' });
  }
  const track = trackOf(transition, device);
  if (track) putTrack(transition, raiseFloor(track, place));
};

const reported = (message: ReportedInput, transition: Transition): void => {
  const { device, seq, time, late } = message;
  const place = { seq, time };
  const boot = bootOf(transition, message);
  const track = trackOf(transition, device);
  const isPresent = track?.boot === boot;
  const isNews = isPresent && isNewer(place, track.floor);
  const heard = new Set<string>();
  for (const entry of message.alarms) {
    const { number } = entry;
    const present = trackOf(transition, device);
    if (!present) return;
    const known = isPresent ? placeOf(present, number) : findPlace(transition, device, boot, number);
    if (!heard.has(number) && !isNewer(place, known)) continue;
    heard.add(number);
    tellEpisode(transition, { entry, message, boot, place }, isPresent && !late);
    if (isPresent) putTrack(transition, note(present, number, place));
  }
  if (message.snapshot && isNews && !late) closeBy(transition, message, boot);
};

/** What is known of an alarm of an earlier start of the device. */
const findPlace = ({ state }: Transition, device: string, boot: string, number: string) =>
  state.episodes.find(({ alarm }) => alarm.device === device && alarm.boot === boot && alarm.number === number)
    ?.place ?? null;

const occupied = (
  { encounter, devices, at }: Extract<MonitorInput, { type: 'occupied' }>,
  transition: Transition,
): void => {
  const { state } = transition;
  const isOther = encounter !== state.encounter;
  for (const episode of state.episodes) {
    const isGone = isOther || !devices.includes(episode.alarm.device);
    if (isGone) befall(transition, episode, 'leave', { at, cause: 'occupancy' });
  }
  const tracks = transition.state.tracks.filter(({ device }) => devices.includes(device));
  edit(transition, { encounter, devices, tracks });
};

const unconfirmAll = (transition: Transition, at: number, isMeant: (episode: Episode) => boolean): void => {
  for (const episode of transition.state.episodes.filter(isMeant)) unconfirm(transition, episode, 'device', at);
};

const HANDLERS: Handlers<MonitorInput, [Transition]> = {
  reported,
  occupied,
  link({ device, isThere, at }, transition) {
    if (!isThere) unconfirmAll(transition, at, ({ alarm }) => alarm.device === device);
  },
  resumed({ at }, transition) {
    unconfirmAll(transition, at, isReported);
  },
  acknowledge({ alarm: id, by, at }, transition) {
    const episode = transition.state.episodes.find(({ alarm }) => alarm.id === id);
    if (episode) befall(transition, episode, 'acknowledge', { at, by, cause: 'acknowledged' });
  },
  reset({ alarm: id, by, at }, transition) {
    const meant = transition.state.episodes.filter(({ alarm }) => id === null || alarm.id === id);
    for (const episode of meant) befall(transition, episode, 'clear', { at, by, cause: 'reset' });
  },
};

export type MonitorStep = { readonly state: MonitorState; readonly events: readonly MonitorAlarmEvent[] };

/** A tick only lets time pass. After `resumed`, time goes on from there: nothing was due while nobody could hear. */
export const stepMonitor = (state: MonitorState, event: MonitorStepEvent): MonitorStep => {
  const transition = begin(state);
  if (event.type !== 'resumed') passTime(transition, event.at);
  if (event.type !== 'tick') {
    dispatch(HANDLERS, event, transition);
    watchConfirmation(transition, event.at);
    edit(transition, { at: event.at });
  }
  return transition;
};
