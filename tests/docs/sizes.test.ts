import { expect, test } from 'vitest';
import { MAX_FILE_LINES, MAX_FUNCTION_LINES } from '../support/measure-code.ts';
import { codeFiles, programFiles } from './code.ts';
import { LARGE_FILES, LONG_FUNCTIONS } from './sizes-exceptions.ts';

/** Both lists are exact: what is over the limit has a reason, and a reason that is not needed any more is taken out. */

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

test(`no file has more than ${MAX_FILE_LINES} lines, but for those that have a reason`, () => {
  const large = codeFiles.filter(({ lines }) => lines > MAX_FILE_LINES).map(({ path }) => path);
  expect(sorted(large)).toEqual(sorted(Object.keys(LARGE_FILES)));
});

test(`no function has more than ${MAX_FUNCTION_LINES} lines, but for those that have a reason`, () => {
  const long = programFiles.flatMap(({ path, functions }) =>
    functions.filter(({ lines }) => lines > MAX_FUNCTION_LINES).map(({ name }) => `${path} ${name}`),
  );
  expect(sorted(long)).toEqual(sorted(Object.keys(LONG_FUNCTIONS)));
});

test('every exception says why', () => {
  for (const reason of [...Object.values(LARGE_FILES), ...Object.values(LONG_FUNCTIONS)]) {
    expect(reason.length).toBeGreaterThan(10);
  }
});
