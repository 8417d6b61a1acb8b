import type { Database } from '#platform/database.ts';
import { storedUntil } from './caveats.ts';
import { intersect, lengthOf, type Span, subtract, union } from './spans.ts';

/**
 * For how long beds were monitored: with a patient and a device in them, the device heard, the station running. Alarms
 * are counted against that time; an empty bed needs nobody's attention.
 */

type Bounds = readonly [unit: string | null, bed: string | null, from: Date, to: Date];

/** `device` null: of no device, or of the only one. */
type Row = { bed: string; device?: string | null; from: number; to: number };

const epochMs = (expression: string): string => `(extract(epoch from ${expression}) * 1000)::float8`;

const CHOSEN = `select id from beds where ($1::text is null or unit_id = $1) and ($2::text is null or id = $2)`;

const PATIENTS = `
  select bed_id as bed, ${epochMs('greatest(started_at, $3)')} as from, ${epochMs('least(coalesce(ended_at, $4), $4)')} as to
  from encounters
  where bed_id in (${CHOSEN}) and started_at < $4::timestamptz and coalesce(ended_at, 'infinity') > $3::timestamptz`;

/**
 * A device counts from its first reading to its last, found by index probes, one a vital; its alarms of `device-link`
 * show silence in between. A bed is monitored while one of its devices is heard. The range is told again beside the stay, which
 * lies in it: by it the server leaves out the days of a partitioned table before it looks.
 */
const DEVICES = `
  select assignment.bed_id as bed, assignment.device_id as device, ${epochMs('min(first.time)')} as from, ${epochMs('max(last.time)')} as to
  from device_assignments as assignment
  join series on series.device_id = assignment.device_id and series.bed_id = assignment.bed_id
  cross join lateral (
    select greatest(assignment.started_at, $3::timestamptz) as from,
      least(coalesce(assignment.ended_at, $4::timestamptz), $4::timestamptz) as to
  ) as stay
  cross join lateral (
    select time from vitals
    where series_id = series.id and time >= stay.from and time < stay.to and time >= $3 and time < $4 and not late
    order by time limit 1
  ) as first
  cross join lateral (
    select time from vitals
    where series_id = series.id and time >= stay.from and time < stay.to and time >= $3 and time < $4 and not late
    order by time desc limit 1
  ) as last
  where assignment.bed_id in (${CHOSEN}) and stay.from < stay.to
  group by assignment.id, assignment.bed_id, assignment.device_id`;

const SILENCES = `
  select bed_id as bed, device_id as device, ${epochMs('started_at')} as from, ${epochMs('coalesce(ended_at, $4)')} as to
  from alarms
  where not late and kind = 'device-link' and bed_id in (${CHOSEN}) and decided_at < $4::timestamptz
    and decided_at > $3::timestamptz - interval '40 days' and coalesce(ended_at, 'infinity') > $3::timestamptz`;

const STARTS = `
  select ${epochMs('at')} as at from alarm_inputs
  where bed_id is null and type = 'resumed' and at > $1 and at < $2 order by at limit 500`;

/** When the station did not run. */
const outages = async (database: Database, from: Date, to: Date): Promise<Span[]> => {
  const { rows } = await database.query<{ at: number }>(STARTS, [from, to]);
  const spans: Span[] = [];
  for (const { at } of rows) {
    const aliveAt = Math.max(from.getTime(), await storedUntil(database, null, at));
    if (aliveAt < at) spans.push({ from: aliveAt, to: at });
  }
  return spans;
};

const byBed = (rows: readonly Row[]): Map<string, Row[]> => {
  const beds = new Map<string, Row[]>();
  for (const row of rows) beds.set(row.bed, [...(beds.get(row.bed) ?? []), row]);
  return beds;
};

/** When any of the devices was heard. */
const heardBy = (devices: readonly Row[], silences: readonly Row[]): Span[] =>
  union(
    devices.flatMap((heard) =>
      subtract(
        [heard],
        silences.filter(({ device }) => device === null || device === heard.device),
      ),
    ),
  );

/** Milliseconds of all beds together. Rejects when the database is away. */
export const monitoredMs = async (database: Database, bounds: Bounds): Promise<number> => {
  const spansOf = async (text: string) => byBed((await database.query<Row>(text, [...bounds])).rows);
  const patients = await spansOf(PATIENTS);
  const devices = await spansOf(DEVICES);
  const silences = await spansOf(SILENCES);
  const [, , from, to] = bounds;
  const down = await outages(database, from, to);
  let sumMs = 0;
  for (const [bed, present] of patients) {
    const heard = heardBy(devices.get(bed) ?? [], silences.get(bed) ?? []);
    sumMs += lengthOf(subtract(intersect(present, heard), down));
  }
  return sumMs;
};
