import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const WEB = join(import.meta.dirname, '../../web');

/** What each room may use beside itself. The pages are loaded by the shell when they are first opened. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  shell: [
    'parts',
    'wall',
    'bed/page.tsx',
    'review/page.tsx',
    'admin/page.tsx',
    'admin/device/page.tsx',
    'access/page.tsx',
  ],
  wall: ['shell', 'parts'],
  parts: ['shell'],
  bed: ['shell', 'parts', 'wall/wall.ts'],
  review: ['shell', 'parts'],
  admin: ['shell', 'parts'],
  access: ['shell', 'parts'],
};

const sources = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.tsx?$/.test(path) && Object.hasOwn(MAY_USE, path.split('/')[0] ?? ''),
);

/** Types count, too. */
const importsOf = (path: string): readonly string[] =>
  [...readFileSync(join(WEB, path), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+\.tsx?)'/g)].map(
    ([, target = '']) => join(dirname(path), target),
  );

const graph = new Map(sources.map((path) => [path, importsOf(path)]));

describe('the rooms of the screens', () => {
  it.each(Object.entries(MAY_USE))('%s uses only what it may', (room, others) => {
    const own = sources.filter((path) => path.startsWith(`${room}/`));
    expect(own.length).toBeGreaterThan(3);
    const isAllowed = (target: string): boolean =>
      [room, ...others].some((allowed) => target === allowed || target.startsWith(`${allowed}/`));
    const strays = own.flatMap((path) =>
      importsOf(path).flatMap((target) => (isAllowed(target) ? [] : [`${path} uses ${target}`])),
    );
    expect(strays).toEqual([]);
  });

  it('have no circle of imports, types among them', () => {
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (path: string, way: readonly string[]): void => {
      if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' → '));
      if (done.has(path)) return;
      done.add(path);
      for (const next of graph.get(path) ?? []) walk(next, [...way, path]);
    };
    for (const path of sources) walk(path, []);
    expect(circles).toEqual([]);
  });

  it('have files of at most 300 lines, and style sheets of at most 400', () => {
    const sheets = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.css') && !path.startsWith('dist'),
    );
    const linesOf = (path: string): number => readFileSync(join(WEB, path), 'utf8').trimEnd().split('\n').length;
    expect(sources.filter((path) => linesOf(path) > 300)).toEqual([]);
    expect(sheets.filter((path) => linesOf(path) > 400)).toEqual([]);
  });
});
