import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFiles, ROOT } from './repository.ts';

const MAX_LINES = 15;

const codeFolders = [
  ...new Set(
    projectFiles()
      .filter((path) => /^[a-z]+\/.*\.(ts|tsx|sql)$/.test(path))
      .map((path) => path.split('/')[0] ?? ''),
  ),
];

test.each(codeFolders)(`%s/README.md exists and has at most ${MAX_LINES} lines`, (folder) => {
  const readme = join(ROOT, folder, 'README.md');
  expect(existsSync(readme)).toBe(true);
  expect(readFileSync(readme, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(MAX_LINES);
});
