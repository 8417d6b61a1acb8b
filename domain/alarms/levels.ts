import { VITAL_IDS, type VitalId } from '../vitals.ts';
import type { Level, LevelTrigger, Wait } from './kinds/level.ts';
import { LIMIT_KINDS } from './limit-kinds.ts';
import type { Side } from './names.ts';
import type { AlarmConfig } from './settings.ts';
import type { AlarmState, Since, VitalState } from './state.ts';
import { isAnySet } from './vital-settings.ts';

/**
 * Which levels of a kind a value meets, and how long and in how many readings it must meet a level before that level is
 * decided (C1, C4, B2).
 */

const ZERO = 0;

export const HEART = VITAL_IDS.indexOf('heart-rate');
export const PULSE = VITAL_IDS.indexOf('pulse-rate');
export const BREATH = VITAL_IDS.indexOf('respiratory-rate');
export const SPO2 = VITAL_IDS.indexOf('spo2');
const ARTERIAL = (['abp-systolic', 'abp-diastolic', 'abp-mean'] satisfies VitalId[]).map((id) => VITAL_IDS.indexOf(id));

const HAS_ZERO = LIMIT_KINDS.map(({ low }) => low.levels.some(({ trigger }) => trigger === 'zero'));

/**
 * Whether anything is decided by the vital's values, so that somebody may rely on them (D1). `index` is the vital's
 * place in the catalogue.
 */
export const isWatched = (index: number, config: AlarmConfig): boolean => {
  const id = VITAL_IDS[index];
  if (!id) return false;
  return HAS_ZERO[index] === true || isAnySet(config.vitals[id]);
};

/** Whether the vital's newest reading is usable and not too old. */
export const hasCurrentValue = (vital: VitalState | null | undefined): vital is VitalState =>
  !!vital && vital.isUsable && !vital.isStale;

const isPast = (value: number, threshold: number | null, side: Side): boolean =>
  threshold !== null && (side === 'low' ? value < threshold : value > threshold);

export const thresholdOf = (
  state: AlarmState,
  config: AlarmConfig,
  index: number,
  side: Side,
  trigger: LevelTrigger,
): number | null => {
  const id = VITAL_IDS[index];
  if (!id) return null;
  const settings = config.vitals[id];
  if (trigger === 'extreme') return side === 'low' ? settings.extremeLow : settings.extremeHigh;
  if (trigger !== 'limit') return ZERO;
  if (side === 'low') return settings.low;
  return index === SPO2 && state.isHighSpo2Off ? null : settings.high;
};

/** Whether the vital was heard lately, with a value of 0 or none. */
const isAbsent = (vital: VitalState | null | undefined): boolean =>
  !!vital && !vital.isStale && (vital.value === null || vital.value === ZERO);

/**
 * Whether every sign of life is 0 or missing at once, with a saturation of 0 among them, which no patient has. Some
 * monitors send this when they are unplugged, and one that cannot measure a dying patient might. So it has a condition
 * of its own (B6).
 */
const isAllZero = ({ vitals }: AlarmState): boolean => {
  const spo2 = vitals[SPO2];
  if (!spo2 || spo2.isStale || spo2.value !== ZERO) return false;
  const isSeen = (index: number): boolean => {
    const vital = vitals[index];
    return !!vital && !vital.isStale && !isAbsent(vital);
  };
  return !isSeen(PULSE) && !isSeen(BREATH) && !ARTERIAL.some((index) => hasCurrentValue(vitals[index]));
};

const meetsZero = (state: AlarmState, config: AlarmConfig, index: number, trigger: LevelTrigger): boolean => {
  const isByRules2 = config.rules >= 2 && index === HEART;
  if (trigger === 'zero') return !isByRules2 || (state.hasBeaten && !isAllZero(state));
  if (!isByRules2) return false;
  if (trigger === 'never-seen') return !state.hasBeaten;
  if (state.hasBeaten) return isAllZero(state);
  return isAbsent(state.vitals[PULSE]) || isAbsent(state.vitals[BREATH]);
};

export const meets = (
  state: AlarmState,
  config: AlarmConfig,
  index: number,
  side: Side,
  { trigger }: Level,
  value: number,
): boolean => {
  if (trigger !== 'limit' && trigger !== 'extreme') return value === ZERO && meetsZero(state, config, index, trigger);
  // B2: before the first beat a rate of 0 is past no limit.
  if (value === ZERO && index === HEART && config.rules >= 2 && !state.hasBeaten) return false;
  return isPast(value, thresholdOf(state, config, index, side, trigger), side);
};

/**
 * A quick test, made for every reading. False: the value certainly meets no level. True: it may meet one, because a
 * high limit of SpO2 that is off is not considered here.
 */
export const mayMeet = ({ vitals }: AlarmConfig, index: number, side: Side, value: number): boolean => {
  const id = VITAL_IDS[index];
  if (!id) return false;
  const { low, high, extremeLow, extremeHigh } = vitals[id];
  if (side === 'high') return (high !== null && value > high) || (extremeHigh !== null && value > extremeHigh);
  if (value === ZERO && HAS_ZERO[index] === true) return true;
  return (low !== null && value < low) || (extremeLow !== null && value < extremeLow);
};

const milder = (limit: number | null, extreme: number | null, side: Side): number | null => {
  if (limit === null || extreme === null) return limit ?? extreme;
  return side === 'low' ? Math.max(limit, extreme) : Math.min(limit, extreme);
};

/** Whether the value is far enough inside the mildest threshold for the condition to end (C6). */
export const isInside = (state: AlarmState, config: AlarmConfig, index: number, side: Side, value: number): boolean => {
  const id = VITAL_IDS[index];
  if (!id) return false;
  const limit = thresholdOf(state, config, index, side, 'limit');
  const mildest = milder(limit, thresholdOf(state, config, index, side, 'extreme'), side);
  const { hysteresis } = config.vitals[id];
  if (mildest === null) return side === 'high' || HAS_ZERO[index] !== true || value > ZERO;
  return side === 'low' ? value >= mildest + hysteresis : value <= mildest - hysteresis;
};

const meetsExtremeNow = (vital: VitalState | null | undefined, index: number, side: Side): boolean => {
  const place = LIMIT_KINDS[index]?.[side].levels.findIndex(({ trigger }) => trigger === 'extreme') ?? -1;
  return hasCurrentValue(vital) && !!vital[side]?.since[place];
};

/** Whether heart rate and pulse rate both meet an extreme: what two probes agree on is no artefact (C4). */
const isAgreed = ({ vitals }: AlarmState, config: AlarmConfig, index: number, side: Side): boolean =>
  config.rules >= 2 &&
  (index === HEART || index === PULSE) &&
  meetsExtremeNow(vitals[HEART], HEART, side) &&
  meetsExtremeNow(vitals[PULSE], PULSE, side);

const AT_ONCE: Wait = { delayMs: 0, readings: 1 };

/** How long a level must hold, and in how many readings. */
export const waitOf = (state: AlarmState, config: AlarmConfig, index: number, side: Side, level: Level): Wait => {
  const id = VITAL_IDS[index];
  if (!id || (level.trigger === 'extreme' && isAgreed(state, config, index, side))) return AT_ONCE;
  return level.wait(config.vitals[id], config, state);
};

/** When a level that holds is decided, by the station's time; undefined: not before another reading. */
export const decidedAt = (since: Since, { delayMs, readings }: Wait, vital: VitalState): number | undefined => {
  if (since.readings < readings) return undefined;
  // The level has already held by the measured times. If it was not announced, another alarm covered it.
  return since.time + delayMs <= vital.time ? vital.heardAt : since.at + delayMs;
};

/** The place of the worst level that has held for its delay; −1: none has. */
export const decidedPlace = (state: AlarmState, config: AlarmConfig, index: number, side: Side, at: number): number => {
  const vital = state.vitals[index];
  const track = vital?.[side];
  const levels = LIMIT_KINDS[index]?.[side].levels ?? [];
  if (!vital || !track) return -1;
  for (let place = levels.length - 1; place >= 0; place--) {
    const [level, since] = [levels[place], track.since[place]];
    if (!level || !since) continue;
    const decided = decidedAt(since, waitOf(state, config, index, side, level), vital);
    if (decided !== undefined && decided <= at) return place;
  }
  return -1;
};
