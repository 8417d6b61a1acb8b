import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { RegisteredDevice } from '#contracts/http/devices.ts';
import { withClient } from '../../migrations/client.ts';
import { eventually } from '../support/eventually.ts';
import { createFaultyLink } from '../support/faulty-link.ts';
import { createEmptyDatabase } from '../support/migrated-database.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { createTestStation } from '../support/station.ts';
import { wardwatch } from './support/command.ts';

/** What is wrong with a database is named by `start`, `migrate` and `doctor` alike. */

const releases = releaseAfterEach();
let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'cli-database-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** A role of its own, that may connect and nothing else. */
const createRole = async (databaseUrl: string): Promise<string> => {
  const name = `ward_${randomBytes(4).toString('hex')}`;
  await withClient(databaseUrl, (client) => client.query(`create role ${name} login password 'hush'`));
  releases.push(async () => {
    await withClient(databaseUrl, async (client) => {
      await client.query(`drop owned by ${name}`);
      await client.query(`drop role ${name}`);
    });
  });
  const url = new URL(databaseUrl);
  url.username = name;
  url.password = 'hush';
  return url.href;
};

const emptyDatabase = async (): Promise<string> => {
  const { url, drop } = await createEmptyDatabase(inject('databaseUrl'));
  releases.push(drop);
  return url;
};

const said = async (verb: readonly string[], databaseUrl: string): Promise<string> => {
  const env = { DATABASE_URL: databaseUrl, HTTP_PORT: '0', MQTT_PORT: '0', DATA_DIR: join(cwd, 'data') };
  const { code, stdout, stderr } = await wardwatch(verb, { cwd, env });
  expect(code).not.toBe(0);
  expect(stdout + stderr).not.toContain('hush');
  return stdout + stderr;
};

/** The station is stopped, and knows a unit with a device in it. */
const knownWard = async () => {
  const url = await emptyDatabase();
  const station = await createTestStation({ databaseUrl: url });
  releases.push(station.dispose);
  const { http } = await station.start();
  const headers = { authorization: `Bearer ${await station.token('operator')}`, 'content-type': 'application/json' };
  const send = (path: string, method: string, body: object) =>
    fetch(`${http}/api/v1/${path}`, { method, headers, body: JSON.stringify(body) });
  await send('units/icu', 'PUT', { name: 'ICU' });
  const registered = await send('devices', 'POST', { id: 'm1', unit: 'icu' });
  expect(registered.status).toBe(201);
  const { secret } = RegisteredDevice.parse(await registered.json());
  expect(await station.terminate()).toBe(0);
  return { url, station, secret };
};

const VERBS = [['start'], ['migrate'], ['doctor']] as const;

test.each(VERBS)('`%s` says that the role may create nothing, and what to grant', async (...verb) => {
  const url = await createRole(await emptyDatabase());
  const text = await said(verb, url);
  expect(text).toMatch(/may not do what is needed .*permission denied for schema public/);
  expect(text).toContain('GRANT USAGE, CREATE ON SCHEMA public');
});

test.each(VERBS)('`%s` says that the database is not there', async (...verb) => {
  const url = new URL(inject('databaseUrl'));
  url.pathname = '/nowhere';
  expect(await said(verb, url.href)).toMatch(/there is no such database at .*\/nowhere/);
});

test.each(VERBS)('`%s` says that the database is read-only', async (...verb) => {
  const url = await emptyDatabase();
  const { pathname } = new URL(url);
  await withClient(url, (client) =>
    client.query(`alter database ${pathname.slice(1)} set default_transaction_read_only = on`),
  );
  expect(await said(verb, url)).toMatch(/is read-only: a standby/);
});

test('a second station on the database is refused by name, whatever its folder; who only reads is not', async () => {
  const url = await emptyDatabase();
  const station = await createTestStation({ databaseUrl: url });
  releases.push(station.dispose);
  const { http } = await station.start();
  expect(await (await fetch(`${http}/metrics`)).text()).toContain('wardwatch_database_claimed 1');
  expect(await said(['start'], url)).toMatch(
    new RegExp(`another station is running on this database \\(pid \\d+ on .*DATA_DIR .*${station.dataDir.slice(-12)}`),
  );
  const env = { DATABASE_URL: url, HTTP_PORT: '0', MQTT_PORT: '0' };
  const doctor = await wardwatch(['doctor'], { cwd, env });
  expect(doctor.stdout).toMatch(/WARN\s+database claim\s+pid \d+ on/);
  expect((await wardwatch(['migrate'], { cwd, env })).code).toBe(0);
  const verified = await wardwatch(['alarms', 'verify', '--all'], { cwd, env });
  expect(verified.stderr).not.toContain('another station');
});

test('a migration that waits for somebody else’s lock keeps no known ward dark, and health says what it waits for', async () => {
  const { url, station } = await knownWard();

  await withClient(url, async (other) => {
    // That of the migrations.
    await other.query('select pg_advisory_lock(7783201119)');
    const { http, databaseLevel } = await station.start();
    expect(databaseLevel).toBe('away');
    const answer = await fetch(`${http}/health/ready`);
    expect(answer.status).toBe(200);
    // The first until the try gives the lock up, which a busy machine may do before it answers.
    expect(await answer.text()).toMatch(/degraded.*(somebody else may hold a lock|something else holds a lock)/);
    await eventually(async () => {
      expect(await (await fetch(`${http}/health/ready`)).text()).toContain(
        'something else holds a lock in the database',
      );
    });
  });
  await eventually(async () => {
    expect(await (await fetch(`${station.addresses().http}/health/ready`)).text()).toContain('"status":"ready"');
  });
});

test('tables that somebody has locked keep no known ward dark: its device is acknowledged, and all is stored once they are free', async () => {
  const { url, station, secret } = await knownWard();

  await withClient(url, async (other) => {
    // All of them, in a transaction that idles: as somebody does who looks into the database and goes to lunch.
    await other.query('begin');
    const { rows } = await other.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1`,
    );
    expect(rows.length).toBeGreaterThan(20);
    await other.query(`lock table ${rows.map(({ name }) => name).join(', ')} in access exclusive mode`);
    const { mqtt, http, databaseLevel } = await station.start();
    expect(databaseLevel).toBe('away');
    const device = await connectAsync(mqtt, { clientId: 'm1', username: 'm1', password: secret, reconnectPeriod: 0 });
    releases.push(async () => void (await device.endAsync(true)));
    const reading = JSON.stringify({ time: Date.now(), vitals: { 'heart-rate': 71 } });
    await device.publishAsync('ward/v1/icu/m1/vitals', reading, { qos: 1 });
    await eventually(async () => {
      expect(await (await fetch(`${http}/health/ready`)).text()).toContain('something else holds a lock');
    });
    await other.query('rollback');
  });
  await eventually(async () => {
    expect(await (await fetch(`${station.addresses().http}/health/ready`)).text()).toContain('"status":"ready"');
  });
  await eventually(async () => {
    const { rows } = await withClient(url, (client) => client.query(`select value from vitals`));
    expect(rows).toEqual([{ value: 71 }]);
  });
});

test('another station that took the database meanwhile: the first says so, writes nothing, and goes on when it is free', async () => {
  const url = await emptyDatabase();
  const link = await createFaultyLink(url);
  releases.push(link.stop);
  const first = await createTestStation({ databaseUrl: link.url });
  releases.push(first.dispose);
  const { http } = await first.start();
  const health = async () => (await fetch(`${http}/health/ready`)).text();
  link.down();
  await eventually(async () => expect(await health()).toContain('"status":"degraded"'));
  const second = await createTestStation({ databaseUrl: url });
  releases.push(second.dispose);
  await eventually(() => second.start());
  link.up();
  await eventually(async () => expect(await health()).toMatch(/another station is running on this database \(pid \d+/));
  expect(first.output()).toContain('another station is running on this database');
  // Its alarm of the database waits in its journal.
  const stored = () =>
    withClient(url, async (client) => {
      const { rows } = await client.query<{ alarms: number }>(
        `select count(*)::int as alarms from alarms where kind = 'station-database'`,
      );
      return rows[0]?.alarms;
    });
  await eventually(async () => {
    const active = await fetch(`${http}/api/v1/alarms/active`, {
      headers: { authorization: `Bearer ${await first.token('viewer')}` },
    });
    expect(await active.text()).toContain('database-away');
  });
  expect(await stored()).toBe(0);
  expect(await second.terminate()).toBe(0);
  await eventually(async () => expect(await stored()).toBe(1));
  await eventually(async () => expect(await health()).toContain('"status":"ready"'));
});
