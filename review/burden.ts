import type { Burden, BurdenQuestion, BurdenRow, Figures, UnitBurden } from '#contracts/http/review.ts';
import { PRIORITIES } from '#domain/alarms/conditions.ts';
import { readByCursor } from '#platform/cursor.ts';
import type { Database } from '#platform/database.ts';
import { benchmarksOf, causeOf, topShare } from './concentration.ts';
import { createFloodWatch, type FloodWatch, loadOf } from './floods.ts';
import { readLateDoubts } from './late-doubts.ts';
import { monitoredMs } from './monitored.ts';

/** How much the alarms of a unit, of a bed or of all asked of people. Counted are those decided in the range. */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** $1 unit, $2 bed, $3 from, $4 to. */
const IN_SCOPE = `
  bed_id is not null and ($1::text is null or unit_id = $1) and ($2::text is null or bed_id = $2)`;

const GROUP = `unit_id, bed_id, to_char(decided_at at time zone 'UTC', 'YYYY-MM-DD'), priority, condition, kind`;
const NAMES = `unit_id as "unit", bed_id as "bed",
  to_char(decided_at at time zone 'UTC', 'YYYY-MM-DD') as "day", priority, condition, kind`;

/** What goes on lasts until the end of the range. Alarms of five minutes before are there for what repeats them. */
const FIGURES = `
  with chosen as (
    select *, least(coalesce(ended_at, $4), $4) - decided_at as duration, ended_at <= $4 as has_ended,
      lag(ended_at) over same as ended_before, lag(decided_at, 2) over same as third_last
    from alarms
    where not late and decided_at >= $3::timestamptz - interval '5 minutes' and decided_at < $4 and ${IN_SCOPE}
    window same as (partition by bed_id, kind order by decided_at, id)
  )
  select ${NAMES},
    grouping(bed_id) = 1 as "isTotal",
    count(*)::int as "alarms",
    (coalesce(sum(extract(epoch from duration)), 0) * 1000)::float8 as "totalMs",
    percentile_cont(0.5) within group (order by extract(epoch from duration) * 1000) as "medianMs",
    count(*) filter (where has_ended and duration < interval '15 s')::float8
      / nullif(count(*) filter (where has_ended), 0) as "under15s",
    count(*) filter (where least(duration, acknowledged_at - decided_at) > interval '60 s')::int
      as "unacknowledgedOver60s",
    count(*) filter (where decided_at - ended_before < interval '5 minutes')::int as "repeatsWithin5min",
    count(*) filter (where decided_at - third_last <= interval '1 minute')::int as "chattering",
    count(*) filter (where duration > interval '24 hours')::int as "standingOver24h"
  from chosen
  where decided_at >= $3
  group by grouping sets ((${GROUP}), ())
  order by bed_id, 3, priority, condition, kind`;

const LATE = `
  select ${NAMES}, count(*)::int as "late" from alarms
  where late and decided_at >= $3 and decided_at < $4 and ${IN_SCOPE}
  group by ${GROUP}`;

/** Each time something is heard, as it was then, also at the bed that a patient moved to: an alarm of one day may be announced again on the next. */
const ANNOUNCEMENTS = `
  select unit_id as "unit", bed_id as "bed", to_char(at at time zone 'UTC', 'YYYY-MM-DD') as "day",
    detail -> 'alarm' ->> 'priority' as priority, detail -> 'alarm' ->> 'condition' as condition,
    detail -> 'alarm' ->> 'kind' as kind, count(*)::int as "announcements"
  from alarm_events
  where type in ('onset', 'escalated', 'recurred', 'moved-in') and at >= $3 and at < $4 and ${IN_SCOPE}
  group by 1, 2, 3, 4, 5, 6`;

const BEDS = `
  select unit_id as unit, count(*)::int as beds from beds
  where ($1::text is null or unit_id = $1) and ($2::text is null or id = $2) and $3::timestamptz < $4
  group by unit_id order by unit_id`;

const STARTS = `
  select unit_id, (extract(epoch from decided_at) * 1000)::float8 from alarms
  where not late and unit_id is not null and decided_at >= $3 and decided_at < $4 and ${IN_SCOPE}
  order by decided_at`;

type Bounds = readonly [unit: string | null, bed: string | null, from: Date, to: Date];
type Named = Pick<BurdenRow, 'unit' | 'bed' | 'day' | 'priority' | 'condition' | 'kind'>;

const ROWS_AT_ONCE = 5_000;

/** One watch a unit over the starts of all alarms, which may be millions. */
const watchUnits = async (
  database: Database,
  bounds: Bounds,
): Promise<Map<string, { watch: FloodWatch; alarms: number }>> => {
  const units = new Map<string, { watch: FloodWatch; alarms: number }>();
  const starts = { text: STARTS, values: bounds };
  for await (const rows of readByCursor<[unit: string, at: number]>(database, [starts], ROWS_AT_ONCE)) {
    for (const [unit, at] of rows) {
      const known = units.get(unit) ?? { watch: createFloodWatch(), alarms: 0 };
      units.set(unit, known);
      known.alarms++;
      known.watch.take(at);
    }
  }
  return units;
};

const NO_FIGURES: Figures = {
  alarms: 0,
  announcements: 0,
  totalMs: 0,
  medianMs: null,
  under15s: null,
  unacknowledgedOver60s: 0,
  repeatsWithin5min: 0,
  chattering: 0,
  standingOver24h: 0,
};

type Counted = Named & Partial<Figures> & { readonly late?: number };

/** What is counted of the same joins the row of its like, or stands alone in one. */
const joined = (...counts: readonly (readonly Counted[])[]): BurdenRow[] => {
  const keyOf = ({ bed, day, priority, condition, kind }: Named) =>
    JSON.stringify([bed, day, priority, condition, kind]);
  const all = new Map<string, BurdenRow>();
  for (const row of counts.flat()) {
    all.set(keyOf(row), { ...NO_FIGURES, late: 0, ...all.get(keyOf(row)), ...row });
  }
  return [...all.values()];
};

const round = (value: number, digits = 2): number => Math.round(value * 10 ** digits) / 10 ** digits;

/** Rejects when the database is away. */
export const readBurden = async (database: Database, { unit, bed, fromMs, toMs }: BurdenQuestion): Promise<Burden> => {
  const bounds: Bounds = [unit ?? null, bed ?? null, new Date(fromMs), new Date(toMs)];
  const all = async <Row extends object>(text: string): Promise<Row[]> =>
    (await database.query<Row>(text, [...bounds])).rows;

  const figures = await all<Named & Omit<Figures, 'announcements'> & { isTotal: boolean }>(FIGURES);
  const announced = await all<Named & { announcements: number }>(ANNOUNCEMENTS);
  const late = await all<Named & { late: number }>(LATE);
  const places = await all<{ unit: string; beds: number }>(BEDS);
  const watched = await watchUnits(database, bounds);

  const rows = joined(
    figures.flatMap(({ isTotal, ...row }) => (isTotal ? [] : [row])),
    announced,
    late,
  );
  const total = figures.find(({ isTotal }) => isTotal) ?? NO_FIGURES;
  const { alarms, totalMs, medianMs, under15s, unacknowledgedOver60s, repeatsWithin5min, chattering, standingOver24h } =
    total;
  const byPriority = Object.fromEntries(PRIORITIES.map((priority) => [priority, 0])) as Burden['total']['byPriority'];
  for (const row of rows) byPriority[row.priority] += row.alarms;

  const spanMs = toMs - fromMs;
  const beds = places.reduce((sum, place) => sum + place.beds, 0);
  const bedDays = (beds * spanMs) / DAY_MS;
  const monitoredBedDays = (await monitoredMs(database, bounds)) / DAY_MS;
  const perDay = (count: number) => (monitoredBedDays > 0 ? round(count / monitoredBedDays) : null);
  const announcements = announced.reduce((sum, row) => sum + row.announcements, 0);
  const perBedDay = perDay(alarms);
  const announcementsPerBedDay = perDay(announcements);
  const units = places.map((place): UnitBurden => {
    const { watch, alarms: count } = watched.get(place.unit) ?? { watch: createFloodWatch(), alarms: 0 };
    const { floods, peak } = watch.end(toMs);
    const floodMs = floods.reduce((sum, { from, to }) => sum + to - from, 0);
    const alarmsPerHour = round(count / (spanMs / HOUR_MS));
    return {
      ...place,
      alarmsPerHour,
      load: loadOf(alarmsPerHour),
      peakIn10min: peak,
      floods: floods.length,
      floodMs: Math.round(floodMs),
      floodShare: round(floodMs / spanMs, 4),
    };
  });
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    beds,
    bedDays: round(bedDays, 3),
    monitoredBedDays: round(monitoredBedDays, 3),
    total: {
      alarms,
      announcements,
      totalMs,
      medianMs,
      under15s,
      unacknowledgedOver60s,
      repeatsWithin5min,
      chattering,
      standingOver24h,
      late: late.reduce((sum, row) => sum + row.late, 0),
      byPriority,
      perBedDay,
      announcementsPerBedDay,
    },
    lateDoubts: await readLateDoubts(database, bounds),
    rows,
    topBeds: topShare(rows, ({ bed: name }) => name ?? '', beds),
    topCauses: topShare(rows, causeOf),
    units,
    benchmarks: benchmarksOf({ units, byPriority, alarms, announcementsPerBedDay }),
  };
};
