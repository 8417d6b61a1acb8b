import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, startRegistry, type TestRegistry } from '../support/registry.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry?.stop());

describe('units and beds', () => {
  it('are made by the first PUT and changed by the next', async () => {
    await registry.put('/api/v1/units/ward-7', { name: 'Ward seven' });
    await registry.put('/api/v1/units/ward-7', { name: 'Ward 7' });
    expect(await json(registry.api.ask('/api/v1/units'))).toContainEqual({ id: 'ward-7', name: 'Ward 7' });
    expect(await json(registry.put('/api/v1/beds/w7-01', { unit: 'ward-7', label: '1' }))).toEqual({
      id: 'w7-01',
      unit: 'ward-7',
      label: '1',
    });
    expect(await json(registry.api.ask('/api/v1/beds?unit=ward-7'))).toEqual([
      { id: 'w7-01', unit: 'ward-7', label: '1' },
    ]);
  });

  it('of a unit that does not exist are refused', async () => {
    const response = await registry.put('/api/v1/beds/x-01', { unit: 'nowhere', label: 'x' });
    expect(response.status).toBe(404);
    expect((await response.json()).detail).toContain('a unit');
  });

  it.each([
    ['/api/v1/units/icu.2', { name: 'ICU 2' }],
    ['/api/v1/beds/icu.2-01', { unit: 'icu', label: '1' }],
  ])('that are new may hold no dot in their id: %s', async (path, body) => {
    const refused = await registry.put(path, body);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      detail: expect.stringContaining('dot'),
      faults: [{ in: 'params', at: '/id' }],
    });
  });

  it('that exist with a dot in their id are changed and used under it', async () => {
    await registry.database.pool.query(`insert into units values ('old.unit', 'Old')`);
    await registry.database.pool.query(`insert into beds (id, unit_id, label) values ('old.bed', 'old.unit', '1')`);
    expect(await json(registry.put('/api/v1/units/old.unit', { name: 'Older' }))).toMatchObject({ name: 'Older' });
    expect(await json(registry.put('/api/v1/beds/old.bed', { unit: 'old.unit', label: '2' }))).toMatchObject({
      label: '2',
    });
    expect((await registry.put('/api/v1/beds/new-bed', { unit: 'old.unit', label: '3' })).status).toBe(200);
    expect(await json(registry.api.ask('/api/v1/beds?unit=old.unit'))).toHaveLength(2);
  });
});

describe('every write', () => {
  it('is in the audit log with the name of who did it', async () => {
    await registry.put('/api/v1/units/audited', { name: 'Audited' });
    const { rows } = await registry.database.pool.query(
      `select actor, action, subject, detail from audit_log where subject = 'audited'`,
    );
    expect(rows).toEqual([
      { actor: 'a operator', action: 'unit:put', subject: 'audited', detail: { name: 'Audited' } },
    ]);
  });

  it('is refused to viewers and integrations, and does nothing', async () => {
    for (const role of ['viewer', 'integration'] as const) {
      const response = await registry.api.ask('/api/v1/units/forbidden', { method: 'PUT', body: { name: 'x' }, role });
      expect(response.status).toBe(403);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
    }
    expect(JSON.stringify(await json(registry.api.ask('/api/v1/units')))).not.toContain('forbidden');
  });
});
