import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { FORMAT, NewerFormatError } from '#domain/alarms/formats/upcast.ts';
import type { Database } from '#platform/database.ts';
import { errorCode } from '#platform/errors.ts';
import { refuseNewer } from './formats/refuse-newer.ts';
import type { Shortened } from './intervals.ts';
import { RegistryData } from './registry.ts';

/** Where the registry is read from: the database, or the copy on disk when the database is away. */

/** What ended longer ago than the retention cannot own a measurement that is still accepted. */
const KEPT = 'where ended_at is null or ended_at > now() - $1::interval';

/** The rows that the registry is made of. */
const SOURCES = [
  'units',
  'beds',
  'devices',
  'gateways',
  'patients where id in (select patient_id from encounters where ended_at is null)',
  `encounters ${KEPT}`,
  `device_assignments ${KEPT}`,
  'alarm_settings',
] as const;

/**
 * Names what is in the rows. One that is added or changed has a later transaction (xmin) than all that were there, so of
 * as many rows the sum tells every change. A server that was set back to an earlier state counts its transactions anew, but
 * was started for it. The database needs a quarter of the time that the registry itself takes (10,000 beds: 140 of 600 ms), and
 * nobody has to read it.
 */
const EDITION = [
  'pg_postmaster_start_time()::text',
  ...SOURCES.map((rows) => `(select count(*) || ' ' || coalesce(sum(xmin::text::bigint), 0) from ${rows})`),
].join(` || ', ' || `);

const CONTENT = `
json_build_object(
  'units', (select coalesce(json_agg(json_build_object('id', id, 'name', name) order by id), '[]') from units),
  'beds', (select coalesce(json_agg(json_build_object('id', id, 'unit', unit_id, 'label', label) order by id), '[]') from beds),
  'devices', (
    select coalesce(json_agg(
      json_build_object(
        'id', id, 'unit', unit_id, 'secretHash', encode(secret_hash, 'hex'), 'intervalMs', expected_interval_ms,
        'role', role
      ) order by id
    ), '[]') from devices
  ),
  'gateways', (
    select coalesce(json_agg(
      json_build_object(
        'id', id, 'secretHash', encode(secret_hash, 'hex'), 'devices', (
          select coalesce(json_agg(devices.id order by devices.id), '[]') from devices where gateway_id = gateways.id
        )
      ) order by id
    ), '[]') from gateways
  ),
  'patients', (
    select coalesce(json_agg(json_build_object('id', id, 'name', name, 'ageGroup', age_group) order by id), '[]')
    from patients where id in (select patient_id from encounters where ended_at is null)
  ),
  'encounters', (
    select coalesce(json_agg(json_build_object(
      'id', id, 'patient', patient_id, 'bed', bed_id,
      'start', extract(epoch from started_at) * 1000, 'end', extract(epoch from ended_at) * 1000
    ) order by started_at desc, id desc), '[]') from encounters ${KEPT}
  ),
  'assignments', (
    select coalesce(json_agg(json_build_object(
      'device', device_id, 'bed', bed_id,
      'start', extract(epoch from started_at) * 1000, 'end', extract(epoch from ended_at) * 1000
    ) order by started_at desc, id desc), '[]') from device_assignments ${KEPT}
  ),
  'alarmSettings', (
    select coalesce(json_agg(json_build_object(
      'version', version, 'unit', unit_id, 'ageGroup', age_group, 'encounter', encounter_id, 'overrides', overrides,
      'format', format
    ) order by version), '[]')
    from (
      select distinct on (unit_id, age_group, encounter_id) * from alarm_settings
      where encounter_id is null or encounter_id in (select id from encounters where ended_at is null)
      order by unit_id, age_group, encounter_id, version desc
    ) as in_force
  )
)`;

const QUERY = `
with latest (edition) as (select ${EDITION})
select edition, case when edition is distinct from $2 then (select ${CONTENT})::text end as content from latest`;

const askFor = async (database: Pick<Database, 'query'>, retentionDays: number, known: string | null) => {
  const values = [`${retentionDays} days`, known];
  const { rows } = await database.query<{ edition: string; content: string | null }>(QUERY, values);
  const [row] = rows;
  if (!row) throw new Error('the database answered without a registry');
  return row;
};

const parse = (content: string | null): RegistryData => RegistryData.parse(JSON.parse(content ?? 'null'));

export const loadRegistry = async (database: Pick<Database, 'query'>, retentionDays: number): Promise<RegistryData> =>
  parse((await askFor(database, retentionDays, null)).content);

/**
 * The registry and its edition; undefined when that still is the one that is `known`. To read the registry of 1,000 beds takes our
 * thread 20 ms, in which nothing is acknowledged.
 */
export const loadChangedRegistry = async (
  database: Pick<Database, 'query'>,
  retentionDays: number,
  known: string | undefined,
): Promise<{ readonly data: RegistryData; readonly edition: string } | undefined> => {
  const { edition, content } = await askFor(database, retentionDays, known ?? null);
  return content === null ? undefined : { data: parse(content), edition };
};

/** Unless a person has set another interval meanwhile. */
const RECORD_SHORTER = `
with changed as (
  update devices set expected_interval_ms = $3 where id = $1 and expected_interval_ms = $2 returning id
)
insert into audit_log (actor, action, subject, detail)
select 'station', 'device:interval', id, jsonb_build_object('intervalMs', $3::integer) from changed`;

/** Puts an interval on record that is in force because the device sends sooner. */
export const recordShorter = async (database: Database, { device, fromMs, intervalMs }: Shortened): Promise<void> => {
  await database.query(RECORD_SHORTER, [device, fromMs, intervalMs === null ? null : Math.round(intervalMs)]);
};

/** From now on a program that knows only older formats does not start on the database. */
export const markDatabase = async (database: Database): Promise<void> => {
  await database.query('update stored_format set newest = $1 where newest < $1', [FORMAT]);
};

/** The copy of release 0.1.0 names no format. */
const CopyFormat = z.object({ format: z.number().default(1) });

/**
 * undefined when there is no copy yet. A copy that cannot be read counts as none, because the database has the
 * original. Throws a NewerFormatError for a copy of a newer release.
 */
export const readRegistryCopy = async (path: string): Promise<RegistryData | undefined> => {
  let stored: unknown;
  try {
    stored = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'EACCES') throw error;
    return undefined;
  }
  refuseNewer('the copy of the registry', CopyFormat.safeParse(stored).data?.format);
  try {
    return RegistryData.parse(stored);
  } catch (error) {
    if (error instanceof NewerFormatError) throw error;
    return undefined;
  }
};

/** Replaced in one step, readable only by us: it names patients and holds hashes of secrets. */
export const writeRegistryCopy = async (path: string, data: RegistryData): Promise<void> => {
  await writeFile(`${path}.new`, JSON.stringify({ format: FORMAT, ...data }), { mode: 0o600 });
  await rename(`${path}.new`, path);
};
