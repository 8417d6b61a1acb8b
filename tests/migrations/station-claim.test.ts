import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findClaimHolder } from '#platform/claim-holder.ts';
import { ClaimTakenError, createStationClaim } from '#platform/station-claim.ts';
import { withClient } from '../../migrations/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { createFaultyLink } from '../support/faulty-link.ts';
import { releaseAfterEach } from '../support/releases.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const releases = releaseAfterEach();

const claimOf = (dataDir: string, { url = database.url, secret = randomBytes(32) } = {}) => {
  const troubles: (string | undefined)[] = [];
  const claim = createStationClaim({
    databaseUrl: url,
    dataDir,
    secret,
    onTrouble: (trouble) => troubles.push(trouble),
  });
  releases.push(claim.release);
  return { claim, troubles };
};

const holder = () => withClient(database.url, findClaimHolder);

/** Ends the connection that holds it, as an administrator or a restart of the server would. */
const breakConnections = () =>
  database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name like 'wardwatch station %' and datname = current_database()`,
  );

test('the second station is refused, and told who holds the database', async () => {
  const { claim } = claimOf('/var/lib/first');
  await claim.acquire();
  expect(claim.isHeld()).toBe(true);
  const second = claimOf('/var/lib/second').claim;
  const refused = await second.acquire().catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ClaimTakenError);
  expect(String(refused)).toContain(`pid ${process.pid} on ${hostname().slice(0, 20)}, DATA_DIR /var/lib/first`);
  expect(String(refused)).toContain('stop that one, or give this one a DATABASE_URL of its own');
  expect(second.isHeld()).toBe(false);
  await claim.release();
  await second.acquire();
  expect(second.isHeld()).toBe(true);
});

test('who only looks sees whose it is, and whether it is of a folder', async () => {
  expect(await holder()).toBeUndefined();
  const long = `/srv/${'very-long-name/'.repeat(10)}data`;
  await claimOf(long).claim.acquire();
  const found = await holder();
  expect(found?.text).toContain(`pid ${process.pid}`);
  expect(found?.isOf(long)).toBe(true);
  expect(found?.isOf('/srv/other')).toBe(false);
});

test('a connection that breaks is claimed again at once, and both are told', async () => {
  const { claim, troubles } = claimOf('/var/lib/broken');
  await claim.acquire();
  await breakConnections();
  await eventually(() => expect(troubles).toEqual([expect.stringContaining('claiming it again'), undefined]));
  expect(claim.isHeld()).toBe(true);
  expect(claim.trouble()).toBeUndefined();
});

test('taken by another meanwhile: it is not held, and says so until it is free again', async () => {
  const link = await createFaultyLink(database.url);
  releases.push(link.stop);
  const { claim, troubles } = claimOf('/var/lib/away', { url: link.url });
  await claim.acquire();
  link.down();
  await eventually(() => expect(claim.isHeld()).toBe(false));
  const other = claimOf('/var/lib/other').claim;
  await eventually(() => other.acquire());
  link.up();
  await eventually(() => expect(claim.trouble()).toContain('another station is running on this database'));
  expect(claim.trouble()).toContain('DATA_DIR /var/lib/other');
  expect(claim.isHeld()).toBe(false);
  await other.release();
  await eventually(() => expect(claim.isHeld()).toBe(true));
  expect(troubles.at(-1)).toBeUndefined();
});

test('what the server still keeps of a crash of the same station is not another station', async () => {
  const secret = randomBytes(32);
  const before = claimOf('/var/lib/same', { secret }).claim;
  await before.acquire();
  const { rows } = await database.pool.query<{ name: string }>(
    `select application_name as name from pg_stat_activity
     where application_name like 'wardwatch station %' and datname = current_database()`,
  );
  await before.release();
  await withClient(database.url, async (ghost) => {
    await ghost.query(`select set_config('application_name', $1, false)`, [rows[0]?.name]);
    await ghost.query('select pg_advisory_lock(7783201120)');
    const { claim } = claimOf('/var/lib/same', { secret });
    await claim.acquire();
    expect(claim.isHeld()).toBe(true);
  });
  expect((await holder())?.isOf('/var/lib/same')).toBe(true);
});

test('released while the server is silent it does not wait for it', async () => {
  const link = await createFaultyLink(database.url);
  releases.push(link.stop);
  const { claim } = claimOf('/var/lib/silent', { url: link.url });
  await claim.acquire();
  link.freeze();
  await claim.release();
  expect(claim.isHeld()).toBe(false);
});
