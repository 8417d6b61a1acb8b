import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { CONDITION_IDS, condition, KIND_IDS } from '#domain/alarms/conditions.ts';
import { TECHNICAL_KINDS, VITAL_KINDS } from '#domain/alarms/kinds/table.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import { ROOT } from './repository.ts';

/** Rows of the specification's table of kinds that link a kind to its file. */
const linkedKinds = (spec: string): Map<string, string> =>
  new Map(
    [...spec.matchAll(/^\| \[`(?:\{vital\}-)?([a-z-]+)`\]\(\.\.\/(\S+)\) \|/gm)].map(([, kind = '', path = '']) => [
      kind,
      path,
    ]),
  );

/** The kinds as the specification calls them: those of vitals without the vital. */
const kindNames = [
  ...TECHNICAL_KINDS.map(({ id }) => id),
  ...VITAL_KINDS.flatMap(({ idOf }) => {
    const vital = VITAL_IDS.find((one) => idOf(one) !== undefined);
    return vital ? (idOf(vital)?.replace(`${vital}-`, '') ?? []) : [];
  }),
];

const problemsOf = (spec: string): string[] => {
  const linked = linkedKinds(spec);
  return [
    ...kindNames.filter((kind) => !linked.has(kind)).map((kind) => `${kind} has no link`),
    ...[...linked].flatMap(([kind, path]) => [
      ...(kindNames.some((known) => known === kind) ? [] : [`there is no kind ${kind}`]),
      ...(basename(path) === `${kind}.ts` ? [] : [`${kind} leads to ${path}`]),
      ...(existsSync(join(ROOT, path)) ? [] : [`${path} is not there`]),
    ]),
  ];
};

const spec = readFileSync(join(ROOT, 'docs/alarms-spec.md'), 'utf8');

test('every kind of alarm is linked to its file by docs/alarms-spec.md', () => {
  expect(problemsOf(spec)).toEqual([]);
});

test('a kind without a link, and a link that is dead, are found', () => {
  const planted = spec
    .replace(/^\| \[`device-gap`\]\(\S+\) \|/m, '| `device-gap` |')
    .replace('kinds/device-clock.ts', 'kinds/clock.ts')
    .replace('| [`device-data`](', '| [`device-fire`](');
  expect(problemsOf(planted)).toEqual([
    'device-data has no link',
    'device-gap has no link',
    'there is no kind device-fire',
    'device-fire leads to domain/alarms/kinds/device-data.ts',
    'device-clock leads to domain/alarms/kinds/clock.ts',
    'domain/alarms/kinds/clock.ts is not there',
  ]);
});

/** What several kinds share is no kind. */
const SHARED = ['kind.ts', 'level.ts', 'limit.ts', 'table.ts'];

test('every file of a kind is in the table of kinds', () => {
  const files = readdirSync(join(ROOT, 'domain/alarms/kinds')).filter((file) => !SHARED.includes(file));
  expect(files.toSorted()).toEqual(kindNames.map((kind) => `${kind}.ts`).toSorted());
});

test('kinds have names of their own, and every condition is of exactly one', () => {
  expect(new Set(KIND_IDS).size).toBe(KIND_IDS.length);
  expect(KIND_IDS).toEqual([
    ...TECHNICAL_KINDS.map(({ id }) => id),
    ...VITAL_IDS.flatMap((vital) => VITAL_KINDS.flatMap(({ idOf }) => idOf(vital) ?? [])),
  ]);
  const conditions = [...TECHNICAL_KINDS, ...VITAL_KINDS].flatMap((kind) => Object.keys(kind.conditions));
  expect(conditions.toSorted()).toEqual([...CONDITION_IDS].toSorted());
  expect(CONDITION_IDS.map((id) => condition(id).label.en).filter((label) => label === '')).toEqual([]);
});
