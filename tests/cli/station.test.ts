import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { withClient } from '../../migrations/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createTestStation, type TestStation } from '../support/station.ts';
import { type Outcome, wardwatch } from './support/command.ts';

let database: TestDatabase;
let station: TestStation;

beforeAll(async () => {
  database = await createTestDatabase();
  station = await createTestStation({ databaseUrl: database.url });
  await station.start();
});

afterAll(async () => {
  await station?.dispose();
  await database?.drop();
});

const run = (...args: string[]): Promise<Outcome> =>
  wardwatch([...args, '--data-dir', station.dataDir], { cwd: station.dataDir });

/** The one JSON value on standard output of a command that went well. */
const json = async <Schema extends z.ZodType>(schema: Schema, ...args: string[]): Promise<z.infer<Schema>> => {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return schema.parse(JSON.parse(stdout));
};

const Added = z.object({ device: z.string(), username: z.string(), secret: z.string(), topic: z.string() });

const connectAs = ({ username, secret }: { username: string; secret: string }) =>
  connectAsync(station.addresses().mqtt, { username, password: secret, clientId: username, reconnectPeriod: 0 });

test('a device that was added can connect at once with what was printed, and is acknowledged', async () => {
  const added = await json(Added, 'device', 'add', 'monitor-01', '--unit', 'ward-a', '--bed', 'a-01', '--create');
  const client = await connectAs(added);
  await client.publishAsync(added.topic, JSON.stringify({ vitals: { 'heart-rate': 72 } }), { qos: 1 });
  await client.endAsync();

  const devices = await json(z.array(z.looseObject({ id: z.string() })), 'device', 'list', '--unit', 'ward-a');
  expect(devices).toMatchObject([{ id: 'monitor-01', unit: 'ward-a', bed: 'a-01' }]);
  expect((await run('device', 'list')).stdout).toMatch(/^device +unit +bed .*\nmonitor-01 +ward-a +a-01 /);
});

test('a new secret replaces the old one', async () => {
  const before = await json(Added, 'device', 'add', 'monitor-02', '--unit', 'ward-a', '--create');
  const after = await json(Added.pick({ username: true, secret: true }), 'device', 'secret', 'monitor-02');
  expect(after.secret).not.toBe(before.secret);
  await expect(connectAs(before)).rejects.toThrow(/bad username or password/i);
  await (await connectAs(after)).endAsync();
});

test('how often a device sends is said, listed, and taken back', async () => {
  await json(Added, 'device', 'add', 'monitor-04', '--unit', 'ward-a', '--create');
  const Changed = z.looseObject({ intervalMs: z.number().nullable() });
  expect(await json(Changed, 'device', 'interval', 'monitor-04', '60s')).toMatchObject({ intervalMs: 60_000 });
  expect((await run('device', 'list')).stdout).toMatch(/^monitor-04 +ward-a +- +monitor +60 s /m);
  expect(await json(Changed, 'device', 'interval', 'monitor-04', 'continuous')).toMatchObject({ intervalMs: null });
  expect((await run('device', 'list')).stdout).toMatch(/^monitor-04 +ward-a +- +monitor +continuous /m);
});

test('a unit, a bed and a device that do not fit are refused with what would', async () => {
  await json(Added, 'device', 'add', 'monitor-03', '--unit', 'ward-b', '--bed', 'b-01', '--create');
  const refused = [
    [['--unit', 'ward-x'], /there is no unit ward-x: name one of the units \(.*ward-b.*\), or add --create/],
    [['--unit', 'ward-b', '--bed', 'b-99'], /unit ward-b has no bed b-99: name one of its beds \(b-01\), or add/],
    [['--unit', 'ward-a', '--bed', 'b-01', '--create'], /bed b-01 stands in unit ward-b: name that unit/],
    [['--unit', 'ward-b'], /device with this id already: .*`wardwatch device secret`/],
  ] as const;
  for (const [options, reason] of refused) {
    const { code, stdout, stderr } = await run('device', 'add', 'monitor-03', ...options);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(reason);
  }
});

test('what the station refuses is told with every fault', async () => {
  const model = 'm'.repeat(129);
  const { code, stdout, stderr } = await run('device', 'add', 'a.b', '--unit', 'ward-a', '--create', '--model', model);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^wardwatch: the station refused to POST devices: [^\n]+: \/id [^\n;]+; \/model [^\n;]+\n$/);
});

test('a printed token opens the API, with the role that was asked for and no more', async () => {
  const viewer = (await run('token', '--role', 'viewer', '--expires', '1min')).stdout.trim();
  const headers = { authorization: `Bearer ${viewer}` };
  const { http } = station.addresses();
  expect((await fetch(`${http}/api/v1/units`, { headers })).status).toBe(200);
  expect((await fetch(`${http}/api/v1/units`)).status).toBe(401);

  const { code, stderr } = await run('device', 'add', 'monitor-04', '--unit', 'ward-a', '--create', '--token', viewer);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^wardwatch: the station refused .+: give a token with the role operator by --token\n$/);
});

test('a sign-in link signs in once', async () => {
  const { link } = await json(z.looseObject({ link: z.url() }), 'token', '--link');
  const first = await fetch(link, { redirect: 'manual' });
  expect(first.headers.get('location')).toBe('/wall');
  expect(first.headers.get('set-cookie')).toMatch(/HttpOnly/);
  const second = await fetch(link, { redirect: 'manual' });
  expect(second.headers.get('set-cookie')).toBeNull();
});

test('a simulated ward publishes and says how many were acknowledged', async () => {
  const args = ['simulate', '--beds', '2', '--units', '1', '--duration', '2s', '--no-waves', '--json'];
  const { code, stdout } = await run(...args);
  expect(code).toBe(0);
  const summary = z.looseObject({ published: z.number(), acknowledged: z.number() }).parse(JSON.parse(stdout));
  expect(summary.published).toBeGreaterThan(0);
  expect(summary.acknowledged).toBe(summary.published);
});

test('the doctor finds the running station, its ports and its database', async () => {
  const { http, mqtt } = station.addresses();
  const env = { DATABASE_URL: database.url, HTTP_PORT: new URL(http).port, MQTT_PORT: new URL(mqtt).port };
  const args = ['doctor', '--json', '--data-dir', station.dataDir];
  const { code, stdout } = await wardwatch(args, { cwd: station.dataDir, env });
  expect(code).toBe(0);
  const findings = z.array(z.looseObject({ check: z.string() })).parse(JSON.parse(stdout));
  expect(findings).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ check: 'station', status: 'ok', detail: expect.stringContaining(http) }),
      expect.objectContaining({ check: 'HTTP_PORT', detail: expect.stringContaining("the running station's") }),
      expect.objectContaining({ check: 'database', detail: expect.stringContaining(`level ${database.level}`) }),
      expect.objectContaining({ check: 'schema', status: 'ok' }),
    ]),
  );
});

test('the doctor names the units where extremes of children and newborns are not set, and what makes no sense', async () => {
  const { http, mqtt } = station.addresses();
  const env = { DATABASE_URL: database.url, HTTP_PORT: new URL(http).port, MQTT_PORT: new URL(mqtt).port };
  const settings = async () => {
    const { stdout } = await wardwatch(['doctor', '--json', '--data-dir', station.dataDir], {
      cwd: station.dataDir,
      env,
    });
    const findings = z.array(z.looseObject({ check: z.string(), detail: z.string() })).parse(JSON.parse(stdout));
    return findings.filter(({ check }) => check === 'alarm settings').map(({ status, detail }) => [status, detail]);
  };
  const setOf = (ageGroup: string, vitals: object) =>
    withClient(database.url, (client) =>
      client.query(
        `insert into alarm_settings (unit_id, age_group, overrides, reason, author) values ('nicu', $1, $2, 'trial', 'Ada')`,
        [ageGroup, JSON.stringify({ vitals })],
      ),
    );
  await withClient(database.url, (client) => client.query(`insert into units (id, name) values ('nicu', 'NICU')`));
  const unset = await settings();
  expect(unset).toEqual(
    ['paediatric', 'neonatal'].map((age) => [
      'warn',
      expect.stringMatching(new RegExp(`^${age}: no extreme low limit is set in .*nicu \\(abp-systolic, abp-mean\\)`)),
    ]),
  );
  await setOf('neonatal', { 'abp-systolic': { extremeLow: 35 }, 'abp-mean': { extremeLow: 25 } });
  await setOf('adult', { 'heart-rate': { low: 35 } });
  const after = await settings();
  expect(after[1]?.[1]).not.toContain('nicu');
  expect(after).toContainEqual(['warn', 'adult in nicu: heart-rate: extremeLow 40 must not be above low 35']);
});

test('the doctor names what has an id that nothing new may have, and says what to do', async () => {
  const { http, mqtt } = station.addresses();
  const env = { DATABASE_URL: database.url, HTTP_PORT: new URL(http).port, MQTT_PORT: new URL(mqtt).port };
  const ids = async () => {
    const { stdout } = await wardwatch(['doctor', '--json', '--data-dir', station.dataDir], {
      cwd: station.dataDir,
      env,
    });
    const findings = z.array(z.looseObject({ check: z.string() })).parse(JSON.parse(stdout));
    return findings.filter(({ check }) => check === 'ids');
  };
  expect(await ids()).toMatchObject([{ status: 'ok' }]);
  await withClient(database.url, (client) => client.query(`insert into units (id, name) values ('old.wing', 'Old')`));
  expect(await ids()).toMatchObject([
    {
      status: 'warn',
      detail: expect.stringContaining('unit old.wing'),
      remedy: expect.stringContaining('under an id without a dot'),
    },
  ]);
});

test('docs/reference.md has every metric of the station, as it explains itself, and no other', async () => {
  const metrics = await (await fetch(`${station.addresses().http}/metrics`)).text();
  const page = await readFile(new URL('../../docs/reference.md', import.meta.url), 'utf8');
  const told = [...metrics.matchAll(/^# HELP (wardwatch_\w+) (.*)$/gm)].map(
    ([, name, help]) => `| \`${name}\` | ${help} |`,
  );
  expect(told.length).toBeGreaterThan(20);
  expect(page.split('\n').filter((line) => line.startsWith('| `wardwatch_'))).toEqual(told.sort());
});

test('`migrate` on an up-to-date database changes nothing', async () => {
  const env = { DATABASE_URL: database.url };
  const { code, stdout } = await wardwatch(['migrate', '--json'], { cwd: station.dataDir, env });
  expect({ code, result: JSON.parse(stdout) }).toEqual({ code: 0, result: { level: database.level, applied: [] } });
});

test.each(['HTTP_PORT', 'MQTT_PORT'])('a taken %s is one line that names it', async (setting) => {
  const { http, mqtt } = station.addresses();
  const { port } = new URL(setting === 'HTTP_PORT' ? http : mqtt);
  const ownDatabase = await createTestDatabase();
  const other = await createTestStation({
    databaseUrl: ownDatabase.url,
    environment: { HTTP_PORT: '0', MQTT_PORT: '0', [setting]: port },
  });
  await expect(other.start()).rejects.toThrow(`port ${port} is taken: stop what uses it, or set ${setting} to another`);
  expect(await readdir(other.dataDir)).not.toContain('station.json');
  await other.dispose();
  await ownDatabase.drop();
});

test('a second station on the folder is refused and told of the first', async () => {
  const { code, stdout, stderr } = await run('start');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^wardwatch: a station is already running on DATA_DIR .+ \(pid \d+, http:.+\): stop it, or/);
});

test('after `kill -9` it starts again on the same folder, and SIGTERM then ends it with 0', async () => {
  await station.kill();
  await station.start();
  const left = z
    .object({ pid: z.int() })
    .parse(JSON.parse(await readFile(join(station.dataDir, 'station.json'), 'utf8')));
  expect(() => process.kill(left.pid, 0)).not.toThrow();
  expect(await station.terminate()).toBe(0);
  await expect(stat(join(station.dataDir, 'station.json'))).rejects.toThrow('ENOENT');
  await station.start();
});
