import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRESETS } from '#domain/alarms/settings.ts';
import { hashSecret } from '#platform/secrets.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startApi, type TestApi } from './support/api.ts';
import { createDesk } from './support/desk.ts';

let database: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  database = await createTestDatabase();
  api = await startApi({ database: database.pool });
  await put('/api/v1/units/icu', { name: 'Intensive care' });
  for (const bed of ['icu-01', 'icu-02', 'icu-03']) await put(`/api/v1/beds/${bed}`, { unit: 'icu', label: bed });
});
afterAll(async () => {
  await api?.stop();
  await database?.drop();
});

const json = async (response: Promise<Response>) => (await response).json();
const put = (path: string, body: unknown) => api.ask(path, { method: 'PUT', body });
const post = (path: string, body?: unknown) => api.ask(path, { method: 'POST', body });
const patch = (path: string, body: unknown) => api.ask(path, { method: 'PATCH', body });
const newPatient = async (name: string): Promise<number> => (await json(post('/api/v1/patients', { name }))).id;

describe('units and beds', () => {
  it('are made by the first PUT and changed by the next', async () => {
    await put('/api/v1/units/ward-7', { name: 'Ward seven' });
    await put('/api/v1/units/ward-7', { name: 'Ward 7' });
    expect(await json(api.ask('/api/v1/units'))).toContainEqual({ id: 'ward-7', name: 'Ward 7' });
    expect(await json(put('/api/v1/beds/w7-01', { unit: 'ward-7', label: '1' }))).toEqual({
      id: 'w7-01',
      unit: 'ward-7',
      label: '1',
    });
    expect(await json(api.ask('/api/v1/beds?unit=ward-7'))).toEqual([{ id: 'w7-01', unit: 'ward-7', label: '1' }]);
  });

  it('of a unit that does not exist are refused', async () => {
    const response = await put('/api/v1/beds/x-01', { unit: 'nowhere', label: 'x' });
    expect(response.status).toBe(404);
    expect((await response.json()).detail).toContain('a unit');
  });
});

describe('a device', () => {
  it('gets a secret that is shown once, stored as a hash, and known before the reply', async () => {
    const before = api.registryChanges.length;
    const response = await post('/api/v1/devices', { id: 'monitor-1', unit: 'icu', bed: 'icu-01', model: 'M1' });
    expect(response.status).toBe(201);
    expect(api.registryChanges.slice(before)).toEqual(['device:create']);
    const { device, username, secret } = await response.json();
    expect(username).toBe('monitor-1');
    expect(device).toEqual({
      id: 'monitor-1',
      unit: 'icu',
      model: 'M1',
      firmware: null,
      intervalMs: null,
      bed: 'icu-01',
    });
    const { rows } = await database.pool.query('select secret_hash from devices where id = $1', ['monitor-1']);
    expect(rows[0].secret_hash).toEqual(hashSecret(secret));

    const log = await database.pool.query('select * from audit_log');
    const listed = await json(api.ask('/api/v1/devices?unit=icu'));
    expect(JSON.stringify([log.rows, listed])).not.toContain(secret);
    expect(JSON.stringify(listed)).not.toContain(hashSecret(secret).toString('hex'));
  });

  it('can be given another secret, and another model, and no model', async () => {
    await post('/api/v1/devices', { id: 'monitor-2', unit: 'icu', model: 'old' });
    const { secret } = await json(post('/api/v1/devices/monitor-2/secret'));
    const { rows } = await database.pool.query('select secret_hash from devices where id = $1', ['monitor-2']);
    expect(rows[0].secret_hash).toEqual(hashSecret(secret));
    expect(await json(patch('/api/v1/devices/monitor-2', { model: 'new' }))).toMatchObject({ model: 'new' });
    expect(await json(patch('/api/v1/devices/monitor-2', {}))).toMatchObject({ model: 'new', unit: 'icu' });
    expect(await json(patch('/api/v1/devices/monitor-2', { model: null }))).toMatchObject({ model: null });
  });

  it('is expected as often as a person says, which is audited, and within bounds', async () => {
    await post('/api/v1/devices', { id: 'monitor-5', unit: 'icu' });
    const path = '/api/v1/devices/monitor-5/interval';
    expect(await json(put(path, { intervalMs: 60_000 }))).toMatchObject({ id: 'monitor-5', intervalMs: 60_000 });
    expect(api.registryChanges.at(-1)).toBe('device:interval');
    expect(await json(api.ask('/api/v1/devices/monitor-5'))).toMatchObject({ intervalMs: 60_000 });
    for (const intervalMs of [0, -1, 999, 1_000.5, 300_001, '60s', true]) {
      const refused = await put(path, { intervalMs });
      expect(refused.status).toBe(400);
      expect((await refused.json()).faults).toMatchObject([{ at: '/intervalMs' }]);
    }
    expect((await put('/api/v1/devices/nobody/interval', { intervalMs: null })).status).toBe(404);
    expect((await api.ask(path, { method: 'PUT', body: { intervalMs: null }, role: 'viewer' })).status).toBe(403);
    expect(await json(put(path, { intervalMs: null }))).toMatchObject({ intervalMs: null });
    const { rows } = await database.pool.query(
      `select detail from audit_log where action = 'device:interval' and subject = 'monitor-5' order by id`,
    );
    expect(rows.map(({ detail }) => detail)).toEqual([{ intervalMs: 60_000 }, { intervalMs: null }]);
  });

  it('is not expected in a way by which, with the settings of its bed, nothing would ever last', async () => {
    await put('/api/v1/beds/icu-20', { unit: 'icu', label: '20' });
    await post('/api/v1/devices', { id: 'monitor-6', unit: 'icu', bed: 'icu-20' });
    const { desk } = createDesk();
    const silentAfterMs = { ...PRESETS.adult.silentAfterMs, continuous: 2_000 };
    const config = (bed: string) => (bed === 'icu-20' ? { ...PRESETS.adult, silentAfterMs } : undefined);
    const strict = await startApi({ database: database.pool, alarms: { ...desk, config } });
    try {
      const set = (intervalMs: number | null) =>
        strict.ask('/api/v1/devices/monitor-6/interval', { method: 'PUT', body: { intervalMs } });
      expect((await set(60_000)).status).toBe(200);
      const refused = await set(null);
      expect(refused.status).toBe(400);
      expect((await refused.json()).faults).toMatchObject([{ in: 'body', at: '/intervalMs' }]);
      expect(await json(api.ask('/api/v1/devices/monitor-6'))).toMatchObject({ intervalMs: 60_000 });
    } finally {
      await strict.stop();
    }
  });

  it('with an id that is taken, or at a bed that is taken, is refused and leaves nothing behind', async () => {
    await post('/api/v1/devices', { id: 'monitor-3', unit: 'icu', bed: 'icu-02' });
    expect((await post('/api/v1/devices', { id: 'monitor-3', unit: 'icu' })).status).toBe(409);
    expect((await post('/api/v1/devices', { id: 'monitor-4', unit: 'icu', bed: 'icu-02' })).status).toBe(409);
    expect((await api.ask('/api/v1/devices/monitor-4')).status).toBe(404);
  });
});

describe('patients', () => {
  it('are added, found, read and changed', async () => {
    const response = await post('/api/v1/patients', { name: 'Ana Ruiz', mrn: 'MRN-1', birthDate: '1950-02-28' });
    expect(response.status).toBe(201);
    const patient = await response.json();
    expect(patient).toEqual({
      id: expect.any(Number),
      mrn: 'MRN-1',
      name: 'Ana Ruiz',
      birthDate: '1950-02-28',
      sex: 'unknown',
      ageGroup: 'adult',
      ageGroupProposed: null,
    });
    const path = `/api/v1/patients/${patient.id}`;
    expect(await json(patch(path, { sex: 'female', birthDate: null }))).toEqual({
      ...patient,
      sex: 'female',
      birthDate: null,
    });
    expect(await json(api.ask(path))).toMatchObject({ sex: 'female' });
    expect(await json(api.ask('/api/v1/patients?search=ruiz'))).toHaveLength(1);
    expect((await post('/api/v1/patients', { name: 'Other', mrn: 'MRN-1' })).status).toBe(409);
    expect((await api.ask('/api/v1/patients/999999')).status).toBe(404);
  });
});

const DAY_MS = 86_400_000;
const bornDaysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
const patientBorn = (days: number, more: object = {}) =>
  post('/api/v1/patients', { name: 'Baby', birthDate: bornDaysAgo(days), ...more });

describe('the age group of a patient', () => {
  it('is what the date of birth says, unless nobody knows that', async () => {
    expect(await json(patientBorn(3))).toMatchObject({ ageGroup: 'neonatal', ageGroupProposed: null });
    expect(await json(patientBorn(400))).toMatchObject({ ageGroup: 'paediatric' });
    expect(await json(patientBorn(30_000))).toMatchObject({ ageGroup: 'adult' });
    expect(await json(post('/api/v1/patients', { name: 'Unknown', ageGroup: 'neonatal' }))).toMatchObject({
      ageGroup: 'neonatal',
      ageGroupProposed: null,
    });
  });

  it.each([
    [3, 'adult'],
    [3, 'paediatric'],
    [400, 'neonatal'],
    [30_000, 'paediatric'],
  ])('that contradicts a birth %d days ago, %s, is refused at its field', async (days, ageGroup) => {
    const response = await patientBorn(days, { ageGroup });
    expect(response.status).toBe(400);
    expect((await response.json()).faults).toMatchObject([{ in: 'body', at: '/ageGroup' }]);
  });

  it.each([-3, 131 * 366])('with a date of birth %d days ago is refused at that field', async (days) => {
    const response = await patientBorn(days);
    expect(response.status).toBe(400);
    expect((await response.json()).faults).toMatchObject([{ in: 'body', at: '/birthDate' }]);
    const { id } = await json(patientBorn(3));
    const changed = await patch(`/api/v1/patients/${id}`, { birthDate: bornDaysAgo(days) });
    expect(changed.status).toBe(400);
    expect((await changed.json()).faults).toMatchObject([{ in: 'body', at: '/birthDate' }]);
  });

  it('is only proposed when the date of birth is corrected, and changed when a person says so', async () => {
    const { id } = await json(patientBorn(3));
    const path = `/api/v1/patients/${id}`;
    const corrected = { ageGroup: 'neonatal', ageGroupProposed: 'paediatric' };
    expect(await json(patch(path, { birthDate: bornDaysAgo(40) }))).toMatchObject(corrected);
    expect(await json(patch(path, { name: 'Ada' }))).toMatchObject(corrected);
    expect(await json(patch(path, { name: 'Ada L', birthDate: bornDaysAgo(40), ageGroup: 'neonatal' }))).toMatchObject(
      corrected,
    );
    expect((await patch(path, { ageGroup: 'adult' })).status).toBe(400);
    expect(await json(patch(path, { ageGroup: 'paediatric' }))).toMatchObject({
      ageGroup: 'paediatric',
      ageGroupProposed: null,
    });
  });

  it('of who was registered as a newborn is decided anew at an admission, and not by a move', async () => {
    for (const bed of ['nicu-1', 'nicu-2', 'nicu-3']) await put(`/api/v1/beds/${bed}`, { unit: 'icu', label: bed });
    const { id } = await json(patientBorn(3));
    await database.pool.query('update patients set birth_date = $2 where id = $1', [id, bornDaysAgo(40)]);
    const path = `/api/v1/patients/${id}`;
    const dayAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
    const admit = async (bed: string, start: string, end: string | null) => {
      const { id: stay } = await json(post('/api/v1/encounters', { patient: id, bed, start }));
      if (end) await patch(`/api/v1/encounters/${stay}`, { end });
      return json(api.ask(path));
    };
    expect(await admit('nicu-1', dayAgo(9), dayAgo(8))).toMatchObject({ ageGroup: 'paediatric' });
    const { rows } = await database.pool.query(
      `select detail from audit_log where action = 'encounter:create' order by id desc limit 1`,
    );
    expect(rows[0].detail).toMatchObject({ ageGroup: 'paediatric' });
    await database.pool.query(`update patients set age_group = 'neonatal' where id = $1`, [id]);
    expect(await admit('nicu-2', dayAgo(8), dayAgo(5))).toMatchObject({ ageGroup: 'neonatal' });
    expect(await admit('nicu-3', dayAgo(1), null)).toMatchObject({ ageGroup: 'paediatric' });
  });
});

describe('an encounter', () => {
  it('is one at a time for a bed and for a patient, until it is ended', async () => {
    const [ana, ben] = [await newPatient('Ana'), await newPatient('Ben')];
    const first = await json(post('/api/v1/encounters', { patient: ana, bed: 'icu-01' }));
    expect(first).toMatchObject({ patient: ana, bed: 'icu-01', end: null });
    expect((await post('/api/v1/encounters', { patient: ben, bed: 'icu-01' })).status).toBe(409);
    expect((await post('/api/v1/encounters', { patient: ana, bed: 'icu-02' })).status).toBe(409);

    const end = new Date(Date.parse(first.start) + 60_000).toISOString();
    expect(await json(patch(`/api/v1/encounters/${first.id}`, { end }))).toEqual({ ...first, end });
    expect((await post('/api/v1/encounters', { patient: ben, bed: 'icu-01', start: end })).status).toBe(201);
    expect(await json(api.ask('/api/v1/encounters?bed=icu-01&open=true'))).toHaveLength(1);
    expect(await json(api.ask(`/api/v1/encounters?patient=${ana}&open=false`))).toEqual([{ ...first, end }]);
  });

  it('of the past does not overlap another, and ends after it starts', async () => {
    const [cy, di] = [await newPatient('Cy'), await newPatient('Di')];
    const one = await json(post('/api/v1/encounters', { patient: cy, bed: 'icu-03', start: '2026-01-01T10:00:00Z' }));
    await patch(`/api/v1/encounters/${one.id}`, { end: '2026-01-01T12:00:00Z' });
    const early = await post('/api/v1/encounters', { patient: di, bed: 'icu-03', start: '2026-01-01T11:00:00Z' });
    expect(early.status).toBe(409);
    expect((await early.json()).detail).toContain('icu-03 is taken');
    const backwards = await patch(`/api/v1/encounters/${one.id}`, { end: '2026-01-01T09:00:00Z' });
    expect(backwards.status).toBe(400);
  });

  it('of two that are asked for at once is given to one', async () => {
    const patients = await Promise.all(['E', 'F', 'G', 'H'].map(newPatient));
    const statuses = await Promise.all(
      patients.map(async (patient) => (await post('/api/v1/encounters', { patient, bed: 'icu-02' })).status),
    );
    expect(statuses.sort()).toEqual([201, 409, 409, 409]);
  });

  it('of a patient or bed that does not exist is refused', async () => {
    expect((await post('/api/v1/encounters', { patient: 999_999, bed: 'icu-03' })).status).toBe(404);
    expect((await patch('/api/v1/encounters/999999', { end: '2026-01-01T09:00:00Z' })).status).toBe(404);
  });
});

describe('an assignment', () => {
  it('moves a device from bed to bed', async () => {
    await put('/api/v1/beds/icu-11', { unit: 'icu', label: '11' });
    await put('/api/v1/beds/icu-12', { unit: 'icu', label: '12' });
    await post('/api/v1/devices', { id: 'mover', unit: 'icu', bed: 'icu-11' });
    expect((await post('/api/v1/assignments', { device: 'mover', bed: 'icu-12' })).status).toBe(409);
    const [present] = await json(api.ask('/api/v1/assignments?device=mover&open=true'));
    const end = new Date(Date.parse(present.start) + 1_000).toISOString();
    await patch(`/api/v1/assignments/${present.id}`, { end });
    const moved = await post('/api/v1/assignments', { device: 'mover', bed: 'icu-12', start: end });
    expect(moved.status).toBe(201);
    expect(await json(api.ask('/api/v1/devices/mover'))).toMatchObject({ bed: 'icu-12' });
  });
});

describe('every write', () => {
  it('is in the audit log with the name of who did it', async () => {
    await put('/api/v1/units/audited', { name: 'Audited' });
    const { rows } = await database.pool.query(
      `select actor, action, subject, detail from audit_log where subject = 'audited'`,
    );
    expect(rows).toEqual([
      { actor: 'a operator', action: 'unit:put', subject: 'audited', detail: { name: 'Audited' } },
    ]);
  });

  it('is refused to viewers and integrations, and does nothing', async () => {
    for (const role of ['viewer', 'integration'] as const) {
      const response = await api.ask('/api/v1/units/forbidden', { method: 'PUT', body: { name: 'x' }, role });
      expect(response.status).toBe(403);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
    }
    expect(JSON.stringify(await json(api.ask('/api/v1/units')))).not.toContain('forbidden');
  });
});

describe('what was lost', () => {
  it('is listed: refused messages and gaps', async () => {
    await database.pool.query(
      `insert into rejected_messages values
       (gen_random_uuid(), 1, now(), 'ward/v1/icu/m/vitals', 'm', 'vital-unknown', 'no vital pulse', '\\x7b7d', 2)`,
    );
    await database.pool.query(`insert into gaps values ('m', 'vitals', 'b1', 5, 7, '{[5,6),[7,8)}', now(), null)`);
    expect(await json(api.ask('/api/v1/rejected?limit=5'))).toMatchObject([
      { device: 'm', reason: 'vital-unknown', payload: Buffer.from('{}').toString('base64'), payloadBytes: 2 },
    ]);
    expect(await json(api.ask('/api/v1/gaps?device=m&open=true'))).toMatchObject([
      { fromSeq: 5, toSeq: 7, missing: 2 },
    ]);
    expect(await json(api.ask('/api/v1/gaps?open=false'))).toEqual([]);
  });
});
