import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { readSheet, sheetsIn } from '../sheets.ts';

/** The sheet of a room with those of its features. */
const read = (path: string): string => sheetsIn(dirname(path)).map(readSheet).join('\n');

/** Told by a component for what it draws. */
const SET_BY_COMPONENTS = new Set(['mm', 'colour', 'share', 'ruler', 'order']);

/** What stands before each block of declarations, within media queries, too. */
const selectorsOf = (css: string): readonly string[] =>
  css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/@media[^{]*\{/g, '')
    .split(/\{[^{}]*\}\s*\}?/)
    .flatMap((list) => list.replace(/\([^{}]*\)/g, (inside) => inside.replaceAll(',', ' ')).split(','))
    .map((selector) => selector.trim())
    .filter((selector) => selector !== '');

const tokens = new Set([...readSheet('shell/styles/tokens.css').matchAll(/--([a-z-]+):/g)].map(([, name]) => name));

it.each(['parts/parts.css', 'admin/admin.css', 'review/review.css', 'bed/bed.css'])(
  '%s takes its colours from the tokens',
  (path) => {
    const css = read(path);
    const own = new Set([...css.matchAll(/--([a-z-]+):/g)].map(([, name]) => name));
    const used = [...css.matchAll(/var\(--([a-z-]+)/g)].map(([, name]) => name);
    expect(used.length).toBeGreaterThan(3);
    expect(used.filter((name) => !tokens.has(name) && !own.has(name) && !SET_BY_COMPONENTS.has(name ?? ''))).toEqual(
      [],
    );
    expect(css.match(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(/gi)).toBeNull();
  },
);

it.each([
  // What parts say of a whole page, they say of every page.
  ['parts/parts.css', /\.(?:parts-|page\b)/],
  ['admin/admin.css', /\.admin/],
  ['review/review.css', /\.review/],
  ['bed/bed.css', /\.bed-/],
] as const)('%s changes nothing of another page', (path, own) => {
  const selectors = selectorsOf(read(path));
  expect(selectors.length).toBeGreaterThan(3);
  expect(selectors.filter((selector) => !own.test(selector))).toEqual([]);
});

it('the colours of priority stand in administration nowhere', () => {
  expect(read('admin/admin.css')).not.toMatch(/var\(--(high|medium|low)/);
});
