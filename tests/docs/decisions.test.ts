import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './repository.ts';

const folder = join(ROOT, 'docs/decisions');
const pages = readdirSync(folder)
  .filter((name) => name !== 'template.md')
  .sort();

test('decisions are numbered from 0001 on, without a gap and without a double', () => {
  expect(pages.map((name) => name.slice(0, 4))).toEqual(pages.map((_, index) => String(index + 1).padStart(4, '0')));
});

test.each(pages)('%s carries its number and has the parts of the template', (name) => {
  const page = readFileSync(join(folder, name), 'utf8');
  expect(page.startsWith(`# ${name.slice(0, 4)}. `)).toBe(true);
  expect([...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
    'Context',
    'Options',
    'Decision',
    'Consequences',
  ]);
  expect(page).toMatch(/^Date: \d{4}-\d{2}-\d{2}\. State: (agreed|replaced by \d{4})\.$/m);
});

test('decisions that a page names exist', () => {
  for (const name of pages) {
    const page = readFileSync(join(folder, name), 'utf8');
    for (const [, number = ''] of page.matchAll(/\((\d{4})\)/g)) {
      expect(
        pages.some((other) => other.startsWith(number)),
        `${name} names ${number}`,
      ).toBe(true);
    }
  }
});
