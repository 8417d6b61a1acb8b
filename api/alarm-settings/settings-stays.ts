import type { AlarmOverrides, SettingsVersion } from '#domain/alarms/settings.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import { type Queryable, query } from '../database/query.ts';
import { notFound } from '../http/problems.ts';

/** A stay, as far as settings go. */
export type SettingsStay = {
  readonly encounter: number;
  readonly ageGroup: AgeGroup;
  readonly isOpen: boolean;
  /** The unit's settings for the age group of the stay, in the unit where the patient is. */
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
