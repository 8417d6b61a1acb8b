import { VITAL_IDS } from '../vitals.ts';
import type { Alarm, EndCause } from './alarm.ts';
import { type Level, type LevelTrigger, LIMIT_KINDS, type Side } from './conditions.ts';
import type { AlarmConfig, VitalAlarmSettings } from './settings.ts';
import type { LimitTrack, Since } from './state.ts';
import { type EditedVital, type Evidence, openAlarm, raiseAlarm, settleAlarm, touch, type Work } from './work.ts';

/** Limits, and what is worse than them: section 3 of the specification. */

export const SIDES = ['low', 'high'] as const satisfies readonly Side[];

const ZERO = 0;

const THRESHOLDS: Record<Side, Record<LevelTrigger, (settings: VitalAlarmSettings) => number | null>> = {
  low: { limit: ({ low }) => low, extreme: ({ extremeLow }) => extremeLow, zero: () => ZERO },
  high: { limit: ({ high }) => high, extreme: ({ extremeHigh }) => extremeHigh, zero: () => ZERO },
};

const HAS_ZERO = LIMIT_KINDS.map(({ low }) => low.levels.some(({ trigger }) => trigger === 'zero'));

/** Whether anything is decided by the vital's values, so that somebody may rely on them (D1). By its place in the catalogue. */
export const isWatched = (index: number, config: AlarmConfig): boolean => {
  const id = VITAL_IDS[index];
  if (!id) return false;
  const { low, high, extremeLow, extremeHigh } = config.vitals[id];
  return low !== null || high !== null || extremeLow !== null || extremeHigh !== null || HAS_ZERO[index] === true;
};

const isPast = (value: number, threshold: number, side: Side): boolean =>
  side === 'low' ? value < threshold : value > threshold;

const meets = ({ trigger }: Level, side: Side, settings: VitalAlarmSettings, value: number): boolean => {
  if (trigger === 'zero') return value === ZERO;
  const threshold = THRESHOLDS[side][trigger](settings);
  return threshold !== null && isPast(value, threshold, side);
};

const meetsAny = (levels: readonly Level[], side: Side, settings: VitalAlarmSettings, value: number): boolean => {
  for (const level of levels) if (meets(level, side, settings, value)) return true;
  return false;
};

export const delayOf = ({ condition, trigger }: Level, settings: VitalAlarmSettings, config: AlarmConfig): number => {
  if (trigger === 'limit') return settings.delayMs;
  if (trigger === 'extreme') return settings.extremeDelayMs;
  return condition === 'asystole' ? config.asystoleDelayMs : config.apnoeaDelayMs;
};

/** C6. */
const isInside = (
  value: number,
  side: Side,
  levels: readonly Level[],
  { low, high, extremeLow, extremeHigh, hysteresis }: VitalAlarmSettings,
) => {
  const mildest = side === 'low' ? (low ?? extremeLow) : (high ?? extremeHigh);
  if (mildest === null) return !levels.some(({ trigger }) => trigger === 'zero') || value > ZERO;
  return side === 'low' ? value >= mildest + hysteresis : value <= mildest - hysteresis;
};

/**
 * The mildest level whose decision would change anything: any without an alarm, with an active one what is worse (C4),
 * with a latched one what is as bad (E3).
 */
export const mildestNews = (levels: readonly Level[], alarm: Alarm | null): number => {
  if (alarm === null) return 0;
  const present = levels.findIndex(({ condition }) => condition === alarm.condition);
  return alarm.state === 'latched' ? present : present + 1;
};

const isDecided = (since: Since | null | undefined, delayMs: number, time: number, at: number): boolean =>
  !!since && (since.time + delayMs <= time || since.at + delayMs <= at);

const farther = (side: Side, worst: number | null, value: number): number => {
  if (worst === null) return value;
  return side === 'low' ? Math.min(worst, value) : Math.max(worst, value);
};

const evidenceOf = (vital: EditedVital, level: Level, side: Side, settings: VitalAlarmSettings): Evidence => ({
  measuredAt: vital.time,
  receivedAt: vital.heardAt,
  value: vital.value,
  limit: THRESHOLDS[side][level.trigger](settings),
});

/** The alarm as the decided level leaves it (C2 to C5). */
const decideAlarm = (work: Work, vital: EditedVital, index: number, side: Side, at: number, track: LimitTrack) => {
  const kind = LIMIT_KINDS[index]?.[side];
  const id = VITAL_IDS[index];
  if (!kind || !id) return track.alarm;
  const { alarm, since } = track;
  const settings = work.config.vitals[id];
  const { levels } = kind;
  let decided = levels.length - 1;
  while (decided >= 0) {
    const level = levels[decided];
    if (level && isDecided(since[decided], delayOf(level, settings, work.config), vital.time, at)) break;
    decided--;
  }
  const level = levels[decided];
  if (!level || decided < mildestNews(levels, alarm)) return alarm;
  const { condition } = level;
  const evidence = evidenceOf(vital, level, side, settings);
  if (!alarm) {
    const startedAt = since.find((one) => one !== null)?.time ?? vital.time;
    return openAlarm(work, at, { kind: kind.id, condition, vital: id, startedAt, evidence });
  }
  return raiseAlarm(work, at, alarm, alarm.state === 'latched' ? 'recurred' : 'escalated', { condition, evidence });
};

const isIdle = ({ since, alarm }: LimitTrack): boolean => alarm === null && since.every((one) => one === null);

const put = (vital: EditedVital, side: Side, track: LimitTrack): void => {
  vital[side] = isIdle(track) ? null : track;
};

/**
 * Decides one side of a vital by its usable value. `start`: since when a level that is met only now has held; `ended`:
 * why an alarm ends that the value does not hold.
 */
export const evaluateLimit = (
  work: Work,
  vital: EditedVital,
  index: number,
  side: Side,
  at: number,
  start: Since,
  ended: EndCause = 'recovered',
): void => {
  const kind = LIMIT_KINDS[index]?.[side];
  const id = VITAL_IDS[index];
  const { value } = vital;
  if (!kind || !id || value === null) return;
  const settings = work.config.vitals[id];
  const track = vital[side];
  // Nearly every reading ends here.
  if (!track && !meetsAny(kind.levels, side, settings, value)) return;

  let isChanged = track === null;
  // No closure here: what it captures would be allocated on entry, also for the readings that end above.
  const since: (Since | null)[] = [];
  for (const level of kind.levels) {
    const before = track?.since[since.length] ?? null;
    const holds = meets(level, side, settings, value);
    if (holds !== (before !== null)) isChanged = true;
    since.push(holds ? (before ?? start) : null);
  }
  let alarm = track?.alarm ?? null;
  if (alarm) alarm = { ...alarm, worst: farther(side, alarm.worst, value) };
  if (alarm?.state === 'active' && isInside(value, side, kind.levels, settings))
    alarm = settleAlarm(work, at, alarm, ended);
  alarm = decideAlarm(work, vital, index, side, at, { since, alarm });
  const next = { since, alarm };
  if (isChanged && !(track === null && isIdle(next))) touch(work);
  put(vital, side, next);
};

/** A delay is over by the station's time. */
export const evaluateDelay = (work: Work, vital: EditedVital, index: number, side: Side, at: number): void => {
  const track = vital[side];
  if (track) put(vital, side, { since: track.since, alarm: decideAlarm(work, vital, index, side, at, track) });
};

/** There is no value any more to decide by (D3), or nothing to decide (C7). */
export const inhibitLimit = (
  work: Work,
  vital: EditedVital,
  side: Side,
  at: number,
  cause: EndCause = 'inhibited',
): void => {
  const track = vital[side];
  if (!track) return;
  touch(work);
  const alarm = track.alarm && settleAlarm(work, at, track.alarm, cause);
  vital[side] = alarm && { since: track.since.map(() => null), alarm };
};

/** What had begun to count is forgotten; alarms stay (D5). */
export const forgetCounting = (vital: EditedVital, side: Side): void => {
  const track = vital[side];
  if (track) put(vital, side, { since: track.since.map(() => null), alarm: track.alarm });
};
