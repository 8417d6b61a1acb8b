import { type Queryable, query } from '../database/query.ts';
import { conflict, notFound } from '../http/problems.ts';
import { reattribute } from './reattribute.ts';

/**
 * Somebody or something at a bed, from and until: a patient (an encounter) or a device (an assignment). Each is at one
 * bed at a time. A bed has one patient at a time, and any number of devices.
 */
export const STAYS = {
  encounters: { table: 'encounters', column: 'patient_id', noun: 'encounter', guest: 'patient', isAlone: true },
  assignments: {
    table: 'device_assignments',
    column: 'device_id',
    noun: 'assignment',
    guest: 'device',
    isAlone: false,
  },
} as const;

export type StayKind = (typeof STAYS)[keyof typeof STAYS];

/** `guest` is the id of the patient or device. Times are ISO 8601. */
export type Stay<Guest> = {
  readonly id: number;
  readonly guest: Guest;
  readonly bed: string;
  readonly start: string;
  readonly end: string | null;
};

type StayRow = { id: number; guest: string | number; bed: string; start: Date; end: Date | null };

export const STAYS_AT_ONCE = 1_000;

const columns = ({ column }: StayKind) => `id, ${column} as guest, bed_id as bed, started_at as start, ended_at as end`;

const toStay = <Guest>(row: StayRow): Stay<Guest> => ({
  id: row.id,
  guest: row.guest as Guest,
  bed: row.bed,
  start: row.start.toISOString(),
  end: row.end?.toISOString() ?? null,
});

/** The newest first; what is undefined does not matter. */
export const listStays = async <Guest>(
  database: Queryable,
  kind: StayKind,
  { guest, bed, open }: { guest?: Guest | undefined; bed?: string | undefined; open?: boolean | undefined },
): Promise<Stay<Guest>[]> => {
  const rows = await query<StayRow>(
    database,
    `select ${columns(kind)} from ${kind.table}
     where ($1::text is null or ${kind.column}::text = $1)
       and ($2::text is null or bed_id = $2)
       and ($3::boolean is null or (ended_at is null) = $3)
     order by started_at desc, id desc limit ${STAYS_AT_ONCE}`,
    [guest === undefined ? null : String(guest), bed ?? null, open ?? null],
  );
  return rows.map((row) => toStay<Guest>(row));
};

/** Locks it, for the rest of the transaction. */
export const readStay = async <Guest>(database: Queryable, kind: StayKind, id: number): Promise<Stay<Guest>> => {
  const rows = await query<StayRow>(
    database,
    `select ${columns(kind)} from ${kind.table} where id = $1 for no key update`,
    [id],
  );
  const [row] = rows;
  if (!row) throw notFound(`there is no ${kind.noun} ${id}`);
  return toStay<Guest>(row);
};

/** Must be called within a transaction; rejects with 409 when another stay is in its way. */
export const createStay = async <Guest>(
  database: Queryable,
  kind: StayKind,
  stay: Omit<Stay<Guest>, 'id'>,
): Promise<Stay<Guest>> => {
  await refuseOverlap(database, kind, { ...stay, id: 0 });
  const [row] = await query<StayRow>(
    database,
    `insert into ${kind.table} (${kind.column}, bed_id, started_at, ended_at) values ($1, $2, $3, $4)
     returning ${columns(kind)}`,
    [stay.guest, stay.bed, stay.start, stay.end],
  );
  if (!row) throw new Error('an insert returned nothing');
  const created = toStay<Guest>(row);
  await moveMeasurements(database, kind, [created]);
  return created;
};

/** Puts `stay` in the place of `before`, as read in this transaction; rejects with 409 when another is in its way. */
export const putStay = async <Guest>(
  database: Queryable,
  kind: StayKind,
  before: Stay<Guest>,
  stay: Stay<Guest>,
): Promise<Stay<Guest>> => {
  await refuseOverlap(database, kind, stay);
  const [row] = await query<StayRow>(
    database,
    `update ${kind.table} set ${kind.column} = $2, bed_id = $3, started_at = $4, ended_at = $5
     where id = $1 returning ${columns(kind)}`,
    [stay.id, stay.guest, stay.bed, stay.start, stay.end],
  );
  if (!row) throw notFound(`there is no ${kind.noun} ${stay.id}`);
  const changed = toStay<Guest>(row);
  await moveMeasurements(database, kind, [before, changed]);
  return changed;
};

/** Gives what was measured during a stay to where the stay now is. `stays` are the stay before and after its change. */
const moveMeasurements = async <Guest>(
  database: Queryable,
  kind: StayKind,
  stays: readonly Stay<Guest>[],
): Promise<void> => {
  const ends = stays.map(({ end }) => end);
  const from = earliest(stays.map(({ start }) => start));
  const to = ends.includes(null) ? null : latest(ends.filter((end) => end !== null));
  const devices = await query<{ id: string }>(
    database,
    kind === STAYS.assignments
      ? 'select unnest($1::text[]) as id'
      : 'select distinct device_id as id from device_assignments where bed_id = any($1)',
    [stays.map((stay) => (kind === STAYS.assignments ? stay.guest : stay.bed))],
  );
  for (const { id } of devices) await reattribute(database, { device: id, from, to });
};

// Times from `toISOString` sort as text.
const earliest = (times: readonly string[]): string => [...times].sort()[0] ?? '';
const latest = (times: readonly string[]): string => [...times].sort().at(-1) ?? '';

/**
 * The unique indexes hold for stays that are open; those of the past are held apart here. One writer at a time, for
 * two that do not see each other yet could both pass.
 */
const refuseOverlap = async <Guest>(database: Queryable, kind: StayKind, stay: Stay<Guest>): Promise<void> => {
  await query(database, `lock table ${kind.table} in share row exclusive mode`);
  const [other] = await query<StayRow>(
    database,
    `select ${columns(kind)} from ${kind.table}
     where id <> $1 and (${kind.column} = $2 or ($6 and bed_id = $3))
       and started_at < coalesce($5::timestamptz, 'infinity') and coalesce(ended_at, 'infinity') > $4::timestamptz
     limit 1`,
    [stay.id, stay.guest, stay.bed, stay.start, stay.end, kind.isAlone],
  );
  if (!other) return;
  const isTheGuest = String(other.guest) === String(stay.guest);
  const what = isTheGuest ? `this ${kind.guest} is at bed ${other.bed}` : `bed ${stay.bed} is taken`;
  throw conflict(`${what} by ${kind.noun} ${other.id} in that time: end that first`);
};
