import type { Alarm, AlarmEvent, VitalReading } from '#domain/alarms/alarm.ts';
import { type ConditionId, PRIORITIES } from '#domain/alarms/conditions.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import { VITAL_IDS, type VitalId, vital as vitalOf } from '#domain/vitals.ts';
import { configAfter, type Played } from './histories.ts';

/**
 * Judges what was told of limits by the history alone: it keeps every reading and, when it wants to know since when
 * something holds, walks back from the newest. What it knows of the engine are the alarms that were told.
 */
type Heard = {
  readonly at: number;
  readonly time: number;
  readonly value: number;
  readonly quality: number;
  readonly isUsable: boolean;
  /** The settings that judge it. */
  readonly config: AlarmConfig;
};
/** `break`: what was before does not count any more. */
type Entry = Heard | 'break';

type Line = { readonly condition: ConditionId; readonly delayMs: number; readonly meets: (value: number) => boolean };

const IS_PRESSURE = /^(nibp|abp)-/;

const isSensorFault = (id: VitalId, value: number): boolean =>
  Number.isNaN(value) ||
  (IS_PRESSURE.test(id) && value <= 0) ||
  ((id === 'spo2' || id === 'pulse-rate' || id === 'fio2') && value === 0);

const linesOf = (id: VitalId, side: 'low' | 'high', config: AlarmConfig): Line[] => {
  const { low, high, extremeLow, extremeHigh, delayMs, extremeDelayMs } = config.vitals[id];
  if (side === 'high') {
    return [
      { condition: 'high-limit', delayMs, meets: (value) => high !== null && value > high },
      {
        condition: 'extreme-tachycardia',
        delayMs: extremeDelayMs,
        meets: (value) => extremeHigh !== null && value > extremeHigh,
      },
    ];
  }
  const lines: Line[] = [
    { condition: 'low-limit', delayMs, meets: (value) => low !== null && value < low },
    {
      condition: id === 'spo2' ? 'desaturation' : 'extreme-bradycardia',
      delayMs: extremeDelayMs,
      meets: (value) => extremeLow !== null && value < extremeLow,
    },
  ];
  if (id === 'heart-rate')
    lines.push({ condition: 'asystole', delayMs: config.asystoleDelayMs, meets: (value) => value === 0 });
  if (id === 'respiratory-rate')
    lines.push({ condition: 'apnoea', delayMs: config.apnoeaDelayMs, meets: (value) => value === 0 });
  return lines;
};

const isWatched = (id: VitalId, { vitals }: AlarmConfig): boolean => {
  const { low, high, extremeLow, extremeHigh } = vitals[id];
  const hasZero = id === 'heart-rate' || id === 'respiratory-rate';
  return hasZero || [low, high, extremeLow, extremeHigh].some((threshold) => threshold !== null);
};

const SIDES = ['low', 'high'] as const;

const isBroken = (entry: Entry | undefined): entry is 'break' | undefined => entry === undefined || entry === 'break';

export const judge = (played: readonly Played[]): string[] => {
  const faults: string[] = [];
  const open = new Map<string, Alarm>();
  /** By kind: when a person ended its alarm last. Milder levels that it stood for are due from then on. */
  const freedAt = new Map<string, number>();
  let entries = new Map<VitalId, Entry[]>();
  let breaths: number[] = [];
  let isArmed = false;
  let resumedAt = 0;
  let configuredAt = 0;
  let now = 0;

  const newest = (id: VitalId): Heard | undefined => {
    const list = entries.get(id) ?? [];
    for (let index = list.length - 1; index >= 0; index--) {
      const entry = list[index];
      if (entry !== 'break') return entry;
    }
    return undefined;
  };

  const standsUntil = (heard: Heard, id: VitalId, config: AlarmConfig): number =>
    Math.max(Math.max(heard.at, resumedAt) + config.silentAfterMs[vitalOf(id).measured], configuredAt);

  /** First and last of the unbroken row of usable values that meet the line, if the newest usable one does. */
  const rowOf = (id: VitalId, side: 'low' | 'high', place: number): { first: Heard; last: Heard } | undefined => {
    const list = entries.get(id) ?? [];
    let first: Heard | undefined;
    let last: Heard | undefined;
    for (let index = list.length - 1; index >= 0; index--) {
      const entry = list[index];
      if (isBroken(entry)) break;
      if (!entry.isUsable) continue;
      if (!linesOf(id, side, entry.config)[place]?.meets(entry.value)) break;
      first = entry;
      last ??= entry;
    }
    return first && last ? { first, last } : undefined;
  };

  const listen = (one: VitalReading, time: number, at: number, config: AlarmConfig) => {
    const id = VITAL_IDS.find((known) => vitalOf(known).mdc === one.mdc);
    if (!id) return;
    const { value, quality } = one;
    if (Number.isNaN(value) && vitalOf(id).measured === 'intermittent') return;
    const before = newest(id);
    const isAhead = before !== undefined && before.time > at + 5_000;
    const isSame = before !== undefined && before.time === time;
    if (isSame && Object.is(before.value, value) && before.quality === quality) return;
    if (before && !isSame && time < before.time && !isAhead) return;
    const isNothing = isSensorFault(id, value) || (id === 'respiratory-rate' && value === 0 && !isArmed);
    const isUsable = !isNothing && quality !== 2 && !(id === 'heart-rate' && value === 0 && quality !== 0);
    if (id === 'respiratory-rate' && isUsable && value > 0 && !isArmed) {
      breaths = [...breaths.filter((breath) => breath <= time), time];
      isArmed = time - Math.min(...breaths) >= config.apnoeaArmAfterMs;
    }
    entries.set(id, [...(entries.get(id) ?? []), { at, time, value, quality, isUsable, config }]);
  };

  /** Nothing of it is of use since then; undefined: the newest is, or there is none. */
  const uselessFrom = (list: readonly Entry[]): number | undefined => {
    let from: number | undefined;
    for (let index = list.length - 1; index >= 0; index--) {
      const entry = list[index];
      if (isBroken(entry) || entry.isUsable) break;
      from = entry.at;
    }
    return from;
  };

  /** D3: what no longer stands, or is of no use for long while the signal's alarm is open, counts no more. */
  const growOld = (at: number, config: AlarmConfig) => {
    for (const [id, list] of entries) {
      const last = list.at(-1);
      if (last && last !== 'break' && at > standsUntil(last, id, config)) list.push('break');
      const from = open.has(`${id}-signal`) ? uselessFrom(list) : undefined;
      if (from !== undefined && at > Math.max(from + config.sensorOffDelayMs, configuredAt)) list.push('break');
    }
  };

  /** C1, C4, A3: of an alarm that was said to begin or to become worse. */
  const judgeOnset = (event: AlarmEvent, isByTime: boolean, config: AlarmConfig) => {
    if (!('alarm' in event) || !['onset', 'escalated', 'recurred'].includes(event.type)) return;
    const { kind, vital, condition } = event.alarm;
    const side = SIDES.find((one) => vital && kind === `${vital}-${one}`);
    if (!vital || !side) return;
    const lines = linesOf(vital, side, config);
    const held = lines.map(({ delayMs }, place) => {
      const row = rowOf(vital, side, place);
      if (!row) return undefined;
      const isMeasured = row.first.time + delayMs <= row.last.time;
      const dueAt = isMeasured ? row.last.at : row.first.at + delayMs;
      // C7: what settings make due earlier happens when they change.
      const from = Math.max(freedAt.get(kind) ?? 0, configuredAt);
      return isMeasured || dueAt <= event.at ? Math.max(dueAt, from) : undefined;
    });
    const worst = held.findLastIndex((dueAt) => dueAt !== undefined);
    const said = `${event.type} of ${kind} as ${condition} at ${event.at}`;
    if (worst < 0) faults.push(`C1: ${said} without its condition`);
    else if (lines[worst]?.condition !== condition) {
      faults.push(`C4: ${said}, but the worst is ${lines[worst]?.condition}`);
    }
    const before = lines.findIndex((line) => line.condition === open.get(kind)?.condition);
    if (worst < before + (event.type === 'escalated' ? 1 : 0)) faults.push(`E3: ${said}, which is no worse`);
    const now = newest(vital);
    if (isByTime && held[worst] !== event.at) faults.push(`A3: ${said}, but due at ${held[worst]}`);
    if (isByTime && !now?.isUsable) faults.push(`C1: ${said} by time, without a usable value`);
    if (event.alarm.value !== now?.value) faults.push(`C8: ${said} names the value ${event.alarm.value}`);
  };

  const follow = (event: AlarmEvent) => {
    if (!('alarm' in event)) return;
    const { alarm, type } = event;
    const before = open.get(alarm.kind);
    if (type === 'onset' && before) faults.push(`C3: two of ${alarm.kind} at ${event.at}`);
    if (type !== 'onset' && before?.id !== alarm.id) faults.push(`C3: ${type} of ${alarm.id}, which is not open`);
    if (before && PRIORITIES.indexOf(alarm.priority) < PRIORITIES.indexOf(before.priority)) {
      faults.push(`C5: ${alarm.kind} falls to ${alarm.priority} at ${event.at}`);
    }
    if (type === 'ended' && event.by !== null) freedAt.set(alarm.kind, event.at);
    if (type === 'ended') open.delete(alarm.kind);
    else open.set(alarm.kind, alarm);
    // D3: what a technical alarm without a value says itself.
    if (type === 'onset' && alarm.vital && alarm.kind.endsWith('-signal') && !newest(alarm.vital)?.isUsable) {
      entries.get(alarm.vital)?.push('break');
    }
  };

  /** C2, at this moment. `fresh`: vitals decided by a reading just now. */
  const judgeNow = (at: number, config: AlarmConfig, isReading: boolean) => {
    for (const id of entries.keys()) {
      const value = newest(id);
      if (!value?.isUsable || at >= standsUntil(value, id, config)) continue;
      for (const side of SIDES) {
        const lines = linesOf(id, side, config);
        for (let place = 0; place < lines.length; place++) {
          const row = rowOf(id, side, place);
          const delayMs = lines[place]?.delayMs ?? 0;
          if (!row) continue;
          const dueAt = row.first.at + delayMs;
          const isNow = isReading && value.at === at && dueAt <= at;
          if (row.first.time + delayMs > row.last.time && dueAt >= at && !isNow) continue;
          const alarm = open.get(`${id}-${side}`);
          // Due, and to happen once this moment is over.
          if (!alarm && freedAt.get(`${id}-${side}`) === at) continue;
          const level = lines.findIndex(({ condition }) => condition === alarm?.condition);
          if (!alarm || level < place || (alarm.state === 'latched' && level === place)) {
            faults.push(`C2: ${lines[place]?.condition} of ${id} since ${row.first.at}, at ${at} no alarm`);
          }
        }
      }
    }
  };

  for (const { event, config, told } of played) {
    const isResumed = event.type === 'resumed';
    const at = isResumed ? event.at : Math.max(event.at, now);
    const byTime = isResumed ? [] : told.filter((one) => one.at < at);
    // Judges what is due in between, each at its own moment, and what no longer stands by then.
    for (const one of byTime) {
      judgeOnset(one, true, config);
      follow(one);
      growOld(one.at, config);
    }
    if (!isResumed) growOld(at, config);
    now = at;
    const after = configAfter(event, config);
    if (event.type === 'vitals') for (const one of lastOfEach(event.readings)) listen(one, event.time, at, config);
    if (event.type === 'occupied') {
      entries = new Map();
      breaths = [];
      isArmed = false;
    }
    if (event.type === 'configured') {
      configuredAt = at;
      for (const [id, list] of entries) {
        const last = list.at(-1);
        if (!isWatched(id, after)) list.push('break');
        const stands = last && last !== 'break' && last.isUsable && at <= standsFrom(last.at, resumedAt, id, after);
        if (stands) list.push({ ...last, config: after });
      }
    }
    if (isResumed) {
      resumedAt = at;
      configuredAt = Math.min(configuredAt, at);
      for (const [kind, time] of freedAt) freedAt.set(kind, Math.min(time, at));
      for (const [id, list] of entries) {
        const last = list.at(-1);
        list.push('break');
        if (last && last !== 'break') {
          const heard = { ...last, at: Math.min(last.at, at) };
          // A cuff value that stands counts anew from now on; of others the next reading is the first.
          if (vitalOf(id).measured === 'intermittent' && last.isUsable) list.push({ ...heard, at, config });
        }
      }
    }
    for (const one of told) {
      if (byTime.includes(one)) continue;
      judgeOnset(one, false, after);
      follow(one);
    }
    judgeNow(at, after, event.type === 'vitals');
    for (const { kind, vital, state } of open.values()) {
      if (vital && state === 'active' && !isWatched(vital, after))
        faults.push(`D1: ${kind} without a threshold, at ${at}`);
    }
  }
  return faults;
};

const standsFrom = (heardAt: number, resumedAt: number, id: VitalId, config: AlarmConfig): number =>
  Math.max(heardAt, resumedAt) + config.silentAfterMs[vitalOf(id).measured];

const lastOfEach = (readings: readonly VitalReading[]): VitalReading[] =>
  readings.filter(({ mdc }, index) => readings.findLastIndex((other) => other.mdc === mdc) === index);
