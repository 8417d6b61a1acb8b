import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRESETS } from '#domain/alarms/settings.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { createDesk } from '../support/desk.ts';

let database: TestDatabase;
let api: TestApi;
const desk = createDesk();

beforeAll(async () => {
  database = await createTestDatabase();
  desk.addBed('icu', 'icu-01');
  api = await startApi({ database: database.pool, alarms: desk.desk });
  for (const unit of ['icu', 'nicu', 'er']) await put(`/units/${unit}`, { name: unit });
  for (const bed of ['icu-01', 'icu-02', 'icu-03']) await put(`/beds/${bed}`, { unit: 'icu', label: bed });
});
afterAll(async () => {
  await api?.stop();
  await database?.drop();
});

const json = async (response: Promise<Response>) => (await response).json();
const get = (path: string) => api.ask(`/api/v1${path}`);
const put = (path: string, body: unknown) => api.ask(`/api/v1${path}`, { method: 'PUT', body });
const post = (path: string, body: unknown) => api.ask(`/api/v1${path}`, { method: 'POST', body });

const admit = async (bed: string, ageGroup = 'adult'): Promise<number> => {
  const { id: patient } = await json(post('/patients', { name: `In ${bed}`, ageGroup }));
  return (await json(post('/encounters', { patient, bed }))).id;
};
const discharge = (encounter: number) =>
  api.ask(`/api/v1/encounters/${encounter}`, {
    method: 'PATCH',
    body: { end: new Date(Date.now() + 60_000).toISOString() },
  });

describe('the settings of alarms', () => {
  it('begin with the presets, and are in force at a bed by memory', async () => {
    expect(await json(get('/alarm-settings/presets'))).toEqual(PRESETS);
    expect(await json(get('/beds/icu-01/alarm-settings'))).toEqual(PRESETS.adult);
    expect((await get('/beds/nowhere/alarm-settings')).status).toBe(404);
  });

  it('F2: of a unit are nothing at first, and a new version with who, when and why with each change', async () => {
    const path = '/units/icu/alarm-settings/adult';
    expect(await json(get(path))).toEqual({
      version: null,
      unit: 'icu',
      ageGroup: 'adult',
      encounter: null,
      overrides: {},
      reason: null,
      author: null,
      createdAt: null,
    });
    const changesBefore = api.registryChanges.length;
    const overrides = { vitals: { 'heart-rate': { low: 45, extremeLow: 35 } }, apnoeaDelayMs: 15_000 };
    const first = await json(put(path, { overrides, reason: 'athletes' }));
    expect(first).toMatchObject({
      unit: 'icu',
      ageGroup: 'adult',
      overrides,
      reason: 'athletes',
      author: 'a operator',
    });
    expect(api.registryChanges.slice(changesBefore)).toEqual(['alarm-settings:put']);
    expect(Date.parse(first.createdAt)).toBeGreaterThan(0);
    const second = await json(put(path, { overrides: {}, reason: 'back to the preset' }));
    expect(second.version).toBeGreaterThan(first.version);
    expect(await json(get(path))).toEqual(second);
    expect(await json(get('/units/icu/alarm-settings/neonatal'))).toMatchObject({ version: null });
    expect(await json(get('/alarm-settings/versions?unit=icu'))).toEqual([second, first]);

    const { rows } = await database.pool.query(
      `select * from audit_log where action = 'alarm-settings:put' order by id`,
    );
    expect(rows.map(({ actor, subject, detail }) => ({ actor, subject, detail }))).toEqual([
      {
        actor: 'a operator',
        subject: 'unit:icu:adult',
        detail: { version: first.version, overrides, reason: 'athletes' },
      },
      {
        actor: 'a operator',
        subject: 'unit:icu:adult',
        detail: { version: second.version, overrides: {}, reason: 'back to the preset' },
      },
    ]);
  });

  it('that make no sense are refused with every reason, and nothing is stored', async () => {
    const path = '/units/nicu/alarm-settings/neonatal';
    const overrides = {
      vitals: { spo2: { low: 99, high: 90 }, 'heart-rate': { extremeLow: null } },
      latching: { high: false },
    };
    const response = await put(path, { overrides, reason: 'to see' });
    expect(response.status).toBe(400);
    const { faults } = await response.json();
    expect(faults.map(({ at }: { at: string }) => at)).toEqual(faults.map(() => '/overrides'));
    const messages: string[] = faults.map(({ message }: { message: string }) => message);
    expect(messages).toContain('spo2: low 99 must be below high 90');
    expect(messages).toContain('heart-rate: extremeLow has high priority and cannot be switched off');
    expect(messages.some((message) => message.startsWith('latching.high'))).toBe(true);
    expect(await json(get(path))).toMatchObject({ version: null });
    expect(await json(get('/alarm-settings/versions?unit=nicu'))).toEqual([]);
  });

  it.each([
    ['without a reason', { overrides: {} }],
    ['with an empty reason', { overrides: {}, reason: ' ' }],
    ['for a vital there is not', { overrides: { vitals: { mood: { low: 1 } } }, reason: 'x' }],
    ['with a setting there is not', { overrides: { colour: 'red' }, reason: 'x' }],
    ['with a delay that is too long', { overrides: { vitals: { spo2: { delayMs: 600_000 } } }, reason: 'x' }],
  ])('are refused %s', async (_name, body) => {
    const response = await put('/units/icu/alarm-settings/adult', body);
    expect(response.status).toBe(400);
    expect((await response.json()).faults.length).toBeGreaterThan(0);
  });

  it('of a stay lie over those of its unit, and neither may make nonsense of the other', async () => {
    const encounter = await admit('icu-01');
    const path = `/encounters/${encounter}/alarm-settings`;
    const unitPath = '/units/icu/alarm-settings/adult';
    await put(unitPath, { overrides: { vitals: { 'heart-rate': { high: 130 } } }, reason: 'ours' });

    const refused = await put(path, { overrides: { vitals: { 'heart-rate': { low: 129 } } }, reason: 'COPD' });
    expect(refused.status).toBe(400);
    const stored = await json(put(path, { overrides: { vitals: { 'heart-rate': { low: 100 } } }, reason: 'fever' }));
    expect(stored).toMatchObject({ encounter, unit: null, ageGroup: null, reason: 'fever' });
    expect(await json(get(path))).toEqual(stored);
    expect(await json(get(`/alarm-settings/versions?encounter=${encounter}`))).toEqual([stored]);

    const lower = { overrides: { vitals: { 'heart-rate': { high: 101 } } }, reason: 'calm ward' };
    const response = await put(unitPath, lower);
    expect(response.status).toBe(400);
    const [{ message }] = (await response.json()).faults;
    expect(message).toContain(`encounter ${encounter}`);
    // Other settings are not refused for it: those of children, and the same ones once the stay is over.
    expect((await put('/units/icu/alarm-settings/paediatric', { overrides: {}, reason: 'x' })).status).toBe(200);
    await discharge(encounter);
    expect((await put(unitPath, lower)).status).toBe(200);
    expect((await put(path, { overrides: {}, reason: 'too late' })).status).toBe(409);
  });

  it('written at once cannot both pass when together they make no sense', async () => {
    await put('/units/icu/alarm-settings/adult', { overrides: {}, reason: 'fresh' });
    const encounter = await admit('icu-02');
    const low = { overrides: { vitals: { 'heart-rate': { low: 108 } } }, reason: 'fever' };
    const high = { overrides: { vitals: { 'heart-rate': { high: 105 } } }, reason: 'calm ward' };
    const [stay, unit] = await Promise.all([
      put(`/encounters/${encounter}/alarm-settings`, low),
      put('/units/icu/alarm-settings/adult', high),
    ]);
    expect([stay.status, unit.status].sort()).toEqual([200, 400]);
    await discharge(encounter);
  });

  it('of a stay keep its patient from becoming, or going, where they make no sense', async () => {
    await put('/units/icu/alarm-settings/adult', { overrides: {}, reason: 'fresh' });
    const { id: patient } = await json(post('/patients', { name: 'Moved' }));
    const { id: encounter } = await json(post('/encounters', { patient, bed: 'icu-03' }));
    await put('/units/er/alarm-settings/adult', {
      overrides: { vitals: { 'heart-rate': { high: 105 } } },
      reason: 'calm ward',
    });
    await put('/beds/er-01', { unit: 'er', label: 'er-01' });
    await put(`/encounters/${encounter}/alarm-settings`, {
      overrides: { vitals: { 'heart-rate': { low: 108 } } },
      reason: 'fever',
    });
    const patch = (path: string, body: unknown) => api.ask(`/api/v1${path}`, { method: 'PATCH', body });
    for (const refused of [
      await patch(`/encounters/${encounter}`, { bed: 'er-01' }),
      await put('/beds/icu-03', { unit: 'er', label: 'icu-03' }),
    ]) {
      expect(refused.status).toBe(409);
      expect((await refused.json()).detail).toContain('heart-rate: low 108 must be below high 105');
    }
    await put(`/encounters/${encounter}/alarm-settings`, {
      overrides: { vitals: { 'heart-rate': { extremeHigh: 130 } } },
      reason: 'frail',
    });
    expect((await patch(`/patients/${patient}`, { ageGroup: 'neonatal' })).status).toBe(409);
    expect((await patch(`/patients/${patient}`, { name: 'Still named' })).status).toBe(200);
    expect((await patch(`/encounters/${encounter}`, { bed: 'er-01' })).status).toBe(200);
    await discharge(encounter);
    expect((await patch(`/patients/${patient}`, { ageGroup: 'neonatal' })).status).toBe(200);
  });

  it('are not overwritten by a form that was read before somebody else saved', async () => {
    await put('/beds/icu-04', { unit: 'icu', label: 'icu-04' });
    const encounter = await admit('icu-04');
    const path = `/encounters/${encounter}/alarm-settings`;
    const unitPath = '/units/icu/alarm-settings/adult';
    await put(unitPath, { overrides: {}, reason: 'fresh' });
    const tagOf = async (of: string): Promise<string> => (await get(of)).headers.get('etag') ?? '';
    const putIf = (of: string, tag: string, low: number) =>
      api.ask(`/api/v1${of}`, {
        method: 'PUT',
        headers: { 'if-match': tag },
        body: { overrides: { vitals: { spo2: { low } } }, reason: 'COPD' },
      });

    for (const of of [path, unitPath]) {
      const read = await tagOf(of);
      expect(read).toMatch(/^"[^"]+"$/);
      expect((await putIf(of, read, 88)).status).toBe(200);
      const refused = await putIf(of, read, 85);
      expect(refused.status).toBe(412);
      expect(await refused.json()).toMatchObject({
        type: 'urn:wardwatch:problem:stale',
        detail: expect.stringContaining('made by a operator at 2'),
      });
      expect(await json(get(of))).toMatchObject({ overrides: { vitals: { spo2: { low: 88 } } } });
      expect((await putIf(of, `"other", ${await tagOf(of)}`, 87)).status).toBe(200);
      expect((await putIf(of, '*', 86)).status).toBe(200);
      expect((await putIf(of, 'W/"1"', 85)).status).toBe(412);
    }

    const overUnit = await tagOf(path);
    expect((await putIf(unitPath, await tagOf(unitPath), 91)).status).toBe(200);
    expect((await putIf(path, overUnit, 84)).status).toBe(412);
    expect((await put(path, { overrides: {}, reason: 'by a program that tells no tag' })).status).toBe(200);
    await discharge(encounter);
  });

  it('of two saved at once from the same form are those of one', async () => {
    const path = '/units/er/alarm-settings/paediatric';
    const tag = (await get(path)).headers.get('etag') ?? '';
    const both = await Promise.all(
      [88, 89].map((low) =>
        api.ask(`/api/v1${path}`, {
          method: 'PUT',
          headers: { 'if-match': tag },
          body: { overrides: { vitals: { spo2: { low } } }, reason: 'x' },
        }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('of what does not exist are not found', async () => {
    expect((await get('/units/nowhere/alarm-settings/adult')).status).toBe(404);
    expect((await get('/encounters/999999/alarm-settings')).status).toBe(404);
    expect((await put('/units/nowhere/alarm-settings/adult', { overrides: {}, reason: 'x' })).status).toBe(404);
    expect((await put('/encounters/999999/alarm-settings', { overrides: {}, reason: 'x' })).status).toBe(404);
    expect((await get('/units/icu/alarm-settings/elderly')).status).toBe(400);
    expect((await get('/alarm-settings/versions')).status).toBe(400);
  });

  it('are changed by operators alone', async () => {
    const body = { overrides: {}, reason: 'x' };
    for (const role of ['viewer', 'integration'] as const) {
      const response = await api.ask('/api/v1/units/icu/alarm-settings/adult', { method: 'PUT', body, role });
      expect(response.status).toBe(403);
    }
  });
});
