import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRESETS } from '#domain/alarms/settings.ts';
import { hashSecret } from '#platform/secrets.ts';
import { startApi } from '../support/api.ts';
import { createDesk } from '../support/desk.ts';
import { json, startRegistry, type TestRegistry } from '../support/registry.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry?.stop());

describe('a device', () => {
  it('gets a secret that is shown once, stored as a hash, and known before the reply', async () => {
    const before = registry.api.registryChanges.length;
    const response = await registry.post('/api/v1/devices', {
      id: 'monitor-1',
      unit: 'icu',
      bed: 'icu-01',
      model: 'M1',
    });
    expect(response.status).toBe(201);
    expect(registry.api.registryChanges.slice(before)).toEqual(['device:create']);
    const { device, username, secret } = await response.json();
    expect(username).toBe('monitor-1');
    expect(device).toEqual({
      id: 'monitor-1',
      unit: 'icu',
      role: 'monitor',
      model: 'M1',
      firmware: null,
      intervalMs: null,
      bed: 'icu-01',
    });
    const { rows } = await registry.database.pool.query('select secret_hash from devices where id = $1', ['monitor-1']);
    expect(rows[0].secret_hash).toEqual(hashSecret(secret));

    const log = await registry.database.pool.query('select * from audit_log');
    const listed = await json(registry.api.ask('/api/v1/devices?unit=icu'));
    expect(JSON.stringify([log.rows, listed])).not.toContain(secret);
    expect(JSON.stringify(listed)).not.toContain(hashSecret(secret).toString('hex'));
  });

  it('can be given another secret, and another model, and no model', async () => {
    await registry.post('/api/v1/devices', { id: 'monitor-2', unit: 'icu', model: 'old' });
    const { secret } = await json(registry.post('/api/v1/devices/monitor-2/secret'));
    const { rows } = await registry.database.pool.query('select secret_hash from devices where id = $1', ['monitor-2']);
    expect(rows[0].secret_hash).toEqual(hashSecret(secret));
    expect(await json(registry.patch('/api/v1/devices/monitor-2', { model: 'new' }))).toMatchObject({ model: 'new' });
    expect(await json(registry.patch('/api/v1/devices/monitor-2', {}))).toMatchObject({ model: 'new', unit: 'icu' });
    expect(await json(registry.patch('/api/v1/devices/monitor-2', { model: null }))).toMatchObject({ model: null });
  });

  it('is expected as often as a person says, which is audited, and within bounds', async () => {
    await registry.post('/api/v1/devices', { id: 'monitor-5', unit: 'icu' });
    const path = '/api/v1/devices/monitor-5/interval';
    expect(await json(registry.put(path, { intervalMs: 60_000 }))).toMatchObject({
      id: 'monitor-5',
      intervalMs: 60_000,
    });
    expect(registry.api.registryChanges.at(-1)).toBe('device:interval');
    expect(await json(registry.api.ask('/api/v1/devices/monitor-5'))).toMatchObject({ intervalMs: 60_000 });
    for (const intervalMs of [0, -1, 999, 1_000.5, 300_001, '60s', true]) {
      const refused = await registry.put(path, { intervalMs });
      expect(refused.status).toBe(400);
      expect((await refused.json()).faults).toMatchObject([{ at: '/intervalMs' }]);
    }
    expect((await registry.put('/api/v1/devices/nobody/interval', { intervalMs: null })).status).toBe(404);
    expect((await registry.api.ask(path, { method: 'PUT', body: { intervalMs: null }, role: 'viewer' })).status).toBe(
      403,
    );
    expect(await json(registry.put(path, { intervalMs: null }))).toMatchObject({ intervalMs: null });
    const { rows } = await registry.database.pool.query(
      `select detail from audit_log where action = 'device:interval' and subject = 'monitor-5' order by id`,
    );
    expect(rows.map(({ detail }) => detail)).toEqual([{ intervalMs: 60_000 }, { intervalMs: null }]);
  });

  it('is not expected in a way by which, with the settings of its bed, nothing would ever last', async () => {
    await registry.put('/api/v1/beds/icu-20', { unit: 'icu', label: '20' });
    await registry.post('/api/v1/devices', { id: 'monitor-6', unit: 'icu', bed: 'icu-20' });
    const { desk } = createDesk();
    const silentAfterMs = { ...PRESETS.adult.silentAfterMs, continuous: 2_000 };
    const config = async (bed: string) => (bed === 'icu-20' ? { ...PRESETS.adult, silentAfterMs } : undefined);
    const strict = await startApi({ database: registry.database.pool, alarms: { ...desk, config } });
    try {
      const set = (intervalMs: number | null) =>
        strict.ask('/api/v1/devices/monitor-6/interval', { method: 'PUT', body: { intervalMs } });
      expect((await set(60_000)).status).toBe(200);
      const refused = await set(null);
      expect(refused.status).toBe(400);
      expect((await refused.json()).faults).toMatchObject([{ in: 'body', at: '/intervalMs' }]);
      expect(await json(registry.api.ask('/api/v1/devices/monitor-6'))).toMatchObject({ intervalMs: 60_000 });
    } finally {
      await strict.stop();
    }
  });

  it('with an id that is taken, or at a bed that is not there, is refused and leaves nothing behind', async () => {
    await registry.post('/api/v1/devices', { id: 'monitor-3', unit: 'icu', bed: 'icu-02' });
    expect((await registry.post('/api/v1/devices', { id: 'monitor-3', unit: 'icu' })).status).toBe(409);
    expect((await registry.post('/api/v1/devices', { id: 'monitor-4', unit: 'icu', bed: 'nowhere' })).status).toBe(404);
    expect((await registry.api.ask('/api/v1/devices/monitor-4')).status).toBe(404);
  });

  it('stands at a bed beside others, each with its role, which can be changed', async () => {
    await registry.post('/api/v1/devices', { id: 'monitor-8', unit: 'icu', bed: 'icu-03' });
    await registry.post('/api/v1/devices', { id: 'vent-8', unit: 'icu', bed: 'icu-03', role: 'other' });
    const changed = await registry.api.ask('/api/v1/devices/vent-8', { method: 'PATCH', body: { role: 'ventilator' } });
    expect(await changed.json()).toMatchObject({ role: 'ventilator', bed: 'icu-03' });
    expect(await json(registry.api.ask('/api/v1/devices/monitor-8'))).toMatchObject({ role: 'monitor', bed: 'icu-03' });
    const unknown = await registry.api.ask('/api/v1/devices/vent-8', { method: 'PATCH', body: { role: 'toaster' } });
    expect(unknown.status).toBe(400);
  });

  it('that is new may hold no dot in its id, which is told why; one that exists is read and changed under its id', async () => {
    const refused = await registry.post('/api/v1/devices', { id: 'monitor.9', unit: 'icu' });
    expect(refused.status).toBe(400);
    expect((await refused.json()).faults).toMatchObject([
      { in: 'body', at: '/id', message: expect.stringContaining('dot') },
    ]);
    await registry.database.pool.query(
      `insert into devices (id, unit_id, secret_hash) values ('monitor.8', 'icu', '\\x00')`,
    );
    expect(await json(registry.api.ask('/api/v1/devices/monitor.8'))).toMatchObject({ id: 'monitor.8' });
    expect(await json(registry.patch('/api/v1/devices/monitor.8', { model: 'M8' }))).toMatchObject({ model: 'M8' });
    expect((await registry.post('/api/v1/devices/monitor.8/secret')).status).toBe(200);
    await registry.put('/api/v1/beds/icu-08', { unit: 'icu', label: '8' });
    expect((await registry.post('/api/v1/assignments', { device: 'monitor.8', bed: 'icu-08' })).status).toBe(201);
  });
});
