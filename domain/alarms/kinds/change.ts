import { VITAL_IDS, type VitalId } from '../../vitals.ts';
import type { Alarm, EndCause } from '../alarm.ts';
import { openAlarm, raiseAlarm, settleAlarm } from '../announce.ts';
import { type DueAct, noteDue } from '../due.ts';
import { decidedAt, hasCurrentValue } from '../levels.ts';
import type { Start } from '../limits.ts';
import { COURSE_CONDITIONS, courseKind } from '../names.ts';
import type { AlarmConfig } from '../settings.ts';
import type { ChangeTrack, Measured, Stretch, VitalState } from '../state.ts';
import { putChange, type Transition } from '../transition.ts';
import { CHANGE_WITHIN_MS, type VitalAlarmSettings } from '../vital-settings.ts';
import type { VitalKind } from './kind.ts';
import type { Conditions } from './level.ts';

/**
 * `{vital}-change`: a value that changed by more than a set amount within a set time (C11). It is off unless the
 * settings say so.
 */

const ID = 'change';
const CONDITION = COURSE_CONDITIONS[ID];

export const conditions = {
  'rapid-change': {
    type: 'physiological',
    priority: 'medium',
    label: { en: 'changing fast', zh: '变化过快' },
    isOfAnyVital: true,
  },
} as const satisfies Conditions;

/**
 * The set time is divided into this many stretches, and each is left out as a whole. So the engine looks back over
 * between eleven twelfths of the set time and all of it.
 */
const STRETCHES = 12;

const NOTHING: ChangeTrack = { course: [], newest: null, since: null, alarm: null };

type Amount = { readonly by: number; readonly withinMs: number; readonly hysteresis: number };

/** Undefined: the kind is off for this vital. */
const amountOf = ({ changeBy, changeWithinMs, hysteresis }: VitalAlarmSettings): Amount | undefined =>
  changeBy === null || changeBy === undefined
    ? undefined
    : { by: changeBy, withinMs: changeWithinMs ?? CHANGE_WITHIN_MS, hysteresis };

const trackOf = (vital: VitalState | null | undefined): ChangeTrack | undefined => vital?.courses?.[ID];

/** The course with one value more. After a clock was put back the course begins anew. */
const extend = (course: readonly Stretch[], { time, value }: Measured, withinMs: number): readonly Stretch[] => {
  const last = course.at(-1);
  if (!last || time < last.from) return [{ from: time, low: value, high: value }];
  if (time - last.from >= withinMs / STRETCHES) return [...course, { from: time, low: value, high: value }];
  if (value >= last.low && value <= last.high) return course;
  return [
    ...course.slice(0, -1),
    { from: last.from, low: Math.min(last.low, value), high: Math.max(last.high, value) },
  ];
};

const isCounting = ({ since, alarm }: ChangeTrack): boolean => since !== null && alarm?.state !== 'active';

const isForgotten = ({ course, newest }: ChangeTrack): boolean => newest === null && course.length === 0;

/** Takes in another value, or the newest one corrected. */
const remember = ({ course, newest }: ChangeTrack, value: Measured, withinMs: number) => {
  const before = newest && newest.time !== value.time ? extend(course, newest, withinMs) : course;
  const isRecent = ({ from }: Stretch) => from > value.time - withinMs && from <= value.time;
  return { course: before.every(isRecent) ? before : before.filter(isRecent), newest: value };
};

/**
 * How far the newest value is from the lowest or the highest value before it, and the value it would have to pass to
 * alarm; undefined: there is nothing to compare.
 */
const moveOf = ({ course, newest }: ChangeTrack, by: number) => {
  if (!newest || course.length === 0) return undefined;
  const low = Math.min(...course.map((stretch) => stretch.low));
  const high = Math.max(...course.map((stretch) => stretch.high));
  const [rise, fall] = [newest.value - low, high - newest.value];
  return rise >= fall ? { distance: rise, limit: low + by } : { distance: fall, limit: high - by };
};

/**
 * Whether the distance is smaller than the amount by the hysteresis. At most half of the amount counts as hysteresis,
 * so that every alarm can end.
 */
const isOver = (distance: number, { by, hysteresis }: Amount): boolean => distance <= by - Math.min(hysteresis, by / 2);

const farthest = ({ limit, value, worst }: Alarm, now: number): number | null => {
  if (limit === null || value === null || worst === null) return worst;
  return value > limit ? Math.max(worst, now) : Math.min(worst, now);
};

const put = (transition: Transition, index: number, change: Partial<ChangeTrack>): void => {
  const track = trackOf(transition.state.vitals[index]);
  if (track) putChange(transition, index, { ...track, ...change });
};

/** The condition is over, or cannot be known any more. The remembered course stays. */
const leave = (transition: Transition, index: number, at: number, cause: EndCause): void => {
  const track = trackOf(transition.state.vitals[index]);
  if (!track) return;
  const alarm = track.alarm && settleAlarm(transition, at, track.alarm, cause);
  if (track.since !== null || alarm !== track.alarm) put(transition, index, { since: null, alarm });
};

/** The kind is switched off: only a latched alarm is remembered. */
const forgetAll = (transition: Transition, index: number, at: number, cause: EndCause): void => {
  leave(transition, index, at, cause);
  const alarm = trackOf(transition.state.vitals[index])?.alarm ?? null;
  putChange(transition, index, alarm && { ...NOTHING, alarm });
};

const trackCourse = (
  transition: Transition,
  index: number,
  at: number,
  { time, at: startAt }: Start,
  amount: Amount,
  ended: EndCause,
): boolean => {
  const vital = transition.state.vitals[index];
  if (!vital || vital.value === null) return false;
  const { value } = vital;
  const before = trackOf(vital) ?? NOTHING;
  const remembered = { ...before, ...remember(before, { time: vital.time, value }, amount.withinMs) };
  const distance = moveOf(remembered, amount.by)?.distance ?? 0;
  const since = distance > amount.by ? (before.since ?? { time, at: startAt, readings: 1 }) : null;
  const worst = before.alarm?.state === 'active' ? farthest(before.alarm, value) : undefined;
  const alarm = before.alarm && worst !== undefined ? { ...before.alarm, worst } : before.alarm;
  putChange(transition, index, { ...remembered, since, alarm });
  if (isOver(distance, amount)) leave(transition, index, at, ended);
  return isCounting({ ...remembered, since, alarm });
};

const waitOf = (config: AlarmConfig, id: VitalId) => ({ delayMs: config.vitals[id].delayMs, readings: 1 });

const decide: DueAct = (transition, at, index) => {
  const { state, config } = transition;
  const vital = state.vitals[index];
  const id = VITAL_IDS[index];
  const track = trackOf(vital);
  if (!id || !track?.since || !isCounting(track) || !hasCurrentValue(vital)) return;
  const decided = decidedAt(track.since, waitOf(config, id), vital);
  if (decided === undefined || decided > at) return;
  const limit = moveOf(track, amountOf(config.vitals[id])?.by ?? 0)?.limit ?? null;
  const evidence = { measuredAt: vital.time, receivedAt: vital.heardAt, value: vital.value, limit };
  const { priority } = conditions[CONDITION];
  const alarm = track.alarm
    ? raiseAlarm(transition, at, { ...track.alarm, worst: vital.value }, 'recurred', {
        condition: CONDITION,
        priority,
        vital: id,
        evidence,
        also: undefined,
      })
    : openAlarm(transition, at, {
        kind: courseKind(id, ID),
        condition: CONDITION,
        priority,
        vital: id,
        startedAt: track.since.time,
        evidence,
      });
  put(transition, index, { alarm });
};

/** Drops the newest value: its reading was corrected, and is not usable any more. */
const dropNewest = (transition: Transition, index: number, vital: VitalState): void => {
  const track = trackOf(vital);
  if (track?.newest?.time === vital.time) put(transition, index, { newest: null });
};

const moved = (track: ChangeTrack, stepMs: number): ChangeTrack => ({
  ...track,
  course: track.course.map((stretch) => ({ ...stretch, from: stretch.from + stepMs })),
  newest: track.newest && { ...track.newest, time: track.newest.time + stepMs },
  since: track.since && { ...track.since, time: track.since.time + stepMs },
});

export const change: VitalKind = {
  idOf: (vital) => courseKind(vital, ID),
  conditions,
  isOn: ({ vitals }, id) => amountOf(vitals[id]) !== undefined,
  findDue(due, _state, config, vital, index) {
    const track = trackOf(vital);
    const id = VITAL_IDS[index];
    if (!track?.since || !id || !isCounting(track) || !hasCurrentValue(vital)) return;
    const at = decidedAt(track.since, waitOf(config, id), vital);
    if (at !== undefined) noteDue(due, at, decide, index);
  },
  track(transition, index, at, start, _isAnother, ended) {
    const vital = transition.state.vitals[index];
    const id = VITAL_IDS[index];
    if (!vital || !id) return false;
    const amount = amountOf(transition.config.vitals[id]);
    if (!amount) {
      const track = trackOf(vital);
      if (track && !isForgotten(track)) forgetAll(transition, index, at, ended);
      return false;
    }
    if (vital.isUsable) return trackCourse(transition, index, at, start, amount, ended);
    dropNewest(transition, index, vital);
    return false;
  },
  decide: (transition, index, at) => decide(transition, at, index),
  isGoing(vital) {
    const track = trackOf(vital);
    return !!track && (track.since !== null || track.alarm?.state === 'active');
  },
  inhibit: (transition, index, at) => leave(transition, index, at, 'inhibited'),
  forget: (transition, index) => put(transition, index, { since: null }),
  unwatch: (transition, index, at) => forgetAll(transition, index, at, 'limits-changed'),
  stepClock(transition, index, stepMs) {
    const track = trackOf(transition.state.vitals[index]);
    if (track) putChange(transition, index, moved(track, stepMs));
  },
  alarmOf: (vital) => trackOf(vital)?.alarm ?? null,
  putAlarm: (transition, index, alarm) => put(transition, index, { alarm }),
};
