import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';

/**
 * What a screen has to load, compressed: the wall what stands around every page, too, and each other page what comes on top.
 * Whoever needs more raises a size here and in web/README.md, and says why.
 */
const MOST_KILOBYTES = {
  // The words and the schema of monitors' alarms are 3 kB of it, fifty vitals another 3.
  wall: 91,
  bed: 70,
  review: 40,
  admin: 38,
  'admin/device': 44,
  access: 30,
  everything: 245,
} as const;

type PageName = Exclude<keyof typeof MOST_KILOBYTES, 'wall' | 'everything'>;

const WEB = join(import.meta.dirname, '../../web');

/** The part of a built file that is used. */
type Part = {
  readonly fileName: string;
  readonly code?: string;
  readonly source?: string | Uint8Array;
  readonly isEntry?: boolean;
  readonly facadeModuleId?: string | null;
  readonly imports?: readonly string[];
  readonly viteMetadata?: { readonly importedCss: ReadonlySet<string> };
};

const parts = new Map<string, Part>();

const compressed = (name: string): number => {
  const part = parts.get(name);
  return gzipSync(part?.code ?? part?.source ?? '').length / 1_000;
};

const sum = (names: Iterable<string>): number => [...names].reduce((total, name) => total + compressed(name), 0);

/** A chunk, its style sheets, and all that must be there before it runs. */
const needed = (name: string, found = new Set<string>()): Set<string> => {
  if (found.has(name)) return found;
  found.add(name);
  for (const sheet of parts.get(name)?.viteMetadata?.importedCss ?? []) found.add(sheet);
  for (const imported of parts.get(name)?.imports ?? []) needed(imported, found);
  return found;
};

const chunk = (isIt: (part: Part) => boolean | undefined): string => {
  const found = [...parts.values()].find(isIt);
  if (!found) throw new Error('no such chunk');
  return found.fileName;
};

const wall = (): Set<string> => needed(chunk(({ isEntry }) => isEntry));

describe('the bundle', () => {
  beforeAll(async () => {
    const built = [await build({ root: WEB, logLevel: 'error', build: { write: false } })].flat();
    for (const each of built) {
      if (!('output' in each)) throw new Error('vite watches instead of building');
      for (const part of each.output as readonly Part[]) parts.set(part.fileName, part);
    }
  });

  it(`of the wall is at most ${MOST_KILOBYTES.wall} kB`, () => {
    expect(sum(wall())).toBeLessThan(MOST_KILOBYTES.wall);
  });

  it.each(['bed', 'review', 'admin', 'admin/device', 'access'] as const satisfies PageName[])(
    'of the page %s keeps to its size',
    (page) => {
      const entry = chunk(({ facadeModuleId }) => facadeModuleId?.endsWith(`/web/${page}/page.tsx`));
      const more = [...needed(entry)].filter((name) => !wall().has(name));
      expect(sum(more)).toBeGreaterThan(1);
      expect(sum(more)).toBeLessThan(MOST_KILOBYTES[page]);
    },
  );

  it('of all pages keeps to its size, and has no font, picture or program of others', () => {
    const files = [...parts.keys()].filter((name) => /\.(js|css)$/.test(name));
    expect(sum(files)).toBeLessThan(MOST_KILOBYTES.everything);
    expect([...parts.keys()].filter((name) => !/\.(js|css|html|svg)$/.test(name))).toEqual([]);
  });
});
