import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ROOT } from './repository.ts';

const Lockfile = z.object({
  packages: z.record(z.string(), z.object({ optionalDependencies: z.record(z.string(), z.string()).default({}) })),
});

const { packages } = Lockfile.parse(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));

/** Node's way of looking a package up: beside the one that wants it, then a folder further up, and so on. */
const isLocked = (from: string, name: string): boolean => {
  const path = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  return (
    path in packages || (from !== '' && isLocked(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name))
  );
};

// npm forgets binaries for platforms that it is not run on (npm/cli#4828), and `npm ci` then refuses to work there.
test('the lock file has the binaries of every platform', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies).filter((name) => !isLocked(path, name)),
  );
  expect(missing).toEqual([]);
});
