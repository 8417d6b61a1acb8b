import { AgeGroupSchema } from '#domain/age-group.ts';
import { type AlarmConfig, PRESETS } from '#domain/alarms/settings.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import type { Database } from '#platform/database.ts';
import { findConfig, findEarliestConfig } from './stored.ts';

/**
 * By which settings late readings are scored. For data from before the station knew the bed, such as an import, there
 * are no settings of that time: the earliest that were an input are taken if they are of the patient's age group, else
 * the preset of that group. The report says which.
 */
export type Basis = 'in-force' | 'earliest-known' | 'preset';

export type LateSettings = { readonly config: AlarmConfig; readonly basis: Basis };

const AGE_GROUP = `
  select patients.age_group from encounters join patients on patients.id = encounters.patient_id
  where encounters.bed_id = $1 and encounters.started_at <= to_timestamp($2::float8 / 1000)
    and coalesce(encounters.ended_at, 'infinity') > to_timestamp($2::float8 / 1000)
  order by encounters.started_at desc limit 1`;

const ageGroupAt = async (database: Database, bed: string, atMs: number): Promise<AgeGroup | undefined> => {
  const { rows } = await database.query<{ age_group: string }>(AGE_GROUP, [bed, atMs]);
  return AgeGroupSchema.safeParse(rows[0]?.age_group).data;
};

/** The settings of a bed at a time of measurement. */
export const settingsAt = async (database: Database, bed: string, atMs: number): Promise<LateSettings> => {
  const inForce = await findConfig(database, bed, atMs);
  if (inForce) return { config: inForce, basis: 'in-force' };
  const ageGroup = await ageGroupAt(database, bed, atMs);
  const earliest = await findEarliestConfig(database, bed);
  if (earliest && (ageGroup === undefined || ageGroup === earliest.version.preset)) {
    return { config: earliest, basis: 'earliest-known' };
  }
  return { config: PRESETS[ageGroup ?? 'adult'], basis: 'preset' };
};
