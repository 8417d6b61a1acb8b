import { VITAL_IDS, vital as vitalOf } from '../vitals.ts';
import { actOn } from './acting.ts';
import type { AlarmEvent, AlarmInput, EngineEvent, VitalsEvent } from './alarm.ts';
import type { Side } from './conditions.ts';
import { type Due, type DueKind, findDue } from './due.ts';
import { HEART, isWatched } from './levels.ts';
import { decideLimit, followParts, forgetCounting, inhibitLimit, SIDES, type Start, trackLimit } from './limits.ts';
import { occupy } from './moves.ts';
import { FIO2, followOxygen, recordOxygen } from './oxygen.ts';
import { openDue, openPlain, setBattery, setClock, setJournal, setPlain } from './plain.ts';
import { loseSignal, regainSignal } from './probes.ts';
import { followPulse } from './pulse.ts';
import { type News, takeReading, vitalIndex } from './reading.ts';
import type { AlarmConfig } from './settings.ts';
import { endStandbyByData } from './standby.ts';
import { standsMs } from './standing.ts';
import type { AlarmState } from './state.ts';
import { editVital, settleAlarm, touch, type Work } from './work.ts';

/**
 * The alarm engine: docs/alarms-spec.md, as a pure function.
 *
 *   event ─▶ what was due before it, in its order ─▶ the event itself ─▶ when something is due next
 *
 * `config` is what was in force until the event; `occupied` and `configured` bring what is in force from it on.
 * It asks no clock and does no I/O; the state it is given is not changed. Measured (npm run bench): see README.
 */
export type Step = { readonly state: AlarmState; readonly events: readonly AlarmEvent[] };

const NOTHING: readonly AlarmEvent[] = [];

export const step = (before: AlarmState, event: EngineEvent, config: AlarmConfig): Step => {
  const isSetBack = event.type === 'resumed' && event.at < before.at;
  const at = isSetBack ? event.at : Math.max(event.at, before.at);
  const isDue = before.dueAt !== null && before.dueAt < at;
  // Most ticks find nothing to do.
  if (event.type === 'tick' && !isDue) return { state: before.at === at ? before : { ...before, at }, events: NOTHING };

  const vitals = before.vitals.slice();
  const work: Work = { state: { ...before, vitals }, vitals, config, events: [] };
  if (isDue && event.type !== 'resumed') runDue(work, at);
  work.state.at = at;
  // The table is total over the types; TypeScript cannot see that an event meets its own handler.
  (handlers[event.type] as Handle<EngineEvent>)(work, event, at);
  findDue(work.state, work.config, due);
  work.state.dueAt = due.at === Number.POSITIVE_INFINITY ? null : due.at;
  return { state: work.state, events: work.events };
};

// One is enough: a step is never within another.
const due: Due = { at: 0, kind: 'stale', index: 0 };

/** Everything that was due before `until`, each at its moment (A3). */
const runDue = (work: Work, until: number): void => {
  for (findDue(work.state, work.config, due); due.at < until; findDue(work.state, work.config, due)) {
    work.state.at = due.at;
    onDue[due.kind](work, due.at, due.index);
  }
};

/** The reading whose place is filled last counts; −1: the message has none. */
const places = new Int32Array(VITAL_IDS.length);

const takeVitals = (work: Work, { time, readings }: VitalsEvent, at: number): void => {
  // In the order of the catalogue, whatever order the device has (A4).
  places.fill(-1);
  for (let place = 0; place < readings.length; place++) {
    const index = vitalIndex(readings[place]?.mdc ?? 0);
    if (index >= 0) places[index] = place;
  }
  let isNews = false;
  for (let index = 0; index < places.length; index++) {
    const reading = readings[places[index] ?? -1];
    const said = reading ? takeReading(work, index, reading, time, at) : 'none';
    news[index] = said;
    if (said !== 'none') isNews = true;
  }
  if (!isNews) return;
  judge(work, at);
  hearDevice(work, at);
};

/** What each reading of the message was, by its place in the catalogue. */
const news: News[] = VITAL_IDS.map(() => 'none');

/** One start for all: what holds since then copies it. */
const start: { time: number; at: number } = { time: 0, at: 0 };

/** Whether there is anything to be decided of it by now. */
const trackReading = (work: Work, index: number, at: number): boolean => {
  const vital = work.vitals[index];
  if (!vital?.isUsable) return !!vital && (vital.low !== null || vital.high !== null);
  start.time = vital.time;
  start.at = at;
  const isAnother = news[index] === 'another';
  trackLimit(work, index, 'low', at, start, isAnother, 'recovered');
  trackLimit(work, index, 'high', at, start, isAnother, 'recovered');
  const tracked = work.vitals[index];
  return !!tracked && (tracked.low !== null || tracked.high !== null);
};

/** All of a message are in before any is decided: what is announced as one is announced once, with all values (C9). */
const judge = (work: Work, at: number): void => {
  const { revision } = work.state;
  if (news[FIO2] !== 'none') followOxygen(work, at);
  let isTracked = false;
  for (let index = 0; index < news.length; index++) {
    if (news[index] !== 'none' && trackReading(work, index, at)) isTracked = true;
  }
  // Nearly every message ends here: nothing is past a limit, and nothing was.
  if (!isTracked && work.state.revision === revision) return;
  for (let index = 0; index < news.length; index++) {
    if (news[index] !== 'none') for (const side of SIDES) decideLimit(work, index, side, at);
  }
  if (work.state.revision !== revision) {
    for (let index = 0; index < news.length; index++) {
      if (news[index] !== 'none') for (const side of SIDES) followParts(work, index, side, at);
    }
  }
  if (news[HEART] !== 'none' && work.vitals[HEART]?.low) followPulse(work, at);
};

/** D2, D4. A message sent again says nothing of the device as it is now. */
const hearDevice = (work: Work, at: number): void => {
  const { state } = work;
  if (state.heardAt === null) touch(work);
  endStandbyByData(work, at, state.heardAt);
  state.heardAt = at;
  const unmonitored = state.plain['device-data'].alarm;
  if (unmonitored) {
    const settled = settleAlarm(work, at, unmonitored, 'recovered');
    state.plain = { ...state.plain, 'device-data': { since: null, alarm: settled } };
  }
  const { since, alarm } = state.plain['device-link'];
  if (since === null && !alarm) return;
  touch(work);
  if (alarm) state.linkBackAt = at;
  const settled = alarm && settleAlarm(work, at, alarm, 'recovered');
  state.plain = { ...state.plain, 'device-link': { since: null, alarm: settled } };
};

/** D5, E7. After a clock was set back, what was heard lies in the future: it counts as heard now. */
const resume = (work: Work, _event: unknown, at: number): void => {
  const { state } = work;
  touch(work);
  endPausesBefore(work, at);
  state.resumedAt = at;
  state.linkBackAt = Math.min(state.linkBackAt, at);
  if (state.heardAt !== null) state.heardAt = Math.min(state.heardAt, at);
  for (const kind of ['device-link', 'device-gap', 'station-database'] as const) {
    const { since, alarm } = state.plain[kind];
    if (since !== null && !alarm) state.plain = { ...state.plain, [kind]: { since: null, alarm } };
  }
  if (state.missing > 0) setPlain(work, 'device-gap', at, true);
  for (let index = 0; index < work.vitals.length; index++) {
    const id = VITAL_IDS[index];
    const vital = editVital(work, index);
    if (!id || !vital) continue;
    vital.heardAt = Math.min(vital.heardAt, at);
    vital.noValueSince = null;
    vital.poorSince = null;
    vital.unusableSince = null;
    for (const side of SIDES) forgetCounting(work, index, side);
  }
  // The next reading of a cuff may be an hour away.
  decideStanding(work, at, (index) => {
    const id = VITAL_IDS[index];
    return id && vitalOf(id).measured === 'intermittent' ? at : undefined;
  });
};

/**
 * By the values that stand, if any. `from`: since when a level that it meets only now counts, by the station's time; undefined:
 * the vital is left alone.
 */
const decideStanding = (work: Work, at: number, from: (index: number) => number | undefined): void => {
  const { resumedAt, intervalMs } = work.state;
  const starts = work.vitals.map((vital, index): Start | undefined => {
    const id = VITAL_IDS[index];
    if (!id || !vital?.isUsable || vital.isStale) return undefined;
    if (at - Math.max(vital.heardAt, resumedAt) > standsMs(id, work.config, intervalMs)) return undefined;
    const startAt = from(index);
    return startAt === undefined ? undefined : { time: vital.time, at: startAt };
  });
  const each = (act: (index: number, side: Side, since: Start) => void) =>
    starts.forEach((since, index) => {
      if (since) for (const side of SIDES) act(index, side, since);
    });
  each((index, side, since) => trackLimit(work, index, side, at, since, false, 'limits-changed'));
  each((index, side) => decideLimit(work, index, side, at));
  each((index, side) => followParts(work, index, side, at));
};

/** Its last threshold is gone. */
const unwatch = (work: Work, index: number, at: number): void => {
  for (const side of SIDES) {
    inhibitLimit(work, index, side, at, 'limits-changed');
    followParts(work, index, side, at);
  }
  regainSignal(work, index, at, 'limits-changed');
};

/** C7. */
const configure = (work: Work, { config }: Extract<AlarmInput, { type: 'configured' }>, at: number): void => {
  touch(work);
  work.config = config;
  const { resumedAt } = work.state;
  followOxygen(work, at);
  for (let index = 0; index < work.vitals.length; index++) {
    if (work.vitals[index] && !isWatched(index, config)) unwatch(work, index, at);
  }
  decideStanding(work, at, (index) => {
    const id = VITAL_IDS[index];
    const vital = work.vitals[index];
    if (!id || !vital || !isWatched(index, config)) return undefined;
    // D5: one that was not heard since the station started waits for the next reading.
    const isHeard = vital.heardAt > resumedAt || vitalOf(id).measured === 'intermittent';
    return isHeard ? Math.max(vital.heardAt, resumedAt) : undefined;
  });
};

type InputOf<Type extends EngineEvent['type']> = Extract<EngineEvent, { type: Type }>;

/** A7. What was measured before is told by the clock as it now is. */
const stepClock = (work: Work, stepMs: number): void => {
  touch(work);
  for (let index = 0; index < work.vitals.length; index++) {
    const vital = editVital(work, index);
    if (!vital) continue;
    vital.time += stepMs;
    if (vital.firstSignAt !== null) vital.firstSignAt += stepMs;
    for (const side of SIDES) {
      const track = vital[side];
      if (!track) continue;
      vital[side] = { ...track, since: track.since.map((since) => since && { ...since, time: since.time + stepMs }) };
    }
  }
};

const takeDevice = (work: Work, event: InputOf<'device'>, at: number): void => {
  const { online, batteryPercent, clockOffsetMs, missing, clockStepMs, intervalMs } = event;
  if (clockStepMs !== undefined) stepClock(work, clockStepMs);
  const link = work.state.plain['device-link'];
  if (online !== undefined && !link.alarm && online === (link.since !== null)) {
    touch(work);
    work.state.plain = { ...work.state.plain, 'device-link': { since: online ? null : at, alarm: null } };
  }
  if (batteryPercent !== undefined) setBattery(work, at, batteryPercent);
  if (clockOffsetMs !== undefined) setClock(work, at, clockOffsetMs);
  if (missing !== undefined) {
    work.state.missing = missing;
    setPlain(work, 'device-gap', at, missing > 0);
  }
  if (intervalMs !== undefined && intervalMs !== work.state.intervalMs) {
    touch(work);
    work.state.intervalMs = intervalMs;
  }
};

const takeStation = (work: Work, { journalShare, databaseAway }: InputOf<'station'>, at: number): void => {
  if (journalShare !== undefined) setJournal(work, at, journalShare);
  if (databaseAway !== undefined) setPlain(work, 'station-database', at, databaseAway);
};

type Handle<Event> = (work: Work, event: Event, at: number) => void;

const handlers: { readonly [Type in EngineEvent['type']]: Handle<InputOf<Type>> } = {
  vitals: takeVitals,
  tick: () => {},
  resumed: resume,
  occupied: occupy,
  configured: configure,
  device: takeDevice,
  station: takeStation,
  oxygen: recordOxygen,
  acknowledge: actOn.acknowledge,
  reset: actOn.reset,
  inactivate: actOn.inactivate,
  reactivate: actOn.reactivate,
};

/** The signal's alarm opens, and inhibits the limits when there is no value to go by (D1, D3). */
const lose =
  (
    condition: 'sensor-off' | 'signal-poor' | 'no-data',
    startOf: (vital: { noValueSince: number | null; poorSince: number | null; heardAt: number }) => number | null,
  ) =>
  (work: Work, at: number, index: number): void => {
    const vital = work.vitals[index];
    if (!vital) return;
    loseSignal(work, index, at, condition, startOf(vital) ?? at);
    if (!vital.isUsable || vital.isStale) loseValue(work, at, index);
  };

const loseValue = (work: Work, at: number, index: number): void => {
  for (const side of SIDES) {
    inhibitLimit(work, index, side, at);
    followParts(work, index, side, at);
  }
};

const decideDue = (work: Work, index: number, side: Side, at: number): void => {
  decideLimit(work, index, side, at);
  followParts(work, index, side, at);
};

const growStale = (work: Work, at: number, index: number): void => {
  const vital = editVital(work, index);
  if (!vital) return;
  touch(work);
  vital.isStale = true;
  vital.noValueSince = null;
  vital.poorSince = null;
  vital.unusableSince = null;
  loseValue(work, at, index);
  if (index === FIO2) followOxygen(work, at);
};

/** Those that ended while the station was not there; and, with a clock set back, those that would now last too long. */
const endPausesBefore = (work: Work, at: number): void => {
  const over = work.state.inactivations.flatMap((inactivation) => {
    const { since, until } = inactivation;
    return until !== null && (until < at || since > at) ? [{ inactivation, endsAt: Math.min(until, at) }] : [];
  });
  for (const { inactivation, endsAt } of over.sort((one, other) => one.endsAt - other.endsAt)) {
    endInactivation(work, endsAt, work.state.inactivations.indexOf(inactivation));
  }
};

const endInactivation = (work: Work, at: number, index: number): void => {
  const { state } = work;
  const inactivation = state.inactivations[index];
  if (!inactivation) return;
  touch(work);
  state.inactivations = state.inactivations.filter((one) => one !== inactivation);
  work.events.push({ type: 'reactivated', at, inactivation, by: null });
};

const loseLink = (work: Work, at: number): void => {
  const { since } = work.state.plain['device-link'];
  const isOffline = since !== null && since + work.config.deviceOfflineDelayMs <= at;
  const startedAt = isOffline ? since : (work.state.heardAt ?? at);
  openPlain(work, 'device-link', at, startedAt, isOffline ? 'device-offline' : 'device-silent');
};

const missData = (work: Work, at: number): void => {
  const { resumedAt, expectedFrom } = work.state;
  openPlain(work, 'device-data', at, Math.max(resumedAt, expectedFrom));
};

const onDue: Record<DueKind, (work: Work, at: number, index: number) => void> = {
  inactivation: endInactivation,
  'device-link': loseLink,
  'device-data': missData,
  'device-battery': (work, at) => openDue(work, 'device-battery', at),
  'device-clock': (work, at) => openDue(work, 'device-clock', at),
  'device-gap': (work, at) => openDue(work, 'device-gap', at),
  'station-journal': (work, at) => openDue(work, 'station-journal', at),
  'station-database': (work, at) => openDue(work, 'station-database', at),
  low: (work, at, index) => decideDue(work, index, 'low', at),
  high: (work, at, index) => decideDue(work, index, 'high', at),
  stale: growStale,
  'no-value': loseValue,
  'sensor-off': lose('sensor-off', ({ noValueSince }) => noValueSince),
  'signal-poor': lose('signal-poor', ({ poorSince }) => poorSince),
  'no-data': lose('no-data', ({ heardAt }) => heardAt),
};
