import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, startRegistry, type TestRegistry } from '../support/registry.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry?.stop());

const newPatient = async (name: string): Promise<number> =>
  (await json(registry.post('/api/v1/patients', { name }))).id;

describe('an encounter', () => {
  it('is one at a time for a bed and for a patient, until it is ended', async () => {
    const [ana, ben] = [await newPatient('Ana'), await newPatient('Ben')];
    const first = await json(registry.post('/api/v1/encounters', { patient: ana, bed: 'icu-01' }));
    expect(first).toMatchObject({ patient: ana, bed: 'icu-01', end: null });
    expect((await registry.post('/api/v1/encounters', { patient: ben, bed: 'icu-01' })).status).toBe(409);
    expect((await registry.post('/api/v1/encounters', { patient: ana, bed: 'icu-02' })).status).toBe(409);

    const end = new Date(Date.parse(first.start) + 60_000).toISOString();
    expect(await json(registry.patch(`/api/v1/encounters/${first.id}`, { end }))).toEqual({ ...first, end });
    expect((await registry.post('/api/v1/encounters', { patient: ben, bed: 'icu-01', start: end })).status).toBe(201);
    expect(await json(registry.api.ask('/api/v1/encounters?bed=icu-01&open=true'))).toHaveLength(1);
    expect(await json(registry.api.ask(`/api/v1/encounters?patient=${ana}&open=false`))).toEqual([{ ...first, end }]);
  });

  it('of the past does not overlap another, and ends after it starts', async () => {
    const [cy, di] = [await newPatient('Cy'), await newPatient('Di')];
    const one = await json(
      registry.post('/api/v1/encounters', { patient: cy, bed: 'icu-03', start: '2026-01-01T10:00:00Z' }),
    );
    await registry.patch(`/api/v1/encounters/${one.id}`, { end: '2026-01-01T12:00:00Z' });
    const early = await registry.post('/api/v1/encounters', {
      patient: di,
      bed: 'icu-03',
      start: '2026-01-01T11:00:00Z',
    });
    expect(early.status).toBe(409);
    expect((await early.json()).detail).toContain('icu-03 is taken');
    const backwards = await registry.patch(`/api/v1/encounters/${one.id}`, { end: '2026-01-01T09:00:00Z' });
    expect(backwards.status).toBe(400);
  });

  it('of two that are asked for at once is given to one', async () => {
    const patients = await Promise.all(['E', 'F', 'G', 'H'].map(newPatient));
    const statuses = await Promise.all(
      patients.map(async (patient) => (await registry.post('/api/v1/encounters', { patient, bed: 'icu-02' })).status),
    );
    expect(statuses.sort()).toEqual([201, 409, 409, 409]);
  });

  it('of a patient or bed that does not exist is refused', async () => {
    expect((await registry.post('/api/v1/encounters', { patient: 999_999, bed: 'icu-03' })).status).toBe(404);
    expect((await registry.patch('/api/v1/encounters/999999', { end: '2026-01-01T09:00:00Z' })).status).toBe(404);
  });
});

describe('an assignment', () => {
  it('moves a device from bed to bed', async () => {
    await registry.put('/api/v1/beds/icu-11', { unit: 'icu', label: '11' });
    await registry.put('/api/v1/beds/icu-12', { unit: 'icu', label: '12' });
    await registry.post('/api/v1/devices', { id: 'mover', unit: 'icu', bed: 'icu-11' });
    expect((await registry.post('/api/v1/assignments', { device: 'mover', bed: 'icu-12' })).status).toBe(409);
    const [present] = await json(registry.api.ask('/api/v1/assignments?device=mover&open=true'));
    const end = new Date(Date.parse(present.start) + 1_000).toISOString();
    await registry.patch(`/api/v1/assignments/${present.id}`, { end });
    const moved = await registry.post('/api/v1/assignments', { device: 'mover', bed: 'icu-12', start: end });
    expect(moved.status).toBe(201);
    expect(await json(registry.api.ask('/api/v1/devices/mover'))).toMatchObject({ bed: 'icu-12' });
  });
});

describe('a transfer', () => {
  it('moves a patient and the devices that are named in one step, and all at one moment', async () => {
    const patient = await newPatient('Tara');
    for (const bed of ['icu-21', 'icu-22']) await registry.put(`/api/v1/beds/${bed}`, { unit: 'icu', label: bed });
    for (const id of ['t-monitor', 't-vent', 't-oxi'])
      await registry.post('/api/v1/devices', { id, unit: 'icu', bed: 'icu-21' });
    const stay = await json(registry.post('/api/v1/encounters', { patient, bed: 'icu-21' }));
    const at = new Date(Date.parse(stay.start) + 60_000).toISOString();
    const path = `/api/v1/encounters/${stay.id}/transfer`;

    const wrong = await registry.post(path, { bed: 'icu-22', devices: ['t-monitor', 'mover'], at });
    expect(wrong.status).toBe(409);
    expect((await wrong.json()).detail).toContain('mover');
    expect(await json(registry.api.ask('/api/v1/devices/t-monitor'))).toMatchObject({ bed: 'icu-21' });

    const next = await json(registry.post(path, { bed: 'icu-22', devices: ['t-monitor', 't-vent'], at }));
    expect(next).toMatchObject({ patient, bed: 'icu-22', start: at, end: null });
    const [, before] = await json(registry.api.ask(`/api/v1/encounters?patient=${patient}`));
    expect(before).toMatchObject({ bed: 'icu-21', end: at });
    const places = await Promise.all(
      ['t-monitor', 't-vent', 't-oxi'].map(async (id) => (await json(registry.api.ask(`/api/v1/devices/${id}`))).bed),
    );
    expect(places).toEqual(['icu-22', 'icu-22', 'icu-21']);
    expect(await json(registry.api.ask('/api/v1/assignments?device=t-vent'))).toMatchObject([
      { bed: 'icu-22', start: at, end: null },
      { bed: 'icu-21', end: at },
    ]);
    expect((await registry.post(path, { bed: 'icu-21' })).status).toBe(409);
  });
});
