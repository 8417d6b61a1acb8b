import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './repository.ts';

const lines = readFileSync(join(ROOT, 'docs/glossary.md'), 'utf8').trimEnd().split('\n');
const terms = lines.flatMap((line) => /^\| \*\*(.+?)\*\* \| (.+) \|$/.exec(line)?.slice(1) ?? []);

test('the glossary is short, in order, and gives each word one meaning', () => {
  expect(lines.length).toBeLessThanOrEqual(70);
  const names = terms.filter((_, place) => place % 2 === 0);
  expect(names.length).toBeGreaterThan(40);
  expect(names).toEqual([...new Set(names)].sort((one, other) => one.localeCompare(other, 'en')));
});
