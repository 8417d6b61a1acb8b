import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codeFiles, roomOf } from './code.ts';
import { ROOT } from './repository.ts';

test('the image has every room that is delivered: .dockerignore lets each of them in, and no tests', () => {
  const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  const letIn = lines.filter((line) => /^![a-z]+$/.test(line) && line !== '!bin').map((line) => line.slice(1));
  const rooms = new Set(
    codeFiles.map(({ path }) => roomOf(path)).filter((room) => room !== 'tests' && room !== 'root'),
  );
  expect(letIn.filter((room) => room !== 'LICENSE').sort()).toEqual([...rooms].sort());
});
