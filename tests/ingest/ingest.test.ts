import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { createLog } from '#platform/log.ts';
import { createIngest, type Ingest } from '../../ingest/ingest.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let dataDir: string;
let ingest: Ingest;

beforeEach(async () => {
  database = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'wardwatch-ingest-'));
  ingest = createIngest({
    dataDir,
    database: database.pool,
    settings: {
      lateAfterMs: 30_000,
      retentionDays: 90,
      journalMaxBytes: 2 ** 20,
      maxPayloadBytes: 2 ** 20,
      tickMs: 100,
      registryEveryMs: 20,
    },
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    metrics: new Registry(),
  });
  await ingest.start();
});

afterEach(async () => {
  await ingest.stop();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

test('what somebody else changes in the registry is noticed', async () => {
  await ingest.databaseIsReady();
  await database.pool.query(`insert into units values ('icu', 'Intensive care')`);
  await expect.poll(() => ingest.live.units()).toEqual([{ id: 'icu', name: 'Intensive care' }]);
});

test('a copy of the registry that cannot be written keeps nobody from the registry', async () => {
  await database.pool.query(`insert into units values ('icu', 'Intensive care')`);
  // A folder in its place: what nothing can be renamed to.
  await mkdir(join(dataDir, 'registry.json'));
  await ingest.databaseIsReady();
  expect(ingest.live.units()).toHaveLength(1);
});
