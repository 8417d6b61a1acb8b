import { pathToFileURL } from 'node:url';
import { importCycles } from './code/import-cycles.ts';
import { type CodeFile, readCode } from './code/read-code.ts';

/**
 * Sizes, circular imports and casts of one checkout or several, one column each, for a comparison of before and after:
 *
 *   node --import tsx tests/support/measure-code.ts [--with-tests] [CHECKOUT …]
 */

export const MAX_FILE_LINES = 300;
export const MAX_FUNCTION_LINES = 60;

export const isTestCode = (path: string): boolean => /^(tests|bench)\//.test(path);

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

const sizesOf = (sizes: readonly number[]) => {
  const sorted = [...sizes].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    p99: quantile(sorted, 0.99),
    max: sorted.at(-1) ?? 0,
  };
};

export const measure = (files: readonly CodeFile[]): Readonly<Record<string, number>> => {
  const fileLines = files.map(({ lines }) => lines);
  const functionLines = files.flatMap(({ functions }) => functions.map(({ lines }) => lines));
  const file = sizesOf(fileLines);
  const one = sizesOf(functionLines);
  return {
    files: files.length,
    'file lines, median': file.median,
    'file lines, p90': file.p90,
    'file lines, max': file.max,
    [`files over ${MAX_FILE_LINES} lines`]: fileLines.filter((lines) => lines > MAX_FILE_LINES).length,
    functions: functionLines.length,
    'function lines, median': one.median,
    'function lines, p90': one.p90,
    'function lines, p99': one.p99,
    'function lines, max': one.max,
    [`functions over ${MAX_FUNCTION_LINES} lines`]: functionLines.filter((lines) => lines > MAX_FUNCTION_LINES).length,
    'circular imports': importCycles(files).length,
    'as casts': files.reduce((sum, { casts }) => sum + casts.length, 0),
  };
};

const print = (args: readonly string[]): void => {
  const withTests = args.includes('--with-tests');
  const roots = args.filter((arg) => !arg.startsWith('--'));
  const columns = (roots.length > 0 ? roots : ['.']).map((root) => ({
    root,
    measures: measure(readCode(root).filter(({ path }) => withTests || !isTestCode(path))),
  }));
  const names = Object.keys(columns[0]?.measures ?? {});
  const rows = names.map((name) => [
    name,
    Object.fromEntries(columns.map(({ root, measures }) => [root, measures[name]])),
  ]);
  console.table(Object.fromEntries(rows));
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) print(process.argv.slice(2));
