import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, startRegistry, type TestRegistry } from '../support/registry.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry?.stop());

describe('patients', () => {
  it('are added, found, read and changed', async () => {
    const response = await registry.post('/api/v1/patients', {
      name: 'Ana Ruiz',
      mrn: 'MRN-1',
      birthDate: '1950-02-28',
    });
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
    expect(await json(registry.patch(path, { sex: 'female', birthDate: null }))).toEqual({
      ...patient,
      sex: 'female',
      birthDate: null,
    });
    expect(await json(registry.api.ask(path))).toMatchObject({ sex: 'female' });
    expect(await json(registry.api.ask('/api/v1/patients?search=ruiz'))).toHaveLength(1);
    expect((await registry.post('/api/v1/patients', { name: 'Other', mrn: 'MRN-1' })).status).toBe(409);
    expect((await registry.api.ask('/api/v1/patients/999999')).status).toBe(404);
  });
});

const DAY_MS = 86_400_000;
const bornDaysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
const patientBorn = (days: number, more: object = {}) =>
  registry.post('/api/v1/patients', { name: 'Baby', birthDate: bornDaysAgo(days), ...more });

describe('the age group of a patient', () => {
  it('is what the date of birth says, unless nobody knows that', async () => {
    expect(await json(patientBorn(3))).toMatchObject({ ageGroup: 'neonatal', ageGroupProposed: null });
    expect(await json(patientBorn(400))).toMatchObject({ ageGroup: 'paediatric' });
    expect(await json(patientBorn(30_000))).toMatchObject({ ageGroup: 'adult' });
    expect(await json(registry.post('/api/v1/patients', { name: 'Unknown', ageGroup: 'neonatal' }))).toMatchObject({
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
    const changed = await registry.patch(`/api/v1/patients/${id}`, { birthDate: bornDaysAgo(days) });
    expect(changed.status).toBe(400);
    expect((await changed.json()).faults).toMatchObject([{ in: 'body', at: '/birthDate' }]);
  });

  it('is only proposed when the date of birth is corrected, and changed when a person says so', async () => {
    const { id } = await json(patientBorn(3));
    const path = `/api/v1/patients/${id}`;
    const corrected = { ageGroup: 'neonatal', ageGroupProposed: 'paediatric' };
    expect(await json(registry.patch(path, { birthDate: bornDaysAgo(40) }))).toMatchObject(corrected);
    expect(await json(registry.patch(path, { name: 'Ada' }))).toMatchObject(corrected);
    expect(
      await json(registry.patch(path, { name: 'Ada L', birthDate: bornDaysAgo(40), ageGroup: 'neonatal' })),
    ).toMatchObject(corrected);
    expect((await registry.patch(path, { ageGroup: 'adult' })).status).toBe(400);
    expect(await json(registry.patch(path, { ageGroup: 'paediatric' }))).toMatchObject({
      ageGroup: 'paediatric',
      ageGroupProposed: null,
    });
  });

  it('of who was registered as a newborn is decided anew at an admission, and not by a move', async () => {
    for (const bed of ['nicu-1', 'nicu-2', 'nicu-3'])
      await registry.put(`/api/v1/beds/${bed}`, { unit: 'icu', label: bed });
    const { id } = await json(patientBorn(3));
    await registry.database.pool.query('update patients set birth_date = $2 where id = $1', [id, bornDaysAgo(40)]);
    const path = `/api/v1/patients/${id}`;
    const dayAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
    const admit = async (bed: string, start: string, end: string | null) => {
      const { id: stay } = await json(registry.post('/api/v1/encounters', { patient: id, bed, start }));
      if (end) await registry.patch(`/api/v1/encounters/${stay}`, { end });
      return json(registry.api.ask(path));
    };
    expect(await admit('nicu-1', dayAgo(9), dayAgo(8))).toMatchObject({ ageGroup: 'paediatric' });
    const { rows } = await registry.database.pool.query(
      `select detail from audit_log where action = 'encounter:create' order by id desc limit 1`,
    );
    expect(rows[0].detail).toMatchObject({ ageGroup: 'paediatric' });
    await registry.database.pool.query(`update patients set age_group = 'neonatal' where id = $1`, [id]);
    expect(await admit('nicu-2', dayAgo(8), dayAgo(5))).toMatchObject({ ageGroup: 'neonatal' });
    expect(await admit('nicu-3', dayAgo(1), null)).toMatchObject({ ageGroup: 'paediatric' });
  });
});
