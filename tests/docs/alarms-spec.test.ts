import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFiles, ROOT } from './repository.ts';

type TestFile = { readonly path: string; readonly text: string };

/** What of the specification and its tests does not find the other; empty when all is in order. */
const problemsOf = (spec: string, files: readonly TestFile[]): string[] => {
  const invariants = [...spec.matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map(([, number = '']) => number);
  const doubles = invariants.filter((number, index) => invariants.indexOf(number) !== index);
  const tests = files.flatMap(({ path, text }) =>
    namesOf(text).map((name) => ({ path, name, numbers: numbersOf(name) })),
  );
  const covered = new Set(tests.flatMap(({ numbers }) => numbers));
  // How they are written down is no invariant of theirs.
  const own = tests.filter(
    ({ path }) => path.startsWith('tests/domain/alarms/') && !path.startsWith('tests/domain/alarms/formats/'),
  );
  return [
    ...doubles.map((number) => `${number} is there twice`),
    ...invariants.filter((number) => !covered.has(number)).map((number) => `${number} has no test`),
    ...own
      .filter(({ numbers }) => numbers.length === 0)
      .map(({ path, name }) => `${path}: "${name}" names no invariant`),
    ...own.flatMap(({ path, numbers }) =>
      numbers.filter((number) => !invariants.includes(number)).map((number) => `${path}: there is no ${number}`),
    ),
    ...files
      .filter(({ path, text }) => path.startsWith('tests/domain/alarms/') && hasHiddenNames(text))
      .map(({ path }) => `${path}: a test whose name cannot be read`),
  ];
};

/** A call with up to three levels of brackets in it, as `each(…)` has. */
const BRACKETS = String.raw`\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)`;
const CALL = String.raw`^[ \t]*(?:test|it)(?:\.\w+(?:(?:<[^()]*?>)?${BRACKETS})?)*`;

/** The first words of every test of a file. */
const namesOf = (text: string): string[] =>
  [...text.matchAll(new RegExp(String.raw`${CALL}\(\s*(['"\x60])(.*?)\1`, 'gm'))].map(([, , name = '']) => name);

const hasHiddenNames = (text: string): boolean =>
  (text.match(/^[ \t]*(?:test|it)[.(]/gm) ?? []).length !== namesOf(text).length;

/** `C1, C2: no alarm …` */
const numbersOf = (name: string): string[] => /^([A-Z]\d+(?:, [A-Z]\d+)*): /.exec(name)?.[1]?.split(', ') ?? [];

const spec = readFileSync(join(ROOT, 'docs/alarms-spec.md'), 'utf8');
const files = projectFiles()
  .filter((path) => /^tests\/.*\.test\.tsx?$/.test(path) && path !== 'tests/docs/alarms-spec.test.ts')
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

test('every invariant of docs/alarms-spec.md has a test, and every test of the engine an invariant', () => {
  expect(problemsOf(spec, files)).toEqual([]);
});

test('an invariant without a test, and a test without an invariant, are found', () => {
  const planted = '- **A1** One.\n- **A2** Two.\n- **A3** Three.\n- **A3** Again.\n';
  const path = 'tests/domain/alarms/planted.test.ts';
  const text = `
test('A1: stands alone', () => {});
  test.each<[number, Map<string, number>]>([[1, (2)], [3, f(g(4))]])('A1, B7: %s of a table', () => {});
it('says nothing of what it tests', () => {});
test(nameOf('A2'), () => {});
`;
  expect(
    problemsOf(planted, [
      { path, text },
      { path: 'tests/api/other.test.ts', text: "test('is of another part', () => {});" },
    ]),
  ).toEqual([
    'A3 is there twice',
    'A2 has no test',
    'A3 has no test',
    'A3 has no test',
    `${path}: "says nothing of what it tests" names no invariant`,
    `${path}: there is no B7`,
    `${path}: a test whose name cannot be read`,
  ]);
});
