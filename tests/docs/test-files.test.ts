import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { projectFiles, ROOT } from './repository.ts';

test('every test file is run: it is in one of the projects of vitest.config.ts', () => {
  const list = execFileSync('node_modules/.bin/vitest', ['list', '--filesOnly'], { cwd: ROOT, encoding: 'utf8' });
  const run = list.split('\n').flatMap((line) => /tests\/\S+\.test\.ts$/.exec(line)?.[0] ?? []);
  const written = projectFiles().filter((path) => /^tests\/.*\.test\.ts$/.test(path));
  expect(run.sort()).toEqual(written.sort());
});
