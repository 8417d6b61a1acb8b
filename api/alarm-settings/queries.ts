import { FORMAT, readConfig } from '#domain/alarms/formats/upcast.ts';
import type { AlarmConfig, AlarmOverrides, SettingsVersion } from '#domain/alarms/settings.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import { type Queryable, query } from '../database/query.ts';
import { notFound } from '../http/problems.ts';

/** What settings are of: the patients of an age group in a unit, or one stay. */
export type SettingsScope = { readonly unit: string; readonly ageGroup: AgeGroup } | { readonly encounter: number };

type SettingsRow = {
  version: number;
  unit_id: string | null;
  age_group: AgeGroup | null;
  encounter_id: number | null;
  overrides: AlarmOverrides;
  reason: string;
  author: string;
  created_at: Date;
};

const COLUMNS = 'version, unit_id, age_group, encounter_id, overrides, reason, author, created_at';

const toSettings = (row: SettingsRow) => ({
  version: row.version,
  unit: row.unit_id,
  ageGroup: row.age_group,
  encounter: row.encounter_id,
  overrides: row.overrides,
  reason: row.reason,
  author: row.author,
  createdAt: row.created_at.getTime(),
});

export type StoredSettings = ReturnType<typeof toSettings>;

const scopeColumns = (scope: SettingsScope) =>
  'encounter' in scope ? [null, null, scope.encounter] : [scope.unit, scope.ageGroup, null];

/** undefined when nothing was ever set. */
export const readSettings = async (database: Queryable, scope: SettingsScope): Promise<StoredSettings | undefined> => {
  const [row] = await query<SettingsRow>(
    database,
    `select ${COLUMNS} from alarm_settings
     where (unit_id = $1 and age_group = $2) or encounter_id = $3 order by version desc limit 1`,
    scopeColumns(scope),
  );
  return row && toSettings(row);
};

/** Every version, the newest first; of all age groups when a unit is asked for. */
export const listSettings = async (
  database: Queryable,
  { unit, encounter, limit }: { unit?: string | undefined; encounter?: number | undefined; limit: number },
): Promise<StoredSettings[]> => {
  const rows = await query<SettingsRow>(
    database,
    `select ${COLUMNS} from alarm_settings
     where ($1::text is null or unit_id = $1) and ($2::integer is null or encounter_id = $2)
     order by version desc limit $3`,
    [unit ?? null, encounter ?? null, limit],
  );
  return rows.map(toSettings);
};

/** Keeps other writers of settings out for the rest of the transaction: two that do not see each other could both pass. */
export const lockSettings = async (database: Queryable): Promise<void> => {
  await query(database, 'lock table alarm_settings in share row exclusive mode');
};

export const addSettings = async (
  database: Queryable,
  scope: SettingsScope,
  { overrides, reason, author }: { overrides: AlarmOverrides; reason: string; author: string },
): Promise<StoredSettings> => {
  const [row] = await query<SettingsRow>(
    database,
    `insert into alarm_settings (unit_id, age_group, encounter_id, overrides, reason, author, format)
     values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
    [...scopeColumns(scope), JSON.stringify(overrides), reason, author, FORMAT],
  );
  if (!row) throw new Error('an insert returned nothing');
  return toSettings(row);
};

/** A stay, as far as settings go. */
export type SettingsStay = {
  readonly encounter: number;
  readonly ageGroup: AgeGroup;
  readonly isOpen: boolean;
  /** In force for its age group in the unit where the patient is. */
  readonly ofUnit: SettingsVersion | undefined;
  /** Its own. */
  readonly own: SettingsVersion | undefined;
};

type StayRow = {
  encounter: number;
  age_group: AgeGroup;
  is_open: boolean;
  unit_version: number | null;
  unit_overrides: AlarmOverrides;
  own_version: number | null;
  own_overrides: AlarmOverrides;
};

const STAYS = `
  select encounters.id as encounter, patients.age_group, encounters.ended_at is null as is_open,
    of_unit.version as unit_version, of_unit.overrides as unit_overrides,
    own.version as own_version, own.overrides as own_overrides
  from encounters
  join beds on beds.id = encounters.bed_id
  join patients on patients.id = encounters.patient_id
  left join lateral (
    select version, overrides from alarm_settings
    where alarm_settings.unit_id = beds.unit_id and alarm_settings.age_group = patients.age_group
    order by version desc limit 1
  ) as of_unit on true
  left join lateral (
    select version, overrides from alarm_settings
    where encounter_id = encounters.id
    order by version desc limit 1
  ) as own on true`;

const versionOf = (version: number | null, overrides: AlarmOverrides): SettingsVersion | undefined =>
  version === null ? undefined : { version, overrides };

const toStay = (row: StayRow): SettingsStay => ({
  encounter: row.encounter,
  ageGroup: row.age_group,
  isOpen: row.is_open,
  ofUnit: versionOf(row.unit_version, row.unit_overrides),
  own: versionOf(row.own_version, row.own_overrides),
});

/** Rejects with 404 when there is no such encounter. */
export const readSettingsStay = async (database: Queryable, encounter: number): Promise<SettingsStay> => {
  const [row] = await query<StayRow>(database, `${STAYS} where encounters.id = $1`, [encounter]);
  if (!row) throw notFound(`there is no encounter ${encounter}`);
  return toStay(row);
};

/** Stays that go on and have settings of their own; what is undefined does not matter. */
export const listSettingsStays = async (
  database: Queryable,
  about: {
    readonly unit?: string;
    readonly ageGroup?: AgeGroup;
    readonly bed?: string;
    readonly patient?: number;
    readonly encounter?: number;
  },
): Promise<SettingsStay[]> => {
  const rows = await query<StayRow>(
    database,
    `${STAYS}
     where encounters.ended_at is null and own.version is not null
       and ($1::text is null or beds.unit_id = $1)
       and ($2::text is null or patients.age_group = $2)
       and ($3::text is null or beds.id = $3)
       and ($4::integer is null or patients.id = $4)
       and ($5::integer is null or encounters.id = $5)
     order by encounters.id`,
    [about.unit ?? null, about.ageGroup ?? null, about.bed ?? null, about.patient ?? null, about.encounter ?? null],
  );
  return rows.map(toStay);
};

/** What a bed was told of settings, beside what it had been told before. */
const PRESET_CHANGE = `
  select extract(epoch from at) * 1000 as at, config, format, before, before_format from (
    select at, journal_seq, place, config, format, revision,
      lag(config) over told as before, lag(format) over told as before_format, lag(revision) over told as before_revision
    from (
      select at, journal_seq, place, format, input -> 'config' as config,
        coalesce((input #>> '{config,version,presetRevision}')::integer, 1) as revision
      from alarm_inputs where bed_id = $1 and type in ('occupied', 'configured')
    ) as inputs
    window told as (order by at, journal_seq, place)
  ) as changes
  where revision <> before_revision order by at desc, journal_seq desc, place desc limit 1`;

/** When an update of the station brought other presets to a bed last, and its settings on both sides; undefined: never. */
export const readPresetChange = async (
  database: Queryable,
  bed: string,
): Promise<{ at: number; from: AlarmConfig; to: AlarmConfig } | undefined> => {
  const [row] = await query<{ at: string; config: unknown; format: number; before: unknown; before_format: number }>(
    database,
    PRESET_CHANGE,
    [bed],
  );
  if (!row) return undefined;
  return {
    at: Number(row.at),
    from: readConfig(row.before, row.before_format),
    to: readConfig(row.config, row.format),
  };
};
