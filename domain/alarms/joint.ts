import { VITAL_IDS, type VitalId } from '../vitals.ts';
import type { Alarm } from './alarm.ts';
import type { Level } from './kinds/level.ts';
import { hasCurrentValue, thresholdOf } from './levels.ts';
import { rankOf } from './limit-kinds.ts';
import type { Side } from './names.ts';
import type { AlarmConfig } from './settings.ts';
import type { AlarmState } from './state.ts';

/**
 * Vitals that measure one thing are announced as one (C9): the alarm stands with the vital that began it, and the others take
 * part in it. All places are of the catalogue.
 */

/** The group in which each vital is, by places in the catalogue; null: it is in none. */
export const groupsOf = (groups: readonly (readonly VitalId[])[]): readonly (readonly number[] | null)[] =>
  VITAL_IDS.map((id) => groups.find((group) => group.includes(id))?.map((member) => VITAL_IDS.indexOf(member)) ?? null);

export const ARTERIAL_LINE: readonly VitalId[] = ['abp-systolic', 'abp-diastolic', 'abp-mean'];
export const CUFF: readonly VitalId[] = ['nibp-systolic', 'nibp-diastolic', 'nibp-mean'];

/** Vitals that measure one thing. */
const MEASUREMENTS = groupsOf([['heart-rate', 'pulse-rate'], ARTERIAL_LINE, CUFF]);

/** null: the vital is announced for itself. */
export const membersOf = ({ rules }: AlarmConfig, index: number): readonly number[] | null =>
  rules >= 2 ? (MEASUREMENTS[index] ?? null) : null;

/** The vital with which the alarm stands: its own, if it has one. −1: there is none. */
export const holderOf = ({ vitals }: AlarmState, config: AlarmConfig, index: number, side: Side): number => {
  if (vitals[index]?.[side]?.alarm) return index;
  return membersOf(config, index)?.find((member) => vitals[member]?.[side]?.alarm) ?? -1;
};

/** Those whose values hold the alarm that stands with `holder`. */
export const partsOf = ({ vitals }: AlarmState, config: AlarmConfig, holder: number, side: Side): readonly number[] =>
  (membersOf(config, holder) ?? [holder]).filter((member) => {
    const track = vitals[member]?.[side];
    return track?.isPart && (member === holder || !track.alarm);
  });

/** A level whose decision would be announced: what is worse (C4), and of a latched alarm what is as bad (E3). */
export const isNews = ({ condition, state }: Alarm, { rank }: Level): boolean =>
  state === 'latched' ? rank >= rankOf(condition) : rank > rankOf(condition);

/** Which of its thresholds the value has passed. */
const passed = (state: AlarmState, config: AlarmConfig, index: number, side: Side): number | null =>
  thresholdOf(state, config, index, side, 'limit') ?? thresholdOf(state, config, index, side, 'extreme');

/** The other vitals of the measurement as they now are; undefined: there are none. */
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

/** The alarm of a limit, named after another of its vitals now that the first is inside. What is worse stays as it was said. */
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
