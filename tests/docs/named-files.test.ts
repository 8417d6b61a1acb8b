import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { projectFiles, ROOT } from './repository.ts';

/** What is not in the repository: the folder of a station's data, and what a benchmark leaves. */
const MADE_BY_RUNNING = /^(DATA_DIR|bench\/results)\//;

/**
 * What a page names as a file of code or as a folder: a path in backticks, outside of code blocks. `*` is any part of a
 * name; a name that is nothing but an ending (`*.test.ts`) names no file.
 */
const namedPaths = (markdown: string): string[] =>
  [...markdown.replace(/```[\s\S]*?```/g, '').matchAll(/`(?!\*\.)([\w.*/-]+(?:\.(?:tsx?|sql|css)|\/))`/g)].map(
    ([, path = '']) => path,
  );

/** Every file from the root, and every folder with a slash at its end. */
const pathsOf = (files: readonly string[]): string[] => {
  const paths = new Set(files);
  for (const file of files) {
    for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) paths.add(`${folder}/`);
  }
  return [...paths];
};

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);

/** Names of `page` that are neither in its folder, nor at the root, nor in a folder that the page names. */
const missingIn = (page: string, markdown: string, paths: readonly string[]): string[] => {
  const names = namedPaths(markdown).filter((named) => !MADE_BY_RUNNING.test(named));
  const folders = names.filter((named) => named.endsWith('/'));
  const bases = [dirname(page), '.', ...folders.flatMap((folder) => [posix.join(dirname(page), folder), folder])];
  return names.filter((named) => {
    const places = bases.map((base) => patternOf(posix.join(base, named)));
    return !paths.some((path) => places.some((place) => place.test(path)));
  });
};

const files = projectFiles();
const paths = pathsOf(files);

// The change log tells of files as they were at the time.
const pages = files.filter((path) => path.endsWith('.md') && path !== 'CHANGELOG.md');

test.each(pages)('every file and folder that %s names is there', (page) => {
  expect(missingIn(page, readFileSync(join(ROOT, page), 'utf8'), paths)).toEqual([]);
});

test.each([
  ['a file beside the page', '`take.ts`', []],
  ['a file at the root', '`main.ts`', []],
  ['a folder beside the page', '`formats/`', []],
  ['a folder at the root', '`docs/`', []],
  ['some of the files beside the page', '`formats/v*.ts`', []],
  ['a file that became a folder', '`formats.ts`', ['formats.ts']],
  ['a folder that became a file', '`take/`', ['take/']],
  ['none of the files beside the page', '`formats/w*.ts`', ['formats/w*.ts']],
  ['a file in a folder that is not named', '`v1.ts`', ['v1.ts']],
  ['a file in a folder that is named', '`formats/`: `v1.ts`, `v2.ts`', ['v2.ts']],
  ['a file of the folder above', '`../main.ts`, `../gone.ts`', ['../gone.ts']],
  ['what a running station makes', '`DATA_DIR/lock/`', []],
  ['what is in a code block', '```\n`gone.ts`\n```', []],
  ['an ending', '`*.unit.test.ts`', []],
  ['what is no path', '`GET beds/`, `{unit}/`, `.env`', []],
])('names as they may be: %s', (_what, markdown, missing) => {
  const project = pathsOf(['main.ts', 'docs/a.md', 'ingest/take.ts', 'ingest/formats/v1.ts', 'ingest/README.md']);
  expect(missingIn('ingest/README.md', markdown, project)).toEqual(missing);
});
