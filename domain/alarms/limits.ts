import { VITAL_IDS, type VitalId } from '../vitals.ts';
import type { Alarm, EndCause } from './alarm.ts';
import { type Level, LIMIT_KINDS, type Side } from './conditions.ts';
import { alsoOf, holderOf, isNews, membersOf, partsOf, renamed } from './joint.ts';
import { decidedPlace, isInside, isStanding, mayMeet, meets, thresholdOf } from './levels.ts';
import { MAX_READINGS } from './settings.ts';
import type { LimitTrack, Since } from './state.ts';
import { changeAlarm, type Evidence, editVital, openAlarm, raiseAlarm, settleAlarm, touch, type Work } from './work.ts';

/** Limits, and what is worse than them: section 3 of the specification. */

export const SIDES = ['low', 'high'] as const satisfies readonly Side[];

/** When a level that is met only now has begun to hold. */
export type Start = { readonly time: number; readonly at: number };

const isIdle = ({ since, alarm, isPart }: LimitTrack): boolean =>
  alarm === null && !isPart && since.every((one) => one === null);

const putTrack = (work: Work, index: number, side: Side, track: LimitTrack): void => {
  const vital = editVital(work, index);
  if (vital) vital[side] = isIdle(track) ? null : track;
};

export const changeTrack = (work: Work, index: number, side: Side, change: Partial<LimitTrack>): void => {
  const track = work.vitals[index]?.[side];
  if (track) putTrack(work, index, side, { ...track, ...change });
};

export const alarmAt = (work: Work, index: number, side: Side): Alarm | null =>
  work.vitals[index]?.[side]?.alarm ?? null;

const farther = (side: Side, worst: number | null, value: number): number => {
  if (worst === null) return value;
  return side === 'low' ? Math.min(worst, value) : Math.max(worst, value);
};

/** C8. The alarm may stand with another vital of the measurement. */
const noteWorst = (work: Work, index: number, side: Side, value: number): void => {
  const holder = holderOf(work.state, work.config, index, side);
  const alarm = alarmAt(work, holder, side);
  if (!alarm || alarm.vital !== VITAL_IDS[index]) return;
  const worst = farther(side, alarm.worst, value);
  if (worst !== alarm.worst) changeTrack(work, holder, side, { alarm: { ...alarm, worst } });
};

/**
 * Its value does not hold the alarm any more: it is over unless another vital of the measurement holds it (C6, C9). One that is
 * there without any that holds it was brought along from another bed.
 */
const leave = (work: Work, index: number, side: Side, at: number, cause: EndCause): void => {
  const { state, config } = work;
  const wasPart = work.vitals[index]?.[side]?.isPart ?? false;
  const holder = holderOf(state, config, index, side);
  const alarm = alarmAt(work, holder, side);
  if (wasPart) {
    touch(work);
    changeTrack(work, index, side, { isPart: false });
  }
  if (alarm?.state !== 'active' || (!wasPart && holder !== index)) return;
  if (partsOf(state, config, holder, side).length > 0) return;
  changeTrack(work, holder, side, { alarm: settleAlarm(work, at, alarm, cause) });
};

/** C9: the alarm names those that hold it. To be called when all that happens at once has happened. */
export const followParts = (work: Work, index: number, side: Side, at: number): void => {
  const { state, config } = work;
  if (!membersOf(config, index)) return;
  const holder = holderOf(state, config, index, side);
  const alarm = alarmAt(work, holder, side);
  const parts = partsOf(state, config, holder, side);
  const [first] = parts;
  if (alarm?.state !== 'active' || first === undefined) return;
  const ids = parts.map((part) => VITAL_IDS[part]);
  const named = ids.some((id) => id === alarm.vital) ? alarm : renamed(state, config, alarm, first, side);
  const said = (alarm.also ?? []).filter(({ limit }) => limit !== null).map(({ vital }) => vital);
  const others = ids.filter((id) => id !== named.vital);
  if (named === alarm && said.length === others.length && others.every((id) => id && said.includes(id))) return;
  const also = alsoOf(state, config, named, holder, side);
  changeTrack(work, holder, side, { alarm: changeAlarm(work, at, { ...named, also }) });
};

const counted = (before: Since | null, { time, at }: Start, isAnother: boolean): Since => {
  if (!before) return { time, at, readings: 1 };
  return isAnother && before.readings < MAX_READINGS ? { ...before, readings: before.readings + 1 } : before;
};

/**
 * Follows one side of a vital by its usable value. `start`: since when a level that is met only now has held; `isAnother`: the
 * value is of another reading than before; `ended`: why an alarm ends that the value does not hold.
 */
export const trackLimit = (
  work: Work,
  index: number,
  side: Side,
  at: number,
  start: Start,
  isAnother: boolean,
  ended: EndCause,
): void => {
  const { state, config } = work;
  const vital = work.vitals[index];
  const kind = LIMIT_KINDS[index]?.[side];
  if (!vital || !kind || vital.value === null) return;
  const { value } = vital;
  const track = vital[side];
  // Nearly every reading ends here.
  if (!track && !mayMeet(config, index, side, value)) return;

  let isChanged = track === null;
  let isSame = track !== null;
  const since: (Since | null)[] = [];
  for (const level of kind.levels) {
    const before = track?.since[since.length] ?? null;
    const holds = meets(state, config, index, side, level, value);
    if (holds !== (before !== null)) isChanged = true;
    const after = holds ? counted(before, start, isAnother) : null;
    if (after !== before) isSame = false;
    since.push(after);
  }
  const next: LimitTrack =
    isSame && track ? track : { since, alarm: track?.alarm ?? null, isPart: track?.isPart ?? false };
  if (isChanged && !(track === null && isIdle(next))) touch(work);
  if (next !== track) putTrack(work, index, side, next);
  noteWorst(work, index, side, value);
  if ((next.isPart || next.alarm) && isInside(state, config, index, side, value)) leave(work, index, side, at, ended);
};

type Decided = { readonly index: number; readonly level: Level };

/** False: nothing that has held for its delay changes the alarm. Nearly every reading of a bed that alarms ends here. */
const hasNews = ({ state, config }: Work, alarm: Alarm, index: number, side: Side, at: number): boolean => {
  const members = membersOf(config, index);
  for (let place = 0; place < (members?.length ?? 1); place++) {
    const member = members?.[place] ?? index;
    const track = state.vitals[member]?.[side];
    const level = track && LIMIT_KINDS[member]?.[side].levels[decidedPlace(state, config, member, side, at)];
    if (level && (isNews(alarm, level) || (alarm.state === 'active' && !track.isPart))) return true;
  }
  return false;
};

/** Of the vitals that are announced as one, those with a level that has held for its delay. */
const decidedOf = (work: Work, index: number, holder: number, side: Side, at: number): Decided[] => {
  const { state, config } = work;
  return (membersOf(config, index) ?? [index]).flatMap((member) => {
    const vital = state.vitals[member];
    if (!isStanding(vital) || (member !== holder && vital[side]?.alarm)) return [];
    const level = LIMIT_KINDS[member]?.[side].levels[decidedPlace(state, config, member, side, at)];
    return level ? [{ index: member, level }] : [];
  });
};

const evidenceOf = (work: Work, { index, level }: Decided, side: Side): Evidence => {
  const vital = work.vitals[index];
  return {
    measuredAt: vital?.time ?? null,
    receivedAt: vital?.heardAt ?? null,
    value: vital?.value ?? null,
    limit: thresholdOf(work.state, work.config, index, side, level.trigger),
  };
};

/** They hold the alarm from now on. */
const takePart = (work: Work, decided: readonly Decided[], side: Side): void => {
  for (const { index } of decided) {
    if (work.vitals[index]?.[side]?.isPart !== false) continue;
    touch(work);
    changeTrack(work, index, side, { isPart: true });
  }
};

const openLimit = (work: Work, at: number, worst: Decided, side: Side): void => {
  const { index, level } = worst;
  const vital = work.vitals[index];
  const id = VITAL_IDS[index];
  const kind = LIMIT_KINDS[index]?.[side];
  if (!vital || !id || !kind) return;
  const startedAt = vital[side]?.since.find((one) => one !== null)?.time ?? vital.time;
  const also = alsoOf(work.state, work.config, { vital: id }, index, side);
  const evidence = evidenceOf(work, worst, side);
  const what = { kind: kind.id, condition: level.condition, vital: id, startedAt, evidence, also };
  changeTrack(work, index, side, { alarm: openAlarm(work, at, what) });
};

/** The alarm as what has held for its delay leaves it (C2 to C5, C9). */
export const decideLimit = (work: Work, index: number, side: Side, at: number): void => {
  const { state, config } = work;
  if (!work.vitals[index]?.[side]) return;
  const holder = holderOf(state, config, index, side);
  const alarm = alarmAt(work, holder, side);
  if (alarm && !hasNews(work, alarm, index, side, at)) return;
  const decided = decidedOf(work, index, holder, side, at);
  const [first] = decided;
  if (!first) return;
  const worst = decided.reduce((worse, one) => (one.level.rank > worse.level.rank ? one : worse), first);
  if (!alarm) {
    takePart(work, decided, side);
    openLimit(work, at, worst, side);
    return;
  }
  const { condition } = worst.level;
  const vital = VITAL_IDS[worst.index] as VitalId;
  if (isNews(alarm, worst.level)) {
    takePart(work, decided, side);
    const also = alsoOf(state, config, { vital }, holder, side);
    const worse = { condition, vital, evidence: evidenceOf(work, worst, side), also };
    const type = alarm.state === 'latched' ? 'recurred' : 'escalated';
    changeTrack(work, holder, side, { alarm: raiseAlarm(work, at, alarm, type, worse) });
  } else if (alarm.state === 'active') takePart(work, decided, side);
};

/** There is no value any more to decide by (D3), or nothing to decide (C7). */
export const inhibitLimit = (
  work: Work,
  index: number,
  side: Side,
  at: number,
  cause: EndCause = 'inhibited',
): void => {
  const track = work.vitals[index]?.[side];
  if (!track) return;
  touch(work);
  changeTrack(work, index, side, { since: track.since.map(() => null) });
  leave(work, index, side, at, cause);
};

/** What had begun to count is forgotten; alarms stay (D5). */
export const forgetCounting = (work: Work, index: number, side: Side): void => {
  const track = work.vitals[index]?.[side];
  if (track) changeTrack(work, index, side, { since: track.since.map(() => null) });
};
