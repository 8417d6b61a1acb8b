import { type AlarmConfig, type AlarmOverrides, resolveConfig } from '#domain/alarms/settings.ts';
import { configProblems, switchedOff } from '#domain/alarms/settings-problems.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import type { DatabaseClient } from '#platform/database.ts';
import type { Queryable } from '../database/query.ts';
import { conflict, invalidBecause, stale } from '../http/problems.ts';
import { requireUnit } from '../units/queries.ts';
import { addSettings, lockSettings, readSettings, type SettingsScope, type StoredSettings } from './queries.ts';
import { listSettingsStays, readSettingsStay } from './settings-stays.ts';

/** A version that is not stored yet has no number, and is shown to nobody. */
const proposed = (overrides: AlarmOverrides) => ({ version: 0, overrides });

const because = (encounter: number, problem: string): string =>
  `encounter ${encounter}, which has settings of its own: ${problem}`;

/** `below`: without what the stay has of its own. */
const stayConfigProblems = (below: AlarmConfig, config: AlarmConfig): string[] => {
  const problems = configProblems(config);
  return [...problems, ...switchedOff(below, config).filter((problem) => !problems.includes(problem))];
};

/** Why the overrides make no sense, alone over the preset or under those of a stay that goes on. */
const unitProblems = async (
  client: DatabaseClient,
  scope: { unit: string; ageGroup: AgeGroup },
  overrides: AlarmOverrides,
): Promise<string[]> => {
  await requireUnit(client, scope.unit);
  const ofUnit = resolveConfig(scope.ageGroup, proposed(overrides), undefined);
  const alone = configProblems(ofUnit);
  const stays = await listSettingsStays(client, scope);
  const underStays = stays.flatMap(({ encounter, own }) =>
    stayConfigProblems(ofUnit, resolveConfig(scope.ageGroup, proposed(overrides), own))
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
  const below = resolveConfig(ageGroup, ofUnit, undefined);
  return stayConfigProblems(below, resolveConfig(ageGroup, ofUnit, proposed(overrides)));
};

/**
 * The tag of all that the settings of a scope rest on. For a stay the settings of its unit are part of it: a person who
 * changes 90 to 88 has seen the 90, whoever set it.
 */
export const settingsTag = async (database: Queryable, scope: SettingsScope): Promise<string> => {
  const own = (await readSettings(database, scope))?.version ?? 0;
  if (!('encounter' in scope)) return `"${own}"`;
  const { ageGroup, ofUnit } = await readSettingsStay(database, scope.encounter);
  return `"${own}.${ofUnit?.version ?? 0}.${ageGroup}"`;
};

/** Reads `If-Match` as RFC 9110 defines it: one of several tags, or `*`. A weak tag matches nothing. */
const matches = (ifMatch: string, tag: string): boolean =>
  ifMatch.split(',').some((each) => each.trim() === '*' || each.trim() === tag);

const refuseStale = async (client: DatabaseClient, scope: SettingsScope, ifMatch: string): Promise<void> => {
  if (matches(ifMatch, await settingsTag(client, scope))) return;
  const present = await readSettings(client, scope);
  const by = present
    ? `; the last change to them was made by ${present.author} at ${new Date(present.createdAt).toISOString()}`
    : '';
  throw stale(`these settings, or those below them, are no longer as they were read${by}`);
};

/**
 * Makes a new version of the settings of a scope, within a transaction. Rejects with 412 when they are not as `ifMatch`
 * says they were read, and with 400 and every reason when they would make no sense anywhere they apply.
 */
export const putAlarmSettings = async (
  client: DatabaseClient,
  scope: SettingsScope,
  change: { overrides: AlarmOverrides; reason: string; author: string },
  ifMatch: string | undefined,
): Promise<StoredSettings> => {
  await lockSettings(client);
  if (ifMatch !== undefined) await refuseStale(client, scope, ifMatch);
  const problems =
    'encounter' in scope
      ? await stayProblems(client, scope.encounter, change.overrides)
      : await unitProblems(client, scope, change.overrides);
  if (problems.length > 0) throw invalidBecause('these settings make no sense', '/overrides', problems);
  return addSettings(client, scope, change);
};

/**
 * Must be called within a transaction that gave a stay another age group or unit. Rejects with 409 when the stay's own
 * settings make no sense there.
 */
export const refuseSettingsMismatch = async (
  client: DatabaseClient,
  about: { readonly bed: string } | { readonly patient: number } | { readonly encounter: number },
): Promise<void> => {
  await lockSettings(client);
  const stays = await listSettingsStays(client, about);
  const [problem] = stays.flatMap(({ encounter, ageGroup, ofUnit, own }) =>
    stayConfigProblems(resolveConfig(ageGroup, ofUnit, undefined), resolveConfig(ageGroup, ofUnit, own)).map((text) =>
      because(encounter, text),
    ),
  );
  if (problem) throw conflict(`alarm settings would make no sense; change them first: ${problem}`);
};
