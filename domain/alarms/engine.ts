import { dispatch, type Handlers } from '../dispatch.ts';
import { actOn } from './acting.ts';
import type { AlarmEvent, EngineEvent } from './alarm.ts';
import { configure, hearDevice, resumeBed, resumeVitals, takeDevice } from './bed.ts';
import { type DeviceState, IDLE_TRACKS } from './device-state.ts';
import type { Due } from './due.ts';
import type { Reactions } from './kinds/kind.ts';
import { KINDS_DUE_IDLE, KINDS_WITHOUT_COURSE, TECHNICAL_KINDS, VITAL_KINDS } from './kinds/table.ts';
import { takeMessage } from './message.ts';
import { occupy } from './moves.ts';
import { recordOxygen } from './oxygen.ts';
import { findDuePause } from './pauses.ts';
import type { AlarmConfig } from './settings.ts';
import { changeSource, placeOf } from './sources.ts';
import type { AlarmState } from './state.ts';
import { beginTransition, passing, type Transition } from './transition.ts';

/**
 * The alarm engine: docs/alarms-spec.md, as a pure function.
 *
 *   event ─▶ what was due before it, in its order ─▶ the event itself ─▶ when something is due next
 *
 * The engine knows no kind of alarm by name: each row of `kinds/table.ts` answers what is due and what an event does.
 * `config` holds the settings in force until the event; `occupied` and `configured` bring those in force from then on.
 * The engine reads no clock and does no I/O, and does not change the state it is given. Measured (npm run bench): see
 * README.
 */
export type Step = { readonly state: AlarmState; readonly events: readonly AlarmEvent[] };

const NOTHING: readonly AlarmEvent[] = [];

export const step = (before: AlarmState, event: EngineEvent, config: AlarmConfig): Step => {
  const isSetBack = event.type === 'resumed' && event.at < before.at;
  const at = isSetBack ? event.at : Math.max(event.at, before.at);
  const isDue = before.dueAt !== null && before.dueAt < at;
  // Most ticks find nothing to do.
  if (event.type === 'tick' && !isDue) return { state: before.at === at ? before : { ...before, at }, events: NOTHING };

  const transition = beginTransition(before, config);
  const times = passing(transition);
  if (isDue && event.type !== 'resumed') runDue(transition, at);
  times.at = at;
  dispatch(handlers, event, transition, at);
  findDue(transition);
  times.dueAt = due.at === Number.POSITIVE_INFINITY ? null : due.at;
  return { state: transition.state, events: transition.events };
};

// One object is enough, because a step never runs within another.
const due: Due = { at: 0, act: () => {}, index: 0 };

/** Fills `due` with what happens next if nothing but time passes. */
const findDue = ({ state, config }: Transition): void => {
  due.at = Number.POSITIVE_INFINITY;
  findDuePause(due, state);
  for (let place = 0; place < state.devices.length; place++) {
    const device = state.devices[place];
    if (device) findDueOf(device, place, state, config);
  }
  for (let index = 0; index < state.vitals.length; index++) {
    const vital = state.vitals[index];
    if (!vital) continue;
    const kinds = vital.courses === null ? KINDS_WITHOUT_COURSE : VITAL_KINDS;
    for (let kind = 0; kind < kinds.length; kind++) kinds[kind]?.findDue(due, state, config, vital, index);
  }
  // When new settings shorten a time, what is overdue happens now, and not before the settings came.
  due.at = Math.max(due.at, state.at);
};

const findDueOf = (device: DeviceState, place: number, state: AlarmState, config: AlarmConfig): void => {
  const kinds = device.technical === IDLE_TRACKS ? KINDS_DUE_IDLE : TECHNICAL_KINDS;
  for (let kind = 0; kind < kinds.length; kind++) kinds[kind]?.findDue(due, state, config, device, place);
};

/** Does everything that was due before `until`, each at its own moment (A3). */
const runDue = (transition: Transition, until: number): void => {
  for (findDue(transition); due.at < until; findDue(transition)) {
    passing(transition).at = due.at;
    due.act(transition, due.at, due.index);
  }
};

type Told = keyof Reactions;
type Reaction<Type extends Told> = NonNullable<Reactions[Type]>;

/** What the technical kinds do at an event, in their order. */
const reactionsTo = <Type extends Told>(type: Type): readonly Reaction<Type>[] =>
  TECHNICAL_KINDS.flatMap(({ on }) => on[type] ?? []);

const reactions = {
  vitals: reactionsTo('vitals'),
  resumed: reactionsTo('resumed'),
  configured: reactionsTo('configured'),
  device: reactionsTo('device'),
  station: reactionsTo('station'),
  gateway: reactionsTo('gateway'),
};

/** Has the kinds react for each device of the bed. */
const reactOfAll = <Type extends Told>(
  acts: readonly Reaction<Type>[],
  event: Parameters<Reaction<Type>>[0],
  transition: Transition,
  at: number,
): void => {
  for (let place = 0; place < transition.state.devices.length; place++) {
    for (const react of acts) react(event, transition, at, place);
  }
};

const handlers: Handlers<EngineEvent, [transition: Transition, at: number]> = {
  vitals(event, transition, at) {
    const place = placeOf(transition, event.device);
    if (place < 0 || !takeMessage(event, transition, at, place)) return;
    hearDevice(transition, at, place);
    for (const react of reactions.vitals) react(event, transition, at, place);
  },
  tick() {},
  resumed(event, transition, at) {
    resumeBed(transition, at);
    reactOfAll(reactions.resumed, event, transition, at);
    resumeVitals(transition, at);
  },
  occupied: occupy,
  configured(event, transition, at) {
    configure(event, transition, at);
    reactOfAll(reactions.configured, event, transition, at);
  },
  device(event, transition, at) {
    const place = placeOf(transition, event.device);
    if (place < 0) return;
    takeDevice(event, transition, place);
    for (const react of reactions.device) react(event, transition, at, place);
  },
  source: changeSource,
  station(event, transition, at) {
    reactOfAll(reactions.station, event, transition, at);
  },
  gateway(event, transition, at) {
    reactOfAll(reactions.gateway, event, transition, at);
  },
  oxygen: recordOxygen,
  ...actOn,
};
