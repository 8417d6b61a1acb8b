import { VITAL_IDS, type VitalId } from '../vitals.ts';
import type { Alarm, EndCause } from './alarm.ts';
import { changeAlarm, type Evidence, openAlarm, raiseAlarm, settleAlarm } from './announce.ts';
import { alsoOf, holderOf, isNews, membersOf, partsOf, renamed } from './joint.ts';
import type { Level } from './kinds/level.ts';
import { decidedPlace, hasCurrentValue, isInside, mayMeet, meets, thresholdOf } from './levels.ts';
import { LIMIT_KINDS } from './limit-kinds.ts';
import type { Side } from './names.ts';
import type { LimitTrack, Since } from './state.ts';
import { alarmAt, changeTrack, putTrack, type Transition } from './transition.ts';
import { MAX_READINGS } from './vital-settings.ts';

/** Decides limits, and what is worse than them: section 3 of the specification. */

/** When a level that is met only now began to hold: `time` by the measured times, `at` by the station's time. */
export type Start = { readonly time: number; readonly at: number };

const farther = (side: Side, worst: number | null, value: number): number => {
  if (worst === null) return value;
  return side === 'low' ? Math.min(worst, value) : Math.max(worst, value);
};

/** Notes the value farthest past the limit (C8). Another vital of the measurement may hold the alarm. */
const noteWorst = (transition: Transition, index: number, side: Side, value: number): void => {
  const holder = holderOf(transition.state, transition.config, index, side);
  const alarm = alarmAt(transition, holder, side);
  if (!alarm || alarm.vital !== VITAL_IDS[index]) return;
  const worst = farther(side, alarm.worst, value);
  if (worst !== alarm.worst) changeTrack(transition, holder, side, { alarm: { ...alarm, worst } });
};

/**
 * The vital's value does not keep the alarm going any more. The condition is over unless another vital of the
 * measurement keeps it going (C6, C9). No vital keeps an alarm going that was brought along from another bed.
 */
const leave = (transition: Transition, index: number, side: Side, at: number, cause: EndCause): void => {
  const { state, config } = transition;
  const wasPart = transition.state.vitals[index]?.[side]?.isPart ?? false;
  const holder = holderOf(state, config, index, side);
  const alarm = alarmAt(transition, holder, side);
  if (wasPart) changeTrack(transition, index, side, { isPart: false });
  if (alarm?.state !== 'active' || (!wasPart && holder !== index)) return;
  if (partsOf(state, config, holder, side).length > 0) return;
  changeTrack(transition, holder, side, { alarm: settleAlarm(transition, at, alarm, cause) });
};

/**
 * Makes the alarm name the vitals that keep it going (C9). To be called when everything that happens at one moment has
 * happened.
 */
export const followParts = (transition: Transition, index: number, side: Side, at: number): void => {
  const { state, config } = transition;
  if (!membersOf(config, index)) return;
  const holder = holderOf(state, config, index, side);
  const alarm = alarmAt(transition, holder, side);
  const parts = partsOf(state, config, holder, side);
  const [first] = parts;
  if (alarm?.state !== 'active' || first === undefined) return;
  const ids = parts.map((part) => VITAL_IDS[part]);
  const named = ids.some((id) => id === alarm.vital) ? alarm : renamed(state, config, alarm, first, side);
  const announced = (alarm.also ?? []).filter(({ limit }) => limit !== null).map(({ vital }) => vital);
  const others = ids.filter((id) => id !== named.vital);
  if (named === alarm && announced.length === others.length && others.every((id) => id && announced.includes(id)))
    return;
  const also = alsoOf(state, config, named, holder, side);
  changeTrack(transition, holder, side, { alarm: changeAlarm(transition, at, { ...named, also }) });
};

const counted = (before: Since | null, { time, at }: Start, isAnother: boolean): Since => {
  if (!before) return { time, at, readings: 1 };
  return isAnother && before.readings < MAX_READINGS ? { ...before, readings: before.readings + 1 } : before;
};

/**
 * Follows one side of a vital's limits by its usable value. `start`: since when a level that is met only now has held.
 * `isAnother`: the value comes from another reading than before. `ended`: the cause, if the value ends the alarm.
 */
export const trackLimit = (
  transition: Transition,
  index: number,
  side: Side,
  at: number,
  start: Start,
  isAnother: boolean,
  ended: EndCause,
): void => {
  const { state, config } = transition;
  const vital = transition.state.vitals[index];
  if (!vital || vital.value === null) return;
  const { value } = vital;
  const track = vital[side];
  // Nearly every reading ends here.
  if (!track && !mayMeet(config, index, side, value)) return;

  const kind = LIMIT_KINDS[index]?.[side];
  if (!kind) return;
  const since: (Since | null)[] = [];
  let isSame = track !== null;
  for (const level of kind.levels) {
    const before = track?.since[since.length] ?? null;
    const holds = meets(state, config, index, side, level, value);
    const after = holds ? counted(before, start, isAnother) : null;
    if (after !== before) isSame = false;
    since.push(after);
  }
  const next: LimitTrack =
    isSame && track ? track : { since, alarm: track?.alarm ?? null, isPart: track?.isPart ?? false };
  if (next !== track) putTrack(transition, index, side, next);
  noteWorst(transition, index, side, value);
  if ((next.isPart || next.alarm) && isInside(state, config, index, side, value))
    leave(transition, index, side, at, ended);
};

type Decided = { readonly index: number; readonly level: Level };

/**
 * Whether a level that has held for its delay changes the alarm. For nearly every reading of a bed with an alarm the
 * answer is no.
 */
const hasNews = ({ state, config }: Transition, alarm: Alarm, index: number, side: Side, at: number): boolean => {
  const members = membersOf(config, index);
  for (let place = 0; place < (members?.length ?? 1); place++) {
    const member = members?.[place] ?? index;
    const track = state.vitals[member]?.[side];
    const level = track && LIMIT_KINDS[member]?.[side].levels[decidedPlace(state, config, member, side, at)];
    if (level && (isNews(alarm, level) || (alarm.state === 'active' && !track.isPart))) return true;
  }
  return false;
};

/** The vitals, among those that are announced as one, that have a level which has held for its delay. */
const decidedOf = (transition: Transition, index: number, holder: number, side: Side, at: number): Decided[] => {
  const { state, config } = transition;
  return (membersOf(config, index) ?? [index]).flatMap((member) => {
    const vital = state.vitals[member];
    if (!hasCurrentValue(vital) || (member !== holder && vital[side]?.alarm)) return [];
    const level = LIMIT_KINDS[member]?.[side].levels[decidedPlace(state, config, member, side, at)];
    return level ? [{ index: member, level }] : [];
  });
};

const evidenceOf = (transition: Transition, { index, level }: Decided, side: Side): Evidence => {
  const vital = transition.state.vitals[index];
  return {
    measuredAt: vital?.time ?? null,
    receivedAt: vital?.heardAt ?? null,
    value: vital?.value ?? null,
    limit: thresholdOf(transition.state, transition.config, index, side, level.trigger),
  };
};

/** The values of these vitals keep the alarm going from now on. */
const takePart = (transition: Transition, decided: readonly Decided[], side: Side): void => {
  for (const { index } of decided) {
    if (transition.state.vitals[index]?.[side]?.isPart !== false) continue;
    changeTrack(transition, index, side, { isPart: true });
  }
};

const openLimit = (transition: Transition, at: number, worst: Decided, side: Side): void => {
  const { index, level } = worst;
  const vital = transition.state.vitals[index];
  const id = VITAL_IDS[index];
  const kind = LIMIT_KINDS[index]?.[side];
  if (!vital || !id || !kind) return;
  const startedAt = vital[side]?.since.find((one) => one !== null)?.time ?? vital.time;
  const also = alsoOf(transition.state, transition.config, { vital: id }, index, side);
  const evidence = evidenceOf(transition, worst, side);
  const { condition, priority } = level;
  const what = { kind: kind.id, condition, priority, vital: id, startedAt, evidence, also };
  changeTrack(transition, index, side, { alarm: openAlarm(transition, at, what) });
};

/** Opens the alarm or makes it worse, by the levels that have held for their delay (C2 to C5, C9). */
export const decideLimit = (transition: Transition, index: number, side: Side, at: number): void => {
  const { state, config } = transition;
  if (!transition.state.vitals[index]?.[side]) return;
  const holder = holderOf(state, config, index, side);
  const alarm = alarmAt(transition, holder, side);
  if (alarm && !hasNews(transition, alarm, index, side, at)) return;
  const decided = decidedOf(transition, index, holder, side, at);
  const [first] = decided;
  if (!first) return;
  const worst = decided.reduce((worse, one) => (one.level.rank > worse.level.rank ? one : worse), first);
  if (!alarm) {
    takePart(transition, decided, side);
    openLimit(transition, at, worst, side);
    return;
  }
  const { condition, priority } = worst.level;
  const vital = VITAL_IDS[worst.index] as VitalId;
  if (isNews(alarm, worst.level)) {
    takePart(transition, decided, side);
    const also = alsoOf(state, config, { vital }, holder, side);
    const worse = { condition, priority, vital, evidence: evidenceOf(transition, worst, side), also };
    const type = alarm.state === 'latched' ? 'recurred' : 'escalated';
    changeTrack(transition, holder, side, { alarm: raiseAlarm(transition, at, alarm, type, worse) });
  } else if (alarm.state === 'active') takePart(transition, decided, side);
};

/** Stops counting and ends the condition: there is no value any more to decide by (D3), or nothing to decide (C7). */
export const inhibitLimit = (
  transition: Transition,
  index: number,
  side: Side,
  at: number,
  cause: EndCause = 'inhibited',
): void => {
  const track = transition.state.vitals[index]?.[side];
  if (!track) return;
  changeTrack(transition, index, side, { since: track.since.map(() => null) });
  leave(transition, index, side, at, cause);
};

/** Forgets what had begun to count; alarms stay (D5). */
export const forgetCounting = (transition: Transition, index: number, side: Side): void => {
  const track = transition.state.vitals[index]?.[side];
  if (track) changeTrack(transition, index, side, { since: track.since.map(() => null) });
};
