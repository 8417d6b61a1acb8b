import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ROOT } from './repository.ts';

/** What is installed must be free to use beside Apache-2.0, and must be what it was when it was chosen. */

const Lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dev: z.boolean().default(false),
      license: z.string().optional(),
      integrity: z.string().optional(),
    }),
  ),
});

const { packages } = Lockfile.parse(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));

/** The project itself is the entry without a path. */
const installed = Object.entries(packages).filter(([path]) => path !== '');

const PERMISSIVE: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT OR Apache-2.0',
]);

/** Tools that are run as they are, and data: none of it is delivered. */
const FOR_DEVELOPMENT: ReadonlySet<string> = new Set(['MPL-2.0', 'CC-BY-4.0', 'Unlicense']);

/** MIT by the field `licenses` of old manifests, which lock files leave out. */
const BY_OLD_FIELD: ReadonlySet<string> = new Set(['buildcheck', 'cpu-features', 'ssh2']);

const isAllowed = (path: string, license: string | undefined, dev: boolean): boolean => {
  if (license === undefined) return dev && BY_OLD_FIELD.has(path.split('node_modules/').at(-1) ?? '');
  return PERMISSIVE.has(license) || (dev && FOR_DEVELOPMENT.has(license));
};

test('every package has a licence that allows what the project does with it', () => {
  const others = installed.flatMap(([path, { license, dev }]) =>
    isAllowed(path, license, dev) ? [] : [`${path}: ${license ?? 'none'}`],
  );
  expect(installed.length).toBeGreaterThan(100);
  expect(others).toEqual([]);
});

/** Binaries that make CBOR faster and are done without: the registry that the lock file was made from does not have them. */
const UNSEEN = 'node_modules/@cbor-extract/cbor-extract-';

test('every package is held to its bytes, those of other platforms too, but for six that nobody here has seen', () => {
  const loose = installed.flatMap(([path, { integrity }]) => (integrity?.startsWith('sha512-') ? [] : [path]));
  expect(loose.filter((path) => !path.startsWith(UNSEEN))).toEqual([]);
  expect(loose).toHaveLength(6);
});
