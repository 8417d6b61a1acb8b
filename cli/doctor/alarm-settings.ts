import { resolveConfig, type SettingsVersion } from '#domain/alarms/settings.ts';
import { configProblems, unsetExtremes } from '#domain/alarms/settings-problems.ts';
import { AGE_GROUPS, type AgeGroup } from '#domain/vitals.ts';
import type { Config } from '#platform/config.ts';
import { loadRegistry } from '../../ingest/registry-store.ts';
import type { FoundStation } from '../station-client.ts';
import { type Finding, ok, warn } from './finding.ts';
import { askDatabase } from './registry.ts';

/** Settings that a site must make itself, and settings of it that make no sense any more, as after an upgrade. */

const CHECK = 'alarm settings';

type Unit = { readonly id: string; readonly of: (ageGroup: AgeGroup) => SettingsVersion | undefined };

const checkUnset = (units: readonly Unit[]): readonly Finding[] =>
  AGE_GROUPS.flatMap((ageGroup) => {
    const unset = units.flatMap(({ id, of }) => {
      const vitals = unsetExtremes(resolveConfig(ageGroup, of(ageGroup), undefined));
      return vitals.length > 0 ? [`${id} (${vitals.join(', ')})`] : [];
    });
    if (unset.length === 0) return [];
    return warn(
      CHECK,
      `${ageGroup}: no extreme low limit is set in ${unset.join(', ')}`,
      `a very low pressure is of medium priority there; set extremeLow by age, PUT /api/v1/units/{unit}/alarm-settings/${ageGroup}`,
    );
  });

const checkSense = (units: readonly Unit[]): readonly Finding[] =>
  units.flatMap(({ id, of }) =>
    AGE_GROUPS.flatMap((ageGroup) => {
      const own = of(ageGroup);
      const problems = own ? configProblems(resolveConfig(ageGroup, own, undefined)) : [];
      if (problems.length === 0) return [];
      const remedy = `correct them, PUT /api/v1/units/${id}/alarm-settings/${ageGroup}`;
      return warn(CHECK, `${ageGroup} in ${id}: ${problems.join('; ')}`, remedy);
    }),
  );

/** Finds nothing without a database, or with one that cannot be asked: another check gives the reason. */
export const checkAlarmSettings = async (
  config: Config,
  station: FoundStation | undefined,
): Promise<readonly Finding[]> => {
  const registry = await askDatabase(config, station, (client) => loadRegistry(client, 0));
  if (!registry) return [];
  const units = registry.units.map(({ id }) => ({
    id,
    of: (ageGroup: AgeGroup) =>
      registry.alarmSettings.find((settings) => settings.unit === id && settings.ageGroup === ageGroup),
  }));
  const findings = [...checkUnset(units), ...checkSense(units)];
  return findings.length > 0 ? findings : [ok(CHECK, 'make sense, and none is left to the site')];
};
