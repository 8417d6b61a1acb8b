import type { LateCaveat } from '#contracts/http/review.ts';
import type { Database } from '#platform/database.ts';

/** What the late alarms of a range do not tell, or tell by an assumption. */

type Bounds = readonly [unit: string | null, bed: string | null, from: Date, to: Date];
type Row = {
  bed: string | null;
  device: string | null;
  from: Date;
  to: Date;
  why: LateCaveat['why'];
  ageGroup: string | null;
};

const CHOSEN = `select id from beds where ($1::text is null or unit_id = $1) and ($2::text is null or id = $2)`;

/** Late readings that were not looked at yet, that are of no bed, and those that were scored by settings of another time. */
const CAVEATS = `
  select series.bed_id as bed, null as device, min(time) as from, max(time) as to, 'waiting' as why, null as "ageGroup"
  from vitals join series on series.id = series_id
  left join late_scores on late_scores.bed_id = series.bed_id
  left join late_passes on late_passes.bed_id = series.bed_id
  where late and time >= $3 and time < $4 and series.bed_id in (${CHOSEN})
    and received_at > coalesce(late_scores.received_through, '-infinity')
    and not (coalesce(received_at <= late_passes.received_through and time < late_passes.measured_through, false))
  group by series.bed_id
  union all
  select null, series.device_id, min(time), max(time), 'no-bed', null
  from vitals join series on series.id = series_id join devices on devices.id = series.device_id
  where late and time >= $3 and time < $4 and series.bed_id is null
    and $2::text is null and ($1::text is null or devices.unit_id = $1)
  group by series.device_id
  union all
  select bed_id, null, greatest(measured_from, $3), least(measured_to, $4), basis, age_group
  from late_assumptions
  where bed_id in (${CHOSEN}) and measured_from < $4 and measured_to >= $3
  order by 3, 1, 2 limit 200`;

/** Rejects when the database is away. */
export const readLateCaveats = async (database: Database, bounds: Bounds): Promise<LateCaveat[]> => {
  const { rows } = await database.query<Row>(CAVEATS, [...bounds]);
  return rows.map(({ bed, device, from, to, why, ageGroup }) => ({
    bed,
    device,
    from: from.toISOString(),
    to: to.toISOString(),
    why,
    ageGroup,
  }));
};

/** The caveat in words, for a report in English. */
export const lateCaveatText = ({ bed, device, from, to, why, ageGroup }: LateCaveat): string => {
  const span = `late readings of ${bed ?? device} from ${from} to ${to}`;
  if (why === 'waiting') return `${span} are not scored yet`;
  if (why === 'no-bed') return `${span} are of no bed, and are not scored: the device was at none then`;
  return why === 'earliest-known'
    ? `${span} were scored by the earliest settings known of the bed (${ageGroup}): those of the time are not`
    : `${span} were scored by the preset (${ageGroup}): no settings of the time are known`;
};
