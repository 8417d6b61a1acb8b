import { writeConfig } from '#domain/alarms/formats/written.ts';
import { type AlarmConfig, type AlarmOverrides, override } from '#domain/alarms/settings.ts';
import type { Database } from '#platform/database.ts';
import { canonical, type Difference } from './compare.ts';
import type { Past } from './past.ts';

/** Whether alarms were decided by the settings that people made. */

type VersionRow = { version: number; overrides: AlarmOverrides };

/** Whether the settings that came to the engine as inputs hold what the versions they name hold. */
export const checkSettings = async (
  database: Database,
  inputs: readonly { at: number; config: AlarmConfig }[],
): Promise<Difference[]> => {
  const named = inputs.flatMap(({ config: { version } }) => [version.unit, version.patient]);
  const wanted = [...new Set(named.filter((version) => version !== null))];
  if (wanted.length === 0) return [];
  const { rows } = await database.query<VersionRow>(
    'select version, overrides from alarm_settings where version = any($1)',
    [wanted],
  );
  const overridesOf = new Map(rows.map(({ version, overrides }) => [version, overrides]));
  return inputs.flatMap(({ at, config }): Difference[] => {
    const named = [config.version.unit, config.version.patient].filter((version) => version !== null);
    const gone = named.filter((version) => !overridesOf.has(version));
    if (gone.length > 0) {
      return [{ at, what: 'settings', text: `the settings name version ${gone.join(' and ')}, which is not stored` }];
    }
    const expected = named.reduce((below, version) => override(below, overridesOf.get(version) ?? {}), config);
    if (canonical(expected) === canonical(config)) return [];
    const text = `the settings in force are not what version ${named.join(' and ')} says: ${changesBetween(expected, config)}`;
    return [{ at, what: 'settings', text }];
  });
};

/** The fields in which two settings differ. */
const changesBetween = (expected: object, given: object): string => {
  const flat = (value: unknown, path: string): [string, unknown][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, inner]) => flat(inner, path ? `${path}.${name}` : name))
      : [[path, value]];
  const ours = new Map(flat(expected, ''));
  const theirs = new Map(flat(given, ''));
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .filter((path) => ours.get(path) !== theirs.get(path))
    .map((path) => `${path} expected ${ours.get(path)}, used ${theirs.get(path)}`)
    .join('; ');
};

/** Checkpoints that name other settings than the inputs before them. */
export const checkCheckpoints = (first: AlarmConfig, inputs: Past['inputs']): Difference[] => {
  let config = first;
  const differences: Difference[] = [];
  for (const input of inputs) {
    if (input.type === 'occupied' || input.type === 'configured') config = input.config;
    if (input.type !== 'checkpoint' || !input.config) continue;
    // What is written beside a state leaves out the vitals of which nothing is decided.
    const [given, used] = [writeConfig(config), writeConfig(input.config)];
    if (canonical(used) === canonical(given)) continue;
    const text = `the settings by which was decided are not those that were given: ${changesBetween(given, used)}`;
    differences.push({ at: input.at, what: 'settings', text });
    config = input.config;
  }
  return differences;
};
