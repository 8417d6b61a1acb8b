import type { VitalReading } from '#domain/alarms/alarm.ts';
import { CONDITIONS, type ConditionId } from '#domain/alarms/conditions.ts';
import type { AlarmConfig, VitalAlarmSettings } from '#domain/alarms/settings.ts';
import { VITAL_IDS, type VitalId, vital as vitalOf } from '#domain/vitals.ts';

/**
 * The specification once more, as plainly as can be: second by second, one vital after the other, over whole arrays.
 * Shares nothing with the engine but types, settings and the table of priorities.
 */
export type Message = { readonly time: number; readonly readings: readonly VitalReading[] };
/** What arrived in each second, at its very beginning. */
export type Seconds = readonly (readonly Message[])[];
export type Told = { at: number; type: string; kind: string; condition: ConditionId };

type Level = { condition: ConditionId; delayMs: number; isMet: (value: number) => boolean };
type Row = { time: number; at: number } | undefined;
type Open = { level: number; isLatched: boolean } | undefined;
type Side = { kind: string; levels: Level[]; rows: readonly Row[]; open: Open; isInside: (value: number) => boolean };

const NOTHING_HOLDS: readonly Row[] = [];

const ZERO_IS_NO_VALUE = /^(pulse-rate|spo2|fio2|nibp-|abp-)/;

const lowSide = (id: VitalId, own: VitalAlarmSettings, config: AlarmConfig): Side => {
  const { low, extremeLow, delayMs, extremeDelayMs, hysteresis } = own;
  const extreme = id === 'spo2' ? 'desaturation' : 'extreme-bradycardia';
  const levels: Level[] = [{ condition: 'low-limit', delayMs, isMet: (value) => low !== null && value < low }];
  if (extremeLow !== null) {
    levels.push({ condition: extreme, delayMs: extremeDelayMs, isMet: (value) => value < extremeLow });
  }
  const isZero = (value: number) => value === 0;
  if (id === 'heart-rate') levels.push({ condition: 'asystole', delayMs: config.asystoleDelayMs, isMet: isZero });
  if (id === 'respiratory-rate') levels.push({ condition: 'apnoea', delayMs: config.apnoeaDelayMs, isMet: isZero });
  const edge = low ?? extremeLow;
  const hasZero = id === 'heart-rate' || id === 'respiratory-rate';
  const isInside = (value: number) => (edge === null ? !hasZero || value > 0 : value >= edge + hysteresis);
  return { kind: `${id}-low`, levels, rows: NOTHING_HOLDS, open: undefined, isInside };
};

const highSide = (
  id: VitalId,
  { high, extremeHigh, delayMs, extremeDelayMs, hysteresis }: VitalAlarmSettings,
): Side => {
  const levels: Level[] = [{ condition: 'high-limit', delayMs, isMet: (value) => high !== null && value > high }];
  if (extremeHigh !== null) {
    levels.push({ condition: 'extreme-tachycardia', delayMs: extremeDelayMs, isMet: (value) => value > extremeHigh });
  }
  const edge = high ?? extremeHigh;
  const isInside = (value: number) => edge === null || value <= edge - hysteresis;
  return { kind: `${id}-high`, levels, rows: NOTHING_HOLDS, open: undefined, isInside };
};

/** Only what is newer, or corrects the newest (A5, B4). */
const accept = (seconds: Seconds, start: number): Seconds => {
  const newest = new Map<number, { time: number; value: number; quality: number }>();
  const spot = new Set(VITAL_IDS.filter((id) => vitalOf(id).measured === 'intermittent').map((id) => vitalOf(id).mdc));
  return seconds.map((messages, second) =>
    messages.map(({ time, readings }) => ({
      time,
      readings: readings.filter(({ mdc, value, quality }) => {
        const last = newest.get(mdc);
        const wasAhead = last !== undefined && last.time > start + second * 1_000 + 5_000;
        const isNewer = !last || time > last.time || (wasAhead && time !== last.time);
        const corrects = last?.time === time && !(Object.is(value, last.value) && quality === last.quality);
        if ((Number.isNaN(value) && spot.has(mdc)) || (!isNewer && !corrects)) return false;
        newest.set(mdc, { time, value, quality });
        return true;
      }),
    })),
  );
};

/** In which seconds the device's alarm is open, and since when the device is back. */
const followLink = (seconds: Seconds, start: number, config: AlarmConfig, told: Told[]) => {
  const alarm = { kind: 'device-link', condition: 'device-silent' } as const;
  let heardAt: number | undefined;
  let isOpen = false;
  let backAt = 0;
  return seconds.map((messages, second) => {
    const at = start + second * 1_000;
    if (messages.some(({ readings }) => readings.length > 0)) {
      heardAt = at;
      if (isOpen) {
        told.push({ at, type: 'ended', ...alarm });
        backAt = at;
        isOpen = false;
      }
    }
    if (heardAt !== undefined && !isOpen && at - heardAt >= config.deviceSilentAfterMs) {
      told.push({ at, type: 'onset', ...alarm });
      isOpen = true;
    }
    return { isOpen, backAt };
  });
};

type Link = ReturnType<typeof followLink>;

const followVital = (
  id: VitalId,
  {
    seconds,
    start,
    config,
    link,
    isReset,
    told,
  }: {
    seconds: Seconds;
    start: number;
    config: AlarmConfig;
    link: Link;
    isReset: (second: number) => boolean;
    told: Told[];
  },
): void => {
  const { mdc, measured } = vitalOf(id);
  const own = config.vitals[id];
  const validForMs = config.silentAfterMs[measured];
  const sides = [lowSide(id, own, config), highSide(id, own)];
  const thresholds = [own.low, own.high, own.extremeLow, own.extremeHigh];
  const isWatched = /^(heart|respiratory)-rate$/.test(id) || thresholds.some((threshold) => threshold !== null);
  let heardAt: number | undefined;
  let isStale = false;
  let isUsable = false;
  let newest = 0;
  let noValueSince: number | undefined;
  let poorSince: number | undefined;
  let uselessSince: number | undefined;
  let firstBreath: number | undefined;
  let isArmed = false;
  let signal: ConditionId | undefined;

  const tell = (at: number, type: string, kind: string, condition: ConditionId) =>
    told.push({ at, type, kind, condition });

  const nameOf = ({ levels }: Side, level: number): ConditionId => levels[level]?.condition ?? 'low-limit';

  const settle = (side: Side, at: number) => {
    if (!side.open || side.open.isLatched) return;
    const condition = nameOf(side, side.open.level);
    const latches = config.latching[CONDITIONS[condition].priority];
    tell(at, latches ? 'latched' : 'ended', side.kind, condition);
    side.open = latches ? { level: side.open.level, isLatched: true } : undefined;
  };

  const inhibit = (at: number) => {
    for (const side of sides) {
      settle(side, at);
      side.rows = NOTHING_HOLDS;
    }
  };

  const decide = (side: Side, at: number) => {
    if (side.rows.length === 0) return;
    const held = side.levels.map(({ delayMs }, level) => {
      const row = side.rows[level];
      return row !== undefined && (newest - row.time >= delayMs || at - row.at >= delayMs);
    });
    const worst = held.lastIndexOf(true);
    const type = !side.open ? 'onset' : side.open.isLatched ? 'recurred' : 'escalated';
    const mildest = { onset: 0, recurred: side.open?.level ?? 0, escalated: (side.open?.level ?? 0) + 1 }[type];
    if (worst < mildest) return;
    side.open = { level: worst, isLatched: false };
    tell(at, type, side.kind, nameOf(side, worst));
  };

  const take = ({ value, quality }: VitalReading, time: number, at: number) => {
    const isFault = Number.isNaN(value) || (value <= 0 && ZERO_IS_NO_VALUE.test(id));
    const isNoValue = isFault || (value === 0 && id === 'respiratory-rate' && !isArmed);
    const isDoubted = quality === 2 || (value === 0 && id === 'heart-rate' && quality !== 0);
    isUsable = !isNoValue && !isDoubted;
    [heardAt, newest, isStale] = [at, time, false];
    if (isUsable && value > 0 && id === 'respiratory-rate') {
      firstBreath = Math.min(firstBreath ?? time, time);
      isArmed ||= time - firstBreath >= config.apnoeaArmAfterMs;
    }
    poorSince = quality === 0 ? undefined : (poorSince ?? at);
    if (!isUsable) {
      uselessSince ??= at;
      if (isNoValue) noValueSince ??= at;
      return;
    }
    [uselessSince, noValueSince] = [undefined, undefined];
    if (quality === 0 && signal) {
      tell(at, 'ended', `${id}-signal`, signal);
      signal = undefined;
    }
    for (const side of sides) {
      const { levels, rows } = side;
      const isPast = levels.some(({ isMet }) => isMet(value));
      side.rows = isPast
        ? levels.map(({ isMet }, level) => (isMet(value) ? (rows[level] ?? { time, at }) : undefined))
        : NOTHING_HOLDS;
      if (side.isInside(value)) settle(side, at);
      decide(side, at);
    }
  };

  const loseSignal = (at: number, condition: ConditionId) => {
    signal = condition;
    tell(at, 'onset', `${id}-signal`, condition);
    if (!isUsable || isStale) inhibit(at);
  };

  const isOver = (since: number | undefined, delayMs: number, at: number) =>
    since !== undefined && at - since >= delayMs;

  for (let second = 0; second < seconds.length; second++) {
    const at = start + second * 1_000;
    for (const { time, readings } of seconds[second] ?? []) {
      for (const one of readings) if (one.mdc === mdc) take(one, time, at);
    }
    if (isReset(second)) {
      for (const side of sides) {
        if (!side.open?.isLatched) continue;
        tell(at, 'ended', side.kind, nameOf(side, side.open.level));
        side.open = undefined;
      }
    }
    if (heardAt === undefined) continue;
    if (isUsable && !isStale) for (const side of sides) decide(side, at);
    if (!isStale && isOver(heardAt, validForMs, at)) {
      isStale = true;
      [noValueSince, poorSince, uselessSince] = [undefined, undefined, undefined];
      inhibit(at);
    }
    // Nobody relies on what no threshold watches.
    if (!isWatched) continue;
    if (signal) {
      if (isOver(uselessSince, config.sensorOffDelayMs, at)) inhibit(at);
    } else if (isOver(noValueSince, config.sensorOffDelayMs, at)) loseSignal(at, 'sensor-off');
    else if (isOver(poorSince, config.signalPoorDelayMs, at)) loseSignal(at, 'signal-poor');
    else if (!link[second]?.isOpen && isOver(Math.max(heardAt, link[second]?.backAt ?? 0), validForMs, at)) {
      loseSignal(at, 'no-data');
    }
  }
};

const inOrder = (one: Told, other: Told): number =>
  one.at - other.at || (one.kind < other.kind ? -1 : one.kind > other.kind ? 1 : 0);

/** By time, and by kind where times are the same. */
export const sortTold = (told: readonly Told[]): Told[] => [...told].sort(inOrder);

/** All alarms of a bed from `start` on. `isReset`: whether latched alarms are reset at the end of what arrived in it. */
export const naiveAlarms = (
  given: Seconds,
  {
    start,
    config,
    isReset = () => false,
  }: { start: number; config: AlarmConfig; isReset?: (second: number) => boolean },
): Told[] => {
  const told: Told[] = [];
  const seconds = accept(given, start);
  const link = followLink(seconds, start, config, told);
  for (const id of VITAL_IDS) followVital(id, { seconds, start, config, link, isReset, told });
  return sortTold(told);
};
