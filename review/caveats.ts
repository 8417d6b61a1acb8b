import type { Database } from '#platform/database.ts';
import { timeText } from './compare.ts';
import type { Subject } from './stored.ts';

/** Caveats of the record itself: how far it goes, and where it is not what the engine saw. */

/** Enough devices to tell whether the station lived; each costs an index probe. */
const SAMPLE = 40;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Finds, by index probes, the newest reading of some devices, and the newest decision or input. */
const STORED_UNTIL = `
  with watched as (
    select id from series where bed_id = $1
    union
    select series.id from series
    join (select device_id from device_assignments where ended_at is null order by id limit ${SAMPLE}) as present
      using (device_id)
  )
  select (extract(epoch from greatest(
    (select max(newest.received_at) from watched cross join lateral (
      select received_at from vitals
      where series_id = watched.id and not late and received_at < $2
        and time < $3 and time > $4
      order by time desc limit 1
    ) as newest),
    (select at from alarm_inputs where at < $2 order by at desc limit 1),
    -- A pause that ended while the station was away has the time it was to end.
    (select at from alarm_events where at < $2 and not (type = 'reactivated' and actor is null) order by at desc limit 1)
  )) * 1000)::float8 as until`;

/** The newest moment before a time at which the station certainly lived and stored; −Infinity when there is none. */
export const storedUntil = async (database: Database, subject: Subject, beforeMs: number): Promise<number> => {
  const { rows } = await database.query<{ until: number | null }>(STORED_UNTIL, [
    subject,
    new Date(beforeMs),
    new Date(beforeMs + HOUR_MS),
    new Date(beforeMs - 8 * DAY_MS),
  ]);
  return rows[0]?.until ?? Number.NEGATIVE_INFINITY;
};

type Range = { readonly fromMs: number; readonly toMs: number };
type Span = { from_ms: number; to_ms: number };

const spanText = ({ from_ms, to_ms }: Span): string => `${timeText(from_ms)} to ${timeText(to_ms)}`;

/**
 * Later changes of who and what was where: readings were given to other beds than those for which the engine had them.
 */
const CORRECTED = `
  select (extract(epoch from at) * 1000)::float8 as at, actor, action from audit_log
  where action in ('assignment:create', 'assignment:change', 'encounter:create', 'encounter:change')
    and at >= $2
    and coalesce((detail ->> 'start')::timestamptz, (detail ->> 'end')::timestamptz) < at - interval '5 seconds'
    and coalesce((detail ->> 'start')::timestamptz, (detail ->> 'end')::timestamptz) < $3
    and (
      detail ->> 'bed' = $1
      or detail ->> 'device' in (select device_id from series where bed_id = $1)
      or case split_part(action, ':', 1)
        when 'assignment' then subject in (
          select id::text from device_assignments
          where bed_id = $1 or device_id in (select device_id from series where bed_id = $1))
        else subject in (select id::text from encounters where bed_id = $1)
      end
    )
  order by at limit 20`;

/** Times when the journal was nearly full, and readings may have been shown that were never stored. */
const FULL = `
  select (extract(epoch from started_at) * 1000)::float8 as from_ms,
    (extract(epoch from coalesce(ended_at, $3)) * 1000)::float8 as to_ms
  from alarms
  where kind = 'station-journal' and started_at < $3 and coalesce(ended_at, 'infinity') > $2
    and $1::text is not null
  order by started_at limit 20`;

/** Records are written in the order in which they were decided: where their time goes back, the clock was set back. */
const SET_BACK = `
  select (extract(epoch from at) * 1000)::float8 as to_ms, (extract(epoch from before) * 1000)::float8 as from_ms
  from (
    select at, lag(at) over (partition by journal_id order by journal_seq, place) as before
    from alarm_inputs
    where bed_id is not distinct from $1 and type <> 'checkpoint' and at >= $2 and at < $3
  ) as inputs
  where before > at + interval '1 second' order by at limit 20`;

/** What verify cannot judge in the range, each in a sentence. */
export const notesOn = async (database: Database, subject: Subject, { fromMs, toMs }: Range): Promise<string[]> => {
  const bounds = [subject, new Date(fromMs), new Date(toMs)];
  const all = <Row extends object>(text: string) => database.query<Row>(text, bounds).then(({ rows }) => rows);
  const corrected = await all<{ at: number; actor: string; action: string }>(CORRECTED);
  const full = await all<Span>(FULL);
  const setBack = await all<Span>(SET_BACK);
  return [
    ...corrected.map(
      ({ at, actor, action }) =>
        `${action} by ${actor} at ${timeText(at)} was a correction: readings of before it may be of another bed now`,
    ),
    ...full.map(
      (span) => `the journal was filling from ${spanText(span)}: readings may have been shown and not stored`,
    ),
    ...setBack.map(
      (span) => `the station's clock was set back from ${spanText(span)}: what lies between was decided twice`,
    ),
  ];
};
