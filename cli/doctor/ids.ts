import { NewId } from '#domain/id.ts';
import type { Config } from '#platform/config.ts';
import type { FoundStation } from '../station-client.ts';
import { type Finding, ok, warn } from './finding.ts';
import { askDatabase } from './registry.ts';

/** Which units, beds and devices have an id that nothing new could be given any more. */

const CHECK = 'ids';

const IDS = `
  select 'unit' as kind, id from units union all select 'bed', id from beds union all select 'device', id from devices
  order by 1, 2`;

/** A person reads it. */
const MAX_NAMED = 10;

const listed = (names: readonly string[]): string =>
  names.length <= MAX_NAMED
    ? names.join(', ')
    : `${names.slice(0, MAX_NAMED).join(', ')} and ${names.length - MAX_NAMED} more`;

export const findingOfIds = (things: readonly { readonly kind: string; readonly id: string }[]): Finding => {
  const old = things.filter(({ id }) => !NewId.safeParse(id).success).map(({ kind, id }) => `${kind} ${id}`);
  if (old.length === 0) return ok(CHECK, 'could all be given today');
  return warn(
    CHECK,
    `hold a dot, which brokers that run as a cluster read as the end of a topic level: ${listed(old)}`,
    'they go on working on this station; before it becomes a cluster, register each of them under an id without a dot and set its devices to that',
  );
};

/** Finds nothing without a database that can be asked: another check gives the reason. */
export const checkIds = async (config: Config, station: FoundStation | undefined): Promise<readonly Finding[]> => {
  const things = await askDatabase(config, station, async (client) => {
    const { rows } = await client.query<{ kind: string; id: string }>(IDS);
    return rows;
  });
  return things ? [findingOfIds(things)] : [];
};
