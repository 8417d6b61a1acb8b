import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { createLog } from '#platform/log.ts';
import { createDirectory } from '../../ingest/directory.ts';
import { createRegistryKeeper } from '../../ingest/registry-keeper.ts';
import { describeDirectory } from '../contracts/ports/directory.ts';
import { createTestDatabase } from '../support/database.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const releases: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const release of releases.splice(0)) await release();
});

describeDirectory('of a station, kept in its database', async () => {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'wardwatch-keeper-'));
  releases.push(async () => {
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });
  const keeper = createRegistryKeeper({
    dataDir,
    database: database.pool,
    retentionDays: 90,
    everyMs: 1_000,
    clock: createFakeClock(),
    shortened: () => [],
    use: async () => {},
    log: createLog({ level: 'silent' }),
  });
  await database.pool.query(`insert into units values ('icu', 'Intensive care')`);
  await keeper.reload();
  return {
    directory: createDirectory(keeper),
    async registerGateway(id, secret, devices) {
      const values = [id, createHash('sha256').update(secret).digest()];
      await database.pool.query(
        'insert into gateways (id, secret_hash) values ($1, $2) on conflict (id) do update set secret_hash = $2',
        values,
      );
      await database.pool.query('update devices set gateway_id = case when id = any($2) then $1 end', [id, devices]);
      await keeper.reload();
    },
    async register(id, secret) {
      await database.pool.query('delete from devices');
      const hash = createHash('sha256').update(secret).digest();
      await database.pool.query(`insert into devices (id, unit_id, secret_hash) values ($1, 'icu', $2)`, [id, hash]);
      await keeper.reload();
    },
  };
});
