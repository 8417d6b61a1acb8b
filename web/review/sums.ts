import type { KnownAlarm } from '#contracts/http/alarms.ts';
import type { Burden, BurdenRow } from '#contracts/http/review.ts';
import { PRIORITIES, type Priority } from '#domain/alarms/conditions.ts';

/** Sums of a burden report, as they are drawn. */

export type ByPriority = Readonly<Record<Priority, number>>;

const NONE: ByPriority = { low: 0, medium: 0, high: 0 };

const DAY_MS = 86_400_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Every UTC day of the report, also one without alarms: a gap would look like time that did not pass. */
export const byDay = ({
  from,
  to,
  rows,
}: Pick<Burden, 'from' | 'to' | 'rows'>): readonly { day: string; counts: ByPriority }[] => {
  const days = new Map<string, Record<Priority, number>>();
  const first = Date.parse(`${dayOf(Date.parse(from))}T00:00:00Z`);
  for (let at = first; at < Date.parse(to); at += DAY_MS) days.set(dayOf(at), { ...NONE });
  for (const { day, priority, alarms } of rows) {
    const counts = days.get(day) ?? { ...NONE };
    counts[priority] += alarms;
    days.set(day, counts);
  }
  return [...days].map(([day, counts]) => ({ day, counts })).toSorted((a, b) => (a.day < b.day ? -1 : 1));
};

export type Group = { readonly row: BurdenRow; readonly alarms: number };

/** The groups with the most alarms, the first of each standing for it. */
export const most = (
  rows: readonly BurdenRow[],
  keyOf: (row: BurdenRow) => string,
  limit: number,
): readonly Group[] => {
  const groups = new Map<string, { row: BurdenRow; alarms: number }>();
  for (const row of rows) {
    const group = groups.get(keyOf(row)) ?? { row, alarms: 0 };
    group.alarms += row.alarms;
    groups.set(keyOf(row), group);
  }
  return [...groups.values()]
    .filter(({ alarms }) => alarms > 0)
    .toSorted((a, b) => b.alarms - a.alarms)
    .slice(0, limit);
};

export const sumOf = (counts: ByPriority): number => PRIORITIES.reduce((sum, priority) => sum + counts[priority], 0);

const SECOND = 1_000;
/** The upper ends of the times; after them come the alarms that took longer, and those that ended without an answer. */
const RESPONSE_ENDS_MS = [15 * SECOND, 60 * SECOND, 180 * SECOND, 600 * SECOND, Number.POSITIVE_INFINITY];

/**
 * How many alarms were acknowledged within each time, and at last how many ended without. Alarms that go on without an
 * answer are not counted.
 */
export const responses = (
  alarms: readonly Pick<KnownAlarm, 'decidedAt' | 'acknowledgedAt' | 'endedAt' | 'late'>[],
): readonly number[] => {
  const bins = RESPONSE_ENDS_MS.map(() => 0);
  let without = 0;
  for (const { decidedAt, acknowledgedAt, endedAt, late } of alarms) {
    if (late) continue;
    if (acknowledgedAt === null) {
      if (endedAt !== null) without++;
      continue;
    }
    const place = RESPONSE_ENDS_MS.findIndex((end) => acknowledgedAt - decidedAt <= end);
    bins[place] = (bins[place] ?? 0) + 1;
  }
  return [...bins, without];
};

/** What others found bearable: EEMUA 191 / IEC 62682, and Drew 2014 for ICUs. The same as the station's report says. */
export const BENCHMARKS = {
  alarmsPerHour: [6, 12, 30],
  mostIn10min: 10,
  perBedDay: 187,
  split: { low: 0.8, medium: 0.15, high: 0.05 },
} as const;
