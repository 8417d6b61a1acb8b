import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { AuditEntry } from '#contracts/http/audit.ts';
import { json, startRegistry, type TestRegistry } from '../support/registry.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry?.stop());

const ask = async (query = ''): Promise<AuditEntry[]> =>
  z.array(AuditEntry).parse(await json(registry.api.ask(`/api/v1/audit${query}`)));

const subjectsOf = async (query = ''): Promise<string[]> => (await ask(query)).map(({ subject }) => subject);

it('tells who changed what, the newest first', async () => {
  const [newest] = await ask();
  expect(newest).toMatchObject({
    actor: 'a operator',
    action: 'bed:put',
    subject: 'icu-03',
    detail: { unit: 'icu', label: 'icu-03' },
  });
  expect(Math.abs((newest?.at ?? 0) - Date.now())).toBeLessThan(60_000);
  expect(await subjectsOf()).toEqual(['icu-03', 'icu-02', 'icu-01', 'icu']);
});

it('is asked for by who, what and when', async () => {
  const [newest] = await ask();
  const at = new Date(newest?.at ?? 0);
  const day = 86_400_000;
  const yesterday = new Date(at.getTime() - day).toISOString();
  const tomorrow = new Date(at.getTime() + day).toISOString();
  expect(await subjectsOf('?subject=icu-02&action=bed:put')).toEqual(['icu-02']);
  expect(await subjectsOf('?actor=nobody')).toEqual([]);
  expect(await subjectsOf(`?from=${yesterday}&to=${tomorrow}`)).toHaveLength(4);
  expect(await subjectsOf(`?from=${tomorrow}`)).toEqual([]);
  expect((await registry.api.ask(`/api/v1/audit?from=${tomorrow}&to=${yesterday}`)).status).toBe(400);
});

it('is read page by page, and a line that is added meanwhile moves none', async () => {
  const first = await ask('?limit=2');
  expect(first.map(({ subject }) => subject)).toEqual(['icu-03', 'icu-02']);
  await registry.put('/api/v1/units/hdu', { name: 'High dependency' });
  expect(await subjectsOf(`?limit=2&before=${first.at(-1)?.id}`)).toEqual(['icu-01', 'icu']);
});

it('is for operators alone', async () => {
  expect((await registry.api.ask('/api/v1/audit', { role: 'viewer' })).status).toBe(403);
  expect((await registry.api.ask('/api/v1/audit', { role: 'nobody' })).status).toBe(401);
});
