import type { EndCause } from '../alarm.ts';
import { openAlarm, raiseAlarm, settleAlarm } from '../announce.ts';
import { hasCurrentValue, SPO2 } from '../levels.ts';
import { COURSE_CONDITIONS, courseKind, hasCourseKind } from '../names.ts';
import type { AlarmConfig } from '../settings.ts';
import { type BurdenTrack, intervalOf, type Portion, type VitalState } from '../state.ts';
import { putBurden, type Transition } from '../transition.ts';
import { validForMs } from '../validity.ts';
import { LOW_BURDEN_WITHIN_MS } from '../vital-settings.ts';
import type { VitalKind } from './kind.ts';
import type { Conditions } from './level.ts';

/**
 * `spo2-burden`: saturations below the low limit that are too much in sum, although each of them may be too short to
 * alarm (C12). The sum is of depth × time.
 */

const ID = 'burden';
const CONDITION = COURSE_CONDITIONS[ID];

export const conditions = {
  'desaturation-burden': {
    type: 'physiological',
    priority: 'medium',
    label: { en: 'Repeated desaturation', zh: '反复血氧下降' },
  },
} as const satisfies Conditions;

/**
 * The set time is divided into this many portions, and each is left out as a whole. So the engine looks back over
 * between eleven twelfths of the set time and all of it.
 */
const PORTIONS = 12;

/** The condition ends below this share of the amount. */
const END_SHARE = 0.5;

const SECOND = 1_000;
const NOTHING: BurdenTrack = { portions: [], newest: null, alarm: null };

const trackOf = (vital: VitalState | null | undefined): BurdenTrack | undefined => vital?.courses?.[ID];

/** In the unit of the vital × ms; null: the kind is off, or the vital has no limit to be below of. */
const amountOf = ({ vitals }: AlarmConfig): number | null => {
  const { low, lowBurden = null } = vitals.spo2;
  return low === null || lowBurden === null ? null : lowBurden * SECOND;
};

const sumOf = (portions: readonly Portion[]): number => {
  let sum = 0;
  for (const { burden } of portions) sum += burden;
  return sum;
};

const isIdle = ({ portions, newest, alarm }: BurdenTrack): boolean =>
  portions.length === 0 && newest === null && alarm === null;

/** Puts the track, or nothing where there is nothing to remember. */
const put = (transition: Transition, track: BurdenTrack): void =>
  putBurden(transition, SPO2, isIdle(track) ? null : track);

/** Adds what the value before has been a burden for until this time, and forgets what is too long ago. */
const portionsAt = ({ portions, newest }: BurdenTrack, time: number, config: AlarmConfig, validMs: number) => {
  const withinMs = config.vitals.spo2.lowBurdenWithinMs ?? LOW_BURDEN_WITHIN_MS;
  const isRecent = ({ from }: Portion): boolean => from > time - withinMs && from <= time;
  const kept = portions.every(isRecent) ? portions : portions.filter(isRecent);
  const forMs = newest ? Math.min(time - newest.time, validMs) : 0;
  if (!newest || forMs <= 0 || newest.time <= time - withinMs) return kept;
  const burden = newest.depth * forMs;
  const last = kept.at(-1);
  return last && newest.time - last.from < withinMs / PORTIONS
    ? [...kept.slice(0, -1), { from: last.from, burden: last.burden + burden }]
    : [...kept, { from: newest.time, burden }];
};

/** The condition is over, or cannot be known any more. What was summed up stays. */
const leave = (transition: Transition, at: number, cause: EndCause): void => {
  const track = trackOf(transition.state.vitals[SPO2]);
  if (track?.alarm?.state !== 'active') return;
  put(transition, { ...track, alarm: settleAlarm(transition, at, track.alarm, cause) });
};

/** The kind is switched off: only a latched alarm is remembered. */
const forgetAll = (transition: Transition, at: number, cause: EndCause): void => {
  leave(transition, at, cause);
  const track = trackOf(transition.state.vitals[SPO2]);
  if (track) put(transition, { ...NOTHING, alarm: track.alarm });
};

const track: NonNullable<VitalKind['track']> = (transition, index, at, _start, _isAnother, ended) => {
  if (index !== SPO2) return false;
  const { state, config } = transition;
  const vital = state.vitals[SPO2];
  const before = trackOf(vital);
  const amount = amountOf(config);
  const low = config.vitals.spo2.low ?? 0;
  if (!vital || amount === null) {
    if (before && (before.portions.length > 0 || before.newest)) forgetAll(transition, at, ended);
    return false;
  }
  const { time, value } = vital;
  const isBelow = vital.isUsable && value !== null && value < low;
  // Nearly every reading ends here.
  if (!before && !isBelow) return false;
  const { portions, newest, alarm } = before ?? NOTHING;
  const next = before
    ? portionsAt(before, time, config, validForMs('spo2', config, intervalOf(state, vital)))
    : portions;
  if (next === portions && newest === null && !isBelow && alarm?.state !== 'active') return false;
  put(transition, {
    portions: next,
    newest: isBelow ? { time, depth: low - value } : null,
    alarm: isBelow && alarm?.state === 'active' && value < (alarm.worst ?? value) ? { ...alarm, worst: value } : alarm,
  });
  if (sumOf(next) < END_SHARE * amount) leave(transition, at, ended);
  return isBelow && alarm?.state !== 'active';
};

/** Decides at a value below the limit, unless the alarm of the limit is there already. */
const decide: NonNullable<VitalKind['decide']> = (transition, index, at) => {
  if (index !== SPO2) return;
  const { state, config } = transition;
  const vital = state.vitals[SPO2];
  const before = trackOf(vital);
  const amount = amountOf(config);
  if (!before?.newest || before.alarm?.state === 'active' || amount === null || !hasCurrentValue(vital)) return;
  if (vital.low?.alarm?.state === 'active' || sumOf(before.portions) < amount) return;
  const { priority } = conditions[CONDITION];
  const evidence = {
    measuredAt: vital.time,
    receivedAt: vital.heardAt,
    value: vital.value,
    limit: config.vitals.spo2.low,
  };
  const what = { condition: CONDITION, priority, vital: 'spo2', evidence, also: undefined } as const;
  const startedAt = before.portions[0]?.from ?? vital.time;
  const alarm = before.alarm
    ? raiseAlarm(transition, at, { ...before.alarm, worst: vital.value }, 'recurred', what)
    : openAlarm(transition, at, { kind: courseKind('spo2', ID), startedAt, ...what });
  put(transition, { ...before, alarm });
};

const moved = ({ portions, newest, alarm }: BurdenTrack, stepMs: number): BurdenTrack => ({
  portions: portions.map(({ from, burden: sum }) => ({ from: from + stepMs, burden: sum })),
  newest: newest && { ...newest, time: newest.time + stepMs },
  alarm,
});

const change = (transition: Transition, index: number, of: (track: BurdenTrack) => BurdenTrack): void => {
  const before = index === SPO2 ? trackOf(transition.state.vitals[index]) : undefined;
  if (before) put(transition, of(before));
};

export const burden: VitalKind = {
  idOf: (vital) => (hasCourseKind(vital, ID) ? courseKind(vital, ID) : undefined),
  conditions,
  isOn: (config, vital) => hasCourseKind(vital, ID) && amountOf(config) !== null,
  // It is decided by readings alone.
  findDue() {},
  track,
  decide,
  isGoing: (vital) => trackOf(vital)?.alarm?.state === 'active',
  inhibit(transition, index, at) {
    if (index === SPO2) leave(transition, at, 'inhibited');
  },
  // What was between two readings while the station was not running is not known.
  forget: (transition, index) => change(transition, index, (before) => ({ ...before, newest: null })),
  unwatch(transition, index, at) {
    if (index === SPO2) forgetAll(transition, at, 'limits-changed');
  },
  stepClock: (transition, index, stepMs) => change(transition, index, (before) => moved(before, stepMs)),
  alarmOf: (vital) => trackOf(vital)?.alarm ?? null,
  putAlarm: (transition, index, alarm) => change(transition, index, (before) => ({ ...before, alarm })),
};
