import type { Alarm } from '#domain/alarms/alarm.ts';
import { condition } from '#domain/alarms/conditions.ts';
import { type AlarmConfig, override } from '#domain/alarms/settings.ts';
import { initialState } from '#domain/alarms/state.ts';
import { vitalByMdc } from '#domain/vitals.ts';
import type { Database } from '#platform/database.ts';
import { coerceError } from '#platform/errors.ts';
import { createEpisodes, type Episode, spanOf } from './episodes.ts';
import { type AnnouncedSpan, type LatePart, type LateReading, ownParts } from './late-parts.ts';
import { type LateSettings, settingsAt } from './late-settings.ts';
import { readMessages } from './readings.ts';
import { type Checkpoint, createReplay, merge } from './replay.ts';
import type { Span } from './spans.ts';
import { readEvents, readEventsBefore, readInputs } from './stored.ts';
import { createThrottle } from './throttle.ts';

/**
 * Alarms that the late readings of a bed in a span of measured time would have made:
 *
 *   replay by measured time ─▶ episodes ─▶ their late parts that were not announced ─▶ alarms, late
 */

/**
 * The replay begins so long before the late readings: longer than any delay, so that what had begun to count is known,
 * and that breaths were seen.
 */
const WARM_UP_MS = 300_000;
/** The replay goes on for so long after them, to see whether what they began goes on. */
const SETTLE_MS = 300_000;
/** A late alarm that goes on for longer is cut here: each slice would go through all of it again. */
const LONGEST_REACH_MS = 86_400_000;
/** Late alarms that reach into the span: they are found again whole. */
const REACH = `
  select (extract(epoch from min(started_at)) * 1000)::float8 as from, (extract(epoch from max(ended_at)) * 1000)::float8 as to
  from alarms
  where late and bed_id = $1 and started_at <= to_timestamp($3::float8 / 1000) and ended_at >= to_timestamp($2::float8 / 1000)
    and started_at >= to_timestamp(($2::float8 - ${LONGEST_REACH_MS}) / 1000)`;

/** Alarms that were found before in the same span are found again, or were only a part of one. */
const FORGET = `
  delete from alarms
  where late and bed_id = $1 and started_at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)
    and id <> all($4::text[])`;

const KEEP = `
  insert into alarms (id, unit_id, bed_id, encounter_id, kind, condition, vital, type, priority, state, late,
    started_at, decided_at, measured_at, ended_at, end_cause, value, limit_value, worst, recurrences, config)
  select $1, (select unit_id from beds where id = $2), $2,
    (select id from encounters where bed_id = $2 and started_at <= at.started
      and coalesce(ended_at, 'infinity') > at.started order by started_at desc limit 1),
    $3, $4, $5, 'physiological', $6, 'ended', true, at.started, at.decided, at.measured, at.ended, $7, $8, $9, $10, 0, $11
  from (select to_timestamp($12::float8 / 1000) as started, to_timestamp($13::float8 / 1000) as decided,
    to_timestamp($14::float8 / 1000) as measured, to_timestamp($15::float8 / 1000) as ended) as at
  on conflict (id) do update set condition = excluded.condition, priority = excluded.priority,
    decided_at = excluded.decided_at, ended_at = excluded.ended_at, end_cause = excluded.end_cause, worst = excluded.worst,
    value = excluded.value, limit_value = excluded.limit_value, measured_at = excluded.measured_at`;

const ASSUME = `
  insert into late_assumptions (bed_id, measured_from, measured_to, basis, age_group)
  values ($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000), $4, $5)
  on conflict (bed_id, measured_from) do update set
    measured_to = greatest(late_assumptions.measured_to, excluded.measured_to),
    basis = excluded.basis, age_group = excluded.age_group`;

/** Nobody could have acknowledged an alarm that nobody heard: each episode ends with its condition. */
const unlatched = (config: AlarmConfig): AlarmConfig =>
  override(config, { latching: { low: false, medium: false, high: false } });

/** What is known of each vital only by late readings, as spans: from the first until the next that was live. */
const createLateGaps = () => {
  const gaps = new Map<string, { from: number; to: number }[]>();
  const readings = new Map<string, LateReading[]>();
  const listOf = <Item>(lists: Map<string, Item[]>, vital: string): Item[] => {
    const known = lists.get(vital) ?? [];
    lists.set(vital, known);
    return known;
  };
  return {
    take(vital: string, { time, value }: LateReading, isLate: boolean): void {
      const known = listOf(gaps, vital);
      const last = known.at(-1);
      const isOpen = last?.to === Number.POSITIVE_INFINITY;
      if (isLate) listOf(readings, vital).push({ time, value });
      if (isLate && !isOpen) known.push({ from: time, to: Number.POSITIVE_INFINITY });
      else if (!isLate && last && isOpen) last.to = time;
    },
    of: (vital: string): readonly Span[] => gaps.get(vital) ?? [],
    readings: (vital: string): readonly LateReading[] => readings.get(vital) ?? [],
  };
};

type Found = { readonly alarm: Alarm; readonly cause: Episode['cause']; readonly part: LatePart };

/** Spans in which alarms were announced and their conditions held. What is latched is over. */
const announcedSpans = async (database: Database, bed: string, span: Span): Promise<AnnouncedSpan[]> => {
  const open = new Map<string, AnnouncedSpan>();
  const spans: AnnouncedSpan[] = [];
  const close = (id: string, to: number): void => {
    const known = open.get(id);
    if (known) spans.push({ ...known, to });
    open.delete(id);
  };
  const before = await readEventsBefore(database, bed, span.from);
  for (const event of [...before, ...(await readEvents(database, bed, span.from, span.to))]) {
    if (!('alarm' in event)) continue;
    const { alarm, type, at } = event;
    if (condition(alarm.condition).type !== 'physiological') continue;
    if (type === 'acknowledged') continue;
    close(alarm.id, at);
    if (type === 'latched' || type === 'ended') continue;
    const from = type === 'onset' ? Math.min(at, alarm.startedAt) : at;
    open.set(alarm.id, { kind: alarm.kind, condition: alarm.condition, from, to: Number.POSITIVE_INFINITY });
  }
  return [...spans, ...open.values()];
};

const recompute = async (
  database: Database,
  bed: string,
  span: Span,
  { config }: LateSettings,
): Promise<{ parts: Found[]; configuredAt: readonly number[] }> => {
  const state = { ...initialState(bed), at: span.from };
  const from: Checkpoint = { type: 'checkpoint', config: null, at: span.from, state };
  const inputs = await readInputs(database, bed, from, span.to);
  const withSettings = inputs.filter((input) => input.type === 'occupied' || input.type === 'configured');
  const announced = await announcedSpans(database, bed, span);
  const replay = createReplay({ from, config, change: unlatched });
  const episodes = createEpisodes([]);
  const configs = new Map<string, AlarmConfig>();
  const gaps = createLateGaps();
  const throttle = createThrottle();
  const messages = readMessages(database, { bed, fromMs: span.from, toMs: span.to }, 'measured');
  for await (const items of merge(withSettings, messages)) {
    for (const item of items) {
      for (const event of replay.take(item)) {
        episodes.take(event);
        if ('alarm' in event && event.type === 'onset') configs.set(event.alarm.id, replay.config());
      }
      if (item.type !== 'vitals') continue;
      const isLate = 'late' in item && item.late === true;
      for (const { mdc, value } of item.readings) gaps.take(vitalByMdc(mdc) ?? '', { time: item.time, value }, isLate);
    }
    await throttle.rest();
  }
  for (const event of replay.take({ type: 'tick', at: span.to })) episodes.take(event);
  const parts = episodes.all().flatMap((episode): Found[] => {
    const { alarm, cause } = episode;
    const { kind, vital } = alarm;
    if (vital === null || condition(alarm.condition).type !== 'physiological') return [];
    const { from: begin, to } = spanOf(episode);
    const settings = (configs.get(alarm.id) ?? config).vitals[vital];
    const whole = { kind, vital, condition: alarm.condition, settings, from: begin, to: to ?? span.to };
    const own = ownParts(whole, gaps.of(vital), gaps.readings(vital), announced);
    return own.map((part) => ({ alarm, cause, part }));
  });
  return { parts, configuredAt: withSettings.map(({ at }) => at) };
};

export const lateAlarmId = (bed: string, kind: string, startedAt: number): string =>
  `late-${bed}-${kind}-${Math.floor(startedAt).toString(36)}`;

const keepArguments = (bed: string, { alarm, cause, part }: Found): unknown[] => [
  lateAlarmId(bed, alarm.kind, part.from),
  bed,
  alarm.kind,
  part.condition,
  alarm.vital,
  condition(part.condition).priority,
  cause ?? 'recovered',
  alarm.value,
  part.limit ?? alarm.limit,
  part.worst ?? alarm.worst,
  JSON.stringify(alarm.config),
  part.from,
  Math.min(Math.max(alarm.decidedAt, part.from), part.to),
  alarm.measuredAt,
  part.to,
];

/** Puts the late alarms of a bed in [from, to] into the record. Harmless when repeated. Resolves with how many there are. */
export const scoreSpan = async (database: Database, bed: string, late: Span): Promise<number> => {
  const near = [bed, late.from - WARM_UP_MS, late.to + SETTLE_MS];
  const { rows: reach } = await database.query<{ from: number | null; to: number | null }>(REACH, near);
  const firstMs = Math.min(late.from, reach[0]?.from ?? late.from);
  const span = { from: firstMs - WARM_UP_MS, to: Math.max(late.to, reach[0]?.to ?? late.to) + SETTLE_MS };
  const settings = await settingsAt(database, bed, late.from);
  const { parts, configuredAt } = await recompute(database, bed, span, settings);
  // An alarm that was over before the span was found whole by the pass before.
  const found = parts.filter(({ part }) => part.to >= firstMs);
  const ids = found.map(({ alarm, part }) => lateAlarmId(bed, alarm.kind, part.from));
  const client = await database.connect();
  let failure: Error | undefined;
  try {
    await client.query('begin');
    await client.query(FORGET, [bed, firstMs, span.to, ids]);
    for (const one of found) await client.query(KEEP, keepArguments(bed, one));
    if (settings.basis !== 'in-force') {
      const assumedTo = Math.min(late.to, ...configuredAt.filter((at) => at > late.from));
      await client.query(ASSUME, [bed, late.from, assumedTo, settings.basis, settings.config.version.preset]);
    }
    await client.query('commit');
  } catch (error) {
    failure = coerceError(error);
    throw error;
  } finally {
    client.release(failure);
  }
  return found.length;
};
