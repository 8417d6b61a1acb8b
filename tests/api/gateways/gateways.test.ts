import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashSecret } from '#platform/secrets.ts';
import { startApi } from '../support/api.ts';
import { json, startRegistry, type TestRegistry } from '../support/registry.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  for (const id of ['m1', 'm2', 'm3', 'm4']) await registry.post('/api/v1/devices', { id, unit: 'icu' });
});
afterAll(() => registry?.stop());

const hashOf = async (id: string) =>
  (await registry.database.pool.query('select secret_hash from gateways where id = $1', [id])).rows[0]?.secret_hash;
const devicesOf = async (id: string) => (await json(registry.api.ask(`/api/v1/gateways/${id}`))).devices;
const remove = (id: string) => registry.api.ask(`/api/v1/gateways/${id}`, { method: 'DELETE' });

describe('a gateway', () => {
  it('gets a secret that is shown once, stored as a hash, and known before the reply', async () => {
    const before = registry.api.registryChanges.length;
    const response = await registry.post('/api/v1/gateways', { id: 'g1', unit: 'icu', devices: ['m2', 'm1'] });
    expect(response.status).toBe(201);
    expect(registry.api.registryChanges.slice(before)).toEqual(['gateway:create']);
    const { gateway, username, secret } = await response.json();
    expect(username).toBe('g1');
    expect(gateway).toEqual({ id: 'g1', unit: 'icu', devices: ['m1', 'm2'] });
    expect(await hashOf('g1')).toEqual(hashSecret(secret));
    const log = await registry.database.pool.query(`select * from audit_log where subject = 'g1'`);
    expect(log.rows).toMatchObject([{ action: 'gateway:create', detail: { devices: ['m2', 'm1'] } }]);
    const listed = await json(registry.api.ask('/api/v1/gateways?unit=icu'));
    expect(listed).toEqual([{ ...gateway, state: 'unknown', since: null, lastHeardAt: null }]);
    expect(JSON.stringify([log.rows, listed])).not.toContain(secret);
  });

  it('is read with whether it is there, and since when', async () => {
    const presences = { g1: { isConnected: true, since: 1_000, heardAt: 2_000.5 } };
    const presenceOf = async (id: string) =>
      presences[id as 'g1'] ?? { isConnected: false, since: 3_000, heardAt: null };
    const api = await startApi({ database: registry.database.pool, gateways: { presenceOf } });
    try {
      expect(await json(api.ask('/api/v1/gateways/g1'))).toMatchObject({
        state: 'online',
        since: 1_000,
        lastHeardAt: 2_000,
      });
      await api.ask('/api/v1/gateways', { method: 'POST', body: { id: 'g0' } });
      expect(await json(api.ask('/api/v1/gateways/g0'))).toMatchObject({
        state: 'offline',
        since: 3_000,
        lastHeardAt: null,
      });
    } finally {
      await api.stop();
    }
  });

  it('is given another secret', async () => {
    await registry.post('/api/v1/gateways', { id: 'g2' });
    const { secret } = await json(registry.post('/api/v1/gateways/g2/secret'));
    expect(await hashOf('g2')).toEqual(hashSecret(secret));
    expect((await registry.post('/api/v1/gateways/nobody/secret')).status).toBe(404);
  });

  it('has its list replaced, and its unit, and what is left out stays', async () => {
    await registry.post('/api/v1/gateways', { id: 'g3', unit: 'icu', devices: ['m3'] });
    expect(await json(registry.patch('/api/v1/gateways/g3', { devices: ['m4'] }))).toMatchObject({
      unit: 'icu',
      devices: ['m4'],
    });
    expect(await json(registry.patch('/api/v1/gateways/g3', { unit: null }))).toMatchObject({
      unit: null,
      devices: ['m4'],
    });
    expect(await json(registry.patch('/api/v1/gateways/g3', { devices: [] }))).toMatchObject({ devices: [] });
    expect((await registry.patch('/api/v1/gateways/nobody', {})).status).toBe(404);
    expect((await registry.patch('/api/v1/gateways/g3', { unit: 'nowhere' })).status).toBe(404);
  });

  it('is refused a device that another has, or that there is not, and then nothing is changed', async () => {
    await registry.post('/api/v1/gateways', { id: 'g4', devices: ['m4'] });
    const taken = await registry.patch('/api/v1/gateways/g4', { devices: ['m3', 'm1'] });
    expect(taken.status).toBe(409);
    expect((await taken.json()).detail).toContain('device m1 is listed under gateway g1');
    const missing = await registry.patch('/api/v1/gateways/g4', { devices: ['m3', 'nothing'] });
    expect(missing.status).toBe(404);
    expect((await missing.json()).detail).toContain('nothing');
    expect(await devicesOf('g4')).toEqual(['m4']);
    expect((await registry.post('/api/v1/gateways', { id: 'g5', devices: ['m1'] })).status).toBe(409);
    expect((await registry.api.ask('/api/v1/gateways/g5')).status).toBe(404);
    await remove('g4');
  });

  it('has no name that a device has, and a device none that a gateway has', async () => {
    for (const id of ['m1', 'g1']) expect((await registry.post('/api/v1/gateways', { id })).status).toBe(409);
    const refused = await registry.post('/api/v1/devices', { id: 'g1', unit: 'icu' });
    expect(refused.status).toBe(409);
    expect((await refused.json()).detail).toContain('there is a device or a gateway with this id already');
    for (const id of ['token', 'a.b', '', '$x']) {
      expect((await registry.post('/api/v1/gateways', { id })).status).toBe(400);
    }
  });

  it('is removed, and its devices stay and may be listed elsewhere', async () => {
    await registry.post('/api/v1/gateways', { id: 'g6', devices: ['m3'] });
    expect((await remove('g6')).status).toBe(204);
    expect(registry.api.registryChanges.at(-1)).toBe('gateway:delete');
    expect((await remove('g6')).status).toBe(404);
    expect((await registry.api.ask('/api/v1/devices/m3')).status).toBe(200);
    expect((await registry.post('/api/v1/gateways', { id: 'g7', devices: ['m3'] })).status).toBe(201);
  });

  it('is read by a viewer and changed by an operator alone', async () => {
    const asViewer = (path: string, method: string, body?: unknown) =>
      registry.api.ask(path, { method, body, role: 'viewer' });
    expect((await asViewer('/api/v1/gateways', 'GET')).status).toBe(200);
    expect((await asViewer('/api/v1/gateways', 'POST', { id: 'g8' })).status).toBe(403);
    expect((await asViewer('/api/v1/gateways/g1', 'PATCH', {})).status).toBe(403);
    expect((await asViewer('/api/v1/gateways/g1/secret', 'POST')).status).toBe(403);
    expect((await asViewer('/api/v1/gateways/g1', 'DELETE')).status).toBe(403);
  });
});
