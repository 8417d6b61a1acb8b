import { FORMAT } from '#domain/alarms/formats/upcast.ts';
import type { AlarmOverrides } from '#domain/alarms/settings.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import { type Queryable, query } from '../database/query.ts';

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
