import { type AlarmOverrides, configProblems, resolveConfig } from '#domain/alarms/settings.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import type { DatabaseClient } from '#platform/database.ts';
import { conflict, invalidBecause } from './problems.ts';
import {
  addSettings,
  listSettingsStays,
  lockSettings,
  readSettingsStay,
  type SettingsScope,
  type StoredSettings,
} from './queries/alarm-settings.ts';
import { requireUnit } from './queries/units.ts';

/** A version that is not stored yet has no number; nobody sees this one. */
const proposed = (overrides: AlarmOverrides) => ({ version: 0, overrides });

const because = (encounter: number, problem: string): string =>
  `encounter ${encounter}, which has settings of its own: ${problem}`;

/** Why the overrides make no sense, alone over the preset or under those of a stay that goes on. */
const unitProblems = async (
  client: DatabaseClient,
  scope: { unit: string; ageGroup: AgeGroup },
  overrides: AlarmOverrides,
): Promise<string[]> => {
  await requireUnit(client, scope.unit);
  const alone = configProblems(resolveConfig(scope.ageGroup, proposed(overrides), undefined));
  const stays = await listSettingsStays(client, scope);
  const underStays = stays.flatMap(({ encounter, own }) =>
    configProblems(resolveConfig(scope.ageGroup, proposed(overrides), own))
      .filter((problem) => !alone.includes(problem))
      .map((problem) => because(encounter, problem)),
  );
  return [...alone, ...underStays];
};

/** The same over the settings of the unit where the patient is. */
const stayProblems = async (
  client: DatabaseClient,
  encounter: number,
  overrides: AlarmOverrides,
): Promise<string[]> => {
  const { ageGroup, isOpen, ofUnit } = await readSettingsStay(client, encounter);
  if (!isOpen) throw conflict(`encounter ${encounter} has ended`);
  return configProblems(resolveConfig(ageGroup, ofUnit, proposed(overrides)));
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

/**
 * To be called within a transaction that gave a stay another age group or unit to be over. Rejects with 409 when its
 * own settings make no sense there.
 */
export const refuseSettingsMismatch = async (
  client: DatabaseClient,
  about: { readonly bed: string } | { readonly patient: number } | { readonly encounter: number },
): Promise<void> => {
  await lockSettings(client);
  const stays = await listSettingsStays(client, about);
  const [problem] = stays.flatMap(({ encounter, ageGroup, ofUnit, own }) =>
    configProblems(resolveConfig(ageGroup, ofUnit, own)).map((text) => because(encounter, text)),
  );
  if (problem) throw conflict(`alarm settings would make no sense; change them first: ${problem}`);
};
