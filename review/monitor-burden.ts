import type { Burden } from '#contracts/http/review.ts';
import { PRIORITIES } from '#domain/alarms/conditions.ts';
import type { Database } from '#platform/database.ts';
import { type Bounds, IN_SCOPE } from './burden-statements.ts';

/** How many alarms monitors reported: beside the station's own, and counted nowhere else. */

/** What goes on lasts until the end of the range. Each is counted by the most urgent that it was told to be. */
const FIGURES = `
  select worst_priority as priority, count(*)::int as alarms,
    (coalesce(sum(extract(epoch from least(coalesce(ended_at, $4), $4) - decided_at)), 0) * 1000)::float8 as "totalMs"
  from monitor_alarms
  where kind = 'reported' and decided_at >= $3 and decided_at < $4 and ${IN_SCOPE}
  group by worst_priority`;

const ANNOUNCEMENTS = `
  select count(*)::int as announcements from monitor_alarm_events
  where type in ('onset', 'escalated', 'recurred') and detail -> 'alarm' ->> 'kind' = 'reported'
    and at >= $3 and at < $4 and ${IN_SCOPE}`;

type Figure = { priority: (typeof PRIORITIES)[number]; alarms: number; totalMs: number };

/** `perDay`: a count by monitored bed and day. Rejects when the database is away. */
export const readMonitorBurden = async (
  database: Database,
  bounds: Bounds,
  perDay: (count: number) => number | null,
): Promise<Burden['monitors']> => {
  const { rows } = await database.query<Figure>(FIGURES, [...bounds]);
  const { rows: announced } = await database.query<{ announcements: number }>(ANNOUNCEMENTS, [...bounds]);
  const alarms = rows.reduce((sum, row) => sum + row.alarms, 0);
  const none = Object.fromEntries(PRIORITIES.map((priority) => [priority, 0]));
  return {
    alarms,
    announcements: announced[0]?.announcements ?? 0,
    totalMs: rows.reduce((sum, row) => sum + row.totalMs, 0),
    byPriority: {
      ...none,
      ...Object.fromEntries(rows.map((row) => [row.priority, row.alarms])),
    } as Burden['monitors']['byPriority'],
    perBedDay: perDay(alarms),
  };
};
