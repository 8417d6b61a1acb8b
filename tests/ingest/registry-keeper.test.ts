import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createLog } from '#platform/log.ts';
import { createDirectory } from '../../ingest/directory.ts';
import type { Registry } from '../../ingest/registry.ts';
import { createRegistryKeeper } from '../../ingest/registry-keeper.ts';
import { describeDirectory } from '../contracts/ports/directory.ts';
import { createTestDatabase } from '../support/database.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const releases: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const release of releases.splice(0)) await release();
});

const createTestKeeper = async ({ use = async () => {} }: { use?: (registry: Registry) => Promise<void> } = {}) => {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'wardwatch-keeper-'));
  releases.push(async () => {
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });
  const clock = createFakeClock(Date.now());
  const keeper = createRegistryKeeper({
    dataDir,
    database: database.pool,
    retentionDays: 90,
    everyMs: 1_000,
    clock,
    shortened: () => [],
    use,
    log: createLog({ level: 'silent' }),
  });
  await database.pool.query(`insert into units values ('icu', 'Intensive care')`);
  return { keeper, clock, database: database.pool };
};

describeDirectory('of a station, kept in its database', async () => {
  const { keeper, database } = await createTestKeeper();
  await keeper.reload();
  return {
    directory: createDirectory(keeper),
    async registerGateway(id, secret, devices) {
      const values = [id, createHash('sha256').update(secret).digest()];
      await database.query(
        'insert into gateways (id, secret_hash) values ($1, $2) on conflict (id) do update set secret_hash = $2',
        values,
      );
      await database.query('update devices set gateway_id = case when id = any($2) then $1 end', [id, devices]);
      await keeper.reload();
    },
    async register(id, secret) {
      await database.query('delete from devices');
      const hash = createHash('sha256').update(secret).digest();
      await database.query(`insert into devices (id, unit_id, secret_hash) values ($1, 'icu', $2)`, [id, hash]);
      await keeper.reload();
    },
  };
});

/** A keeper, and who was in bed b1 each time that a registry was put in force. */
const createWatchedKeeper = async () => {
  const used: (number | null)[] = [];
  const failures: Error[] = [];
  const told: number[] = [];
  const parts = await createTestKeeper({
    async use({ encounterIn }) {
      used.push(encounterIn('b1', parts.clock.now())?.patient ?? null);
      const failure = failures.pop();
      if (failure) throw failure;
    },
  });
  parts.keeper.onChanged(() => told.push(used.length));
  await parts.database.query(`
    insert into beds (id, unit_id, label) values ('b1', 'icu', '1');
    insert into patients (name, age_group) values ('Ada', 'adult')`);
  return { ...parts, used, failures, told };
};

test('a registry that is the same is not used again', async () => {
  const { keeper, clock, database, used, told } = await createWatchedKeeper();
  await keeper.reload();
  await keeper.reload();
  await keeper.reload();
  expect({ used, told }).toEqual({ used: [null], told: [1] });

  await database.query(`insert into encounters (patient_id, bed_id, started_at) values (1, 'b1', to_timestamp($1))`, [
    clock.now() / 1_000 - 1,
  ]);
  await keeper.reload();
  await keeper.reload();
  expect({ used, told }).toEqual({ used: [null, 1], told: [1, 2] });
});

test('a stay that begins or ends by time alone is in force from then on', async () => {
  const { keeper, clock, database, used, told } = await createWatchedKeeper();
  const nowS = clock.now() / 1_000;
  await database.query(
    `insert into encounters (patient_id, bed_id, started_at, ended_at) values (1, 'b1', to_timestamp($1), to_timestamp($2))`,
    [nowS + 60, nowS + 120],
  );
  await keeper.reload();
  clock.advance(59_000);
  await keeper.reload();
  expect(used).toEqual([null]);
  clock.advance(1_000);
  await keeper.reload();
  await keeper.reload();
  expect(used).toEqual([null, 1]);
  clock.advance(60_000);
  await keeper.reload();
  await keeper.reload();
  expect({ used, told }).toEqual({ used: [null, 1, null], told: [1] });
});

test('after the clock of the station was put back the registry is used again', async () => {
  const { keeper, clock, used } = await createWatchedKeeper();
  await keeper.reload();
  clock.putForward(-3_600_000);
  await keeper.reload();
  await keeper.reload();
  expect(used).toEqual([null, null]);
});

test('what could not be put in force everywhere is tried again, though the database has nothing new', async () => {
  const { keeper, failures, used, told } = await createWatchedKeeper();
  failures.push(new Error('the journal cannot be read'));
  await expect(keeper.reload()).rejects.toThrow('the journal cannot be read');
  await keeper.reload();
  await keeper.reload();
  expect({ used, told }).toEqual({ used: [null, null], told: [2] });
});
