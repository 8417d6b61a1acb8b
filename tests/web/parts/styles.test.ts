import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const WEB = join(import.meta.dirname, '../../../web');
const read = (path: string): string => readFileSync(join(WEB, path), 'utf8');

const tokens = new Set([...read('shell/styles/tokens.css').matchAll(/--([a-z-]+):/g)].map(([, name]) => name));

it.each(['parts/parts.css', 'admin/admin.css', 'review/review.css'])('%s takes its colours from the tokens', (path) => {
  const css = read(path);
  const own = new Set([...css.matchAll(/--([a-z-]+):/g)].map(([, name]) => name));
  const used = [...css.matchAll(/var\(--([a-z-]+)/g)].map(([, name]) => name);
  expect(used.length).toBeGreaterThan(3);
  expect(used.filter((name) => !tokens.has(name) && !own.has(name))).toEqual([]);
  expect(css.match(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(/gi)).toBeNull();
});

it.each([
  ['parts/parts.css', 'parts-'],
  ['admin/admin.css', 'admin'],
  ['review/review.css', 'review'],
])('%s changes nothing of another page', (path, prefix) => {
  const selectors = [...read(path).matchAll(/^\s*([^@{}\n/][^{}\n]*?)[,{]\s*$/gm)].map(([, selector = '']) => selector);
  expect(selectors.length).toBeGreaterThan(3);
  expect(selectors.filter((selector) => !selector.includes(`.${prefix}`))).toEqual([]);
});

it('the colours of priority stand in administration nowhere', () => {
  expect(read('admin/admin.css')).not.toMatch(/var\(--(high|medium|low)/);
});
