import { VITAL_IDS, type VitalId } from '../vitals.ts';
import type { Alarm } from './alarm.ts';
import type { Level } from './kinds/level.ts';
import { hasCurrentValue, thresholdOf } from './levels.ts';
import { rankOf } from './limit-kinds.ts';
import type { Side } from './names.ts';
import type { AlarmConfig } from './settings.ts';
import type { AlarmState } from './state.ts';

/**
 * Vitals that measure one thing are announced as one alarm (C9). The alarm is kept with the vital that began it, its
 * holder; the others take part in it. Every `index` is a place in the catalogue.
 */

/** The group of each vital, as places in the catalogue; null: the vital is in no group. */
export const groupsOf = (groups: readonly (readonly VitalId[])[]): readonly (readonly number[] | null)[] =>
  VITAL_IDS.map((id) => groups.find((group) => group.includes(id))?.map((member) => VITAL_IDS.indexOf(member)) ?? null);

export const ARTERIAL_LINE: readonly VitalId[] = ['abp-systolic', 'abp-diastolic', 'abp-mean'];
export const PULMONARY_LINE: readonly VitalId[] = ['pap-systolic', 'pap-diastolic', 'pap-mean'];
export const CUFF: readonly VitalId[] = ['nibp-systolic', 'nibp-diastolic', 'nibp-mean'];

/** Vitals that measure one thing. */
const MEASUREMENTS = groupsOf([['heart-rate', 'pulse-rate'], ARTERIAL_LINE, PULMONARY_LINE, CUFF]);

/** The vitals that are announced together with this one, itself included; null: the vital is announced for itself. */
export const membersOf = ({ rules }: AlarmConfig, index: number): readonly number[] | null =>
  rules >= 2 ? (MEASUREMENTS[index] ?? null) : null;

/**
 * The holder of the alarm on this side: the vital itself if it has an alarm, or else another of its measurement. −1:
 * there is no alarm.
 */
export const holderOf = ({ vitals }: AlarmState, config: AlarmConfig, index: number, side: Side): number => {
  if (vitals[index]?.[side]?.alarm) return index;
  return membersOf(config, index)?.find((member) => vitals[member]?.[side]?.alarm) ?? -1;
};

/** The vitals whose values keep the alarm of `holder` going. */
export const partsOf = ({ vitals }: AlarmState, config: AlarmConfig, holder: number, side: Side): readonly number[] =>
  (membersOf(config, holder) ?? [holder]).filter((member) => {
    const track = vitals[member]?.[side];
    return track?.isPart && (member === holder || !track.alarm);
  });

/**
 * Whether deciding this level would be announced: of an active alarm a worse level (C4), of a latched one also a level
 * that is as bad (E3).
 */
export const isNews = ({ condition, state }: Alarm, { rank }: Level): boolean =>
  state === 'latched' ? rank >= rankOf(condition) : rank > rankOf(condition);

/** The threshold that a value past its limits has passed: the limit, or the extreme where no limit is in force. */
const passed = (state: AlarmState, config: AlarmConfig, index: number, side: Side): number | null =>
  thresholdOf(state, config, index, side, 'limit') ?? thresholdOf(state, config, index, side, 'extreme');

/** The other vitals of the measurement as they now are; undefined: none has a current value. */
export const alsoOf = (
  state: AlarmState,
  config: AlarmConfig,
  { vital: named }: Pick<Alarm, 'vital'>,
  holder: number,
  side: Side,
): Alarm['also'] => {
  const parts = partsOf(state, config, holder, side);
  const also = (membersOf(config, holder) ?? []).flatMap((member) => {
    const id = VITAL_IDS[member];
    const vital = state.vitals[member];
    if (!id || id === named || !hasCurrentValue(vital)) return [];
    return [
      { vital: id, value: vital.value, limit: parts.includes(member) ? passed(state, config, member, side) : null },
    ];
  });
  return also.length > 0 ? also : undefined;
};

/**
 * The alarm of a limit, named after another of its vitals, now that the first is inside its limits. An alarm of
 * something worse than a limit keeps its name.
 */
export const renamed = (state: AlarmState, config: AlarmConfig, alarm: Alarm, index: number, side: Side): Alarm => {
  const id = VITAL_IDS[index];
  const vital = state.vitals[index];
  if (!id || !vital || rankOf(alarm.condition) > 0) return alarm;
  return {
    ...alarm,
    vital: id,
    measuredAt: vital.time,
    receivedAt: vital.heardAt,
    value: vital.value,
    limit: passed(state, config, index, side),
    worst: vital.value,
  };
};
