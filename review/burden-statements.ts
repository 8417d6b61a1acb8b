/** What the burden of alarms is counted by. */

export type Bounds = readonly [unit: string | null, bed: string | null, from: Date, to: Date];

/** The parameters of each statement: $1 unit, $2 bed, $3 from, $4 to. */
export const IN_SCOPE = `
  bed_id is not null and ($1::text is null or unit_id = $1) and ($2::text is null or bed_id = $2)`;

const GROUP = `unit_id, bed_id, to_char(decided_at at time zone 'UTC', 'YYYY-MM-DD'), priority, condition, kind`;
const NAMES = `unit_id as "unit", bed_id as "bed",
  to_char(decided_at at time zone 'UTC', 'YYYY-MM-DD') as "day", priority, condition, kind`;

/** What goes on lasts until the end of the range. Alarms of five minutes before are there for what repeats them. */
export const FIGURES = `
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

export const LATE = `
  select ${NAMES}, count(*)::int as "late" from alarms
  where late and decided_at >= $3 and decided_at < $4 and ${IN_SCOPE}
  group by ${GROUP}`;

/** Each time something is heard, as it was then, also at the bed that a patient moved to: an alarm of one day may be announced again on the next. */
export const ANNOUNCEMENTS = `
  select unit_id as "unit", bed_id as "bed", to_char(at at time zone 'UTC', 'YYYY-MM-DD') as "day",
    detail -> 'alarm' ->> 'priority' as priority, detail -> 'alarm' ->> 'condition' as condition,
    detail -> 'alarm' ->> 'kind' as kind, count(*)::int as "announcements"
  from alarm_events
  where type in ('onset', 'escalated', 'recurred', 'moved-in') and at >= $3 and at < $4 and ${IN_SCOPE}
  group by 1, 2, 3, 4, 5, 6`;
