import type { Burden, BurdenQuestion, BurdenRow, Figures } from '#contracts/http/review.ts';
import { PRIORITIES } from '#domain/alarms/conditions.ts';
import type { Database } from '#platform/database.ts';
import { ANNOUNCEMENTS, type Bounds, FIGURES, LATE } from './burden-statements.ts';
import { benchmarksOf, causeOf, topShare } from './concentration.ts';
import { readLateCaveats } from './late-caveats.ts';
import { readMonitorBurden } from './monitor-burden.ts';
import { monitoredMs } from './monitored.ts';
import { round } from './rounding.ts';
import { readUnitBurdens } from './unit-burden.ts';

/** How much the alarms of a unit, of a bed or of all asked of people. Counted are those decided in the range. */

const DAY_MS = 86_400_000;

type Named = Pick<BurdenRow, 'unit' | 'bed' | 'day' | 'priority' | 'condition' | 'kind'>;

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

/** Counts of the same thing are joined in one row; what has no like has a row of its own. */
const joined = (...counts: readonly (readonly Counted[])[]): BurdenRow[] => {
  const keyOf = ({ bed, day, priority, condition, kind }: Named) =>
    JSON.stringify([bed, day, priority, condition, kind]);
  const all = new Map<string, BurdenRow>();
  for (const row of counts.flat()) {
    all.set(keyOf(row), { ...NO_FIGURES, late: 0, ...all.get(keyOf(row)), ...row });
  }
  return [...all.values()];
};

/** Rejects when the database is away. */
export const readBurden = async (database: Database, { unit, bed, fromMs, toMs }: BurdenQuestion): Promise<Burden> => {
  const bounds: Bounds = [unit ?? null, bed ?? null, new Date(fromMs), new Date(toMs)];
  const all = async <Row extends object>(text: string): Promise<Row[]> =>
    (await database.query<Row>(text, [...bounds])).rows;

  const figures = await all<Named & Omit<Figures, 'announcements'> & { isTotal: boolean }>(FIGURES);
  const announced = await all<Named & { announcements: number }>(ANNOUNCEMENTS);
  const late = await all<Named & { late: number }>(LATE);
  const units = await readUnitBurdens(database, bounds);

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

  const beds = units.reduce((sum, each) => sum + each.beds, 0);
  const bedDays = (beds * (toMs - fromMs)) / DAY_MS;
  const monitoredBedDays = (await monitoredMs(database, bounds)) / DAY_MS;
  const perDay = (count: number) => (monitoredBedDays > 0 ? round(count / monitoredBedDays) : null);
  const announcements = announced.reduce((sum, row) => sum + row.announcements, 0);
  const perBedDay = perDay(alarms);
  const announcementsPerBedDay = perDay(announcements);
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
    monitors: await readMonitorBurden(database, bounds, perDay),
    lateDoubts: await readLateCaveats(database, bounds),
    rows,
    topBeds: topShare(rows, ({ bed: name }) => name ?? '', beds),
    topCauses: topShare(rows, causeOf),
    units,
    benchmarks: benchmarksOf({ units, byPriority, alarms, announcementsPerBedDay }),
  };
};
