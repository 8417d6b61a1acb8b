import { type AlarmOverrides, configProblems, resolveConfig } from '#domain/alarms/settings.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import type { DatabaseClient } from '#platform/database.ts';
import { conflict, invalidBecause } from './problems.ts';
import {
  addSettings,
  listSettingsStays,
  lockSettings,
  readSettings,
  readSettingsStay,
  type SettingsScope,
  type StoredSettings,
} from './queries/alarm-settings.ts';
import { requireUnit } from './queries/units.ts';

/** A version that is not stored yet has no number; nobody sees this one. */
const proposed = (overrides: AlarmOverrides) => ({ version: 0, overrides });

/** Why the overrides make no sense, alone over the preset or under those of a stay that goes on. */
const unitProblems = async (
  client: DatabaseClient,
  scope: { unit: string; ageGroup: AgeGroup },
  overrides: AlarmOverrides,
): Promise<string[]> => {
  await requireUnit(client, scope.unit);
  const alone = configProblems(resolveConfig(scope.ageGroup, proposed(overrides), undefined));
  const stays = await listSettingsStays(client, scope);
  const below = stays.flatMap(({ encounter, settings }) =>
    configProblems(resolveConfig(scope.ageGroup, proposed(overrides), settings ?? undefined))
      .filter((problem) => !alone.includes(problem))
      .map((problem) => `encounter ${encounter}, which has settings of its own: ${problem}`),
  );
  return [...alone, ...below];
};

/** The same over the settings of the unit where the patient is. */
const stayProblems = async (
  client: DatabaseClient,
  encounter: number,
  overrides: AlarmOverrides,
): Promise<string[]> => {
  const { unit, ageGroup, isOpen } = await readSettingsStay(client, encounter);
  if (!isOpen) throw conflict(`encounter ${encounter} has ended`);
  const below = await readSettings(client, { unit, ageGroup });
  return configProblems(resolveConfig(ageGroup, below, proposed(overrides)));
};

/**
 * Makes a new version of the settings of a scope, within a transaction. Rejects with 400 and every reason when they
 * would make no sense anywhere they apply.
 */
export const putAlarmSettings = async (
  client: DatabaseClient,
  scope: SettingsScope,
  change: { overrides: AlarmOverrides; reason: string; author: string },
): Promise<StoredSettings> => {
  await lockSettings(client);
  const problems =
    'encounter' in scope
      ? await stayProblems(client, scope.encounter, change.overrides)
      : await unitProblems(client, scope, change.overrides);
  if (problems.length > 0) throw invalidBecause('these settings make no sense', '/overrides', problems);
  return addSettings(client, scope, change);
};
