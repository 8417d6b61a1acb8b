import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.stop());

const Operation = z.looseObject({
  summary: z.string().min(1),
  tags: z.array(z.string()).min(1),
  parameters: z
    .array(z.looseObject({ name: z.string(), in: z.enum(['path', 'query']), schema: z.looseObject({}) }))
    .optional(),
  responses: z.record(z.string().regex(/^\d{3}$/), z.looseObject({ description: z.string() })),
});
/** What the OpenAPI 3.1 specification requires of a document, as far as we use it. */
const Document = z.looseObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'put', 'post', 'patch', 'delete', 'head']), Operation),
  ),
  components: z.looseObject({ schemas: z.record(z.string().regex(/^[a-zA-Z0-9._-]+$/), z.looseObject({})) }),
});

const document = async () => (await api.ask('/api/docs/json', { role: 'nobody' })).json();

const ROUTES = [
  'GET /api/v1/sessions',
  'DELETE /api/v1/sessions',
  'DELETE /api/v1/sessions/{id}',
  'GET /api/v1/units',
  'PUT /api/v1/units/{id}',
  'GET /api/v1/beds',
  'PUT /api/v1/beds/{id}',
  'GET /api/v1/devices',
  'POST /api/v1/devices',
  'GET /api/v1/devices/{id}',
  'GET /api/v1/devices/{id}/refusals',
  'GET /api/v1/devices/{id}/rhythm',
  'GET /api/v1/devices/{id}/messages',
  'GET /api/v1/monitor-alarms',
  'GET /api/v1/monitor-alarms/{id}',
  'GET /api/v1/mqtt',
  'PATCH /api/v1/devices/{id}',
  'PUT /api/v1/devices/{id}/interval',
  'POST /api/v1/devices/{id}/secret',
  'GET /api/v1/gateways',
  'POST /api/v1/gateways',
  'GET /api/v1/gateways/{id}',
  'GET /api/v1/gateways/{id}/refusals',
  'PATCH /api/v1/gateways/{id}',
  'DELETE /api/v1/gateways/{id}',
  'POST /api/v1/gateways/{id}/secret',
  'GET /api/v1/patients',
  'POST /api/v1/patients',
  'GET /api/v1/patients/{id}',
  'PATCH /api/v1/patients/{id}',
  'GET /api/v1/encounters',
  'POST /api/v1/encounters',
  'PATCH /api/v1/encounters/{id}',
  'POST /api/v1/encounters/{id}/transfer',
  'GET /api/v1/assignments',
  'POST /api/v1/assignments',
  'PATCH /api/v1/assignments/{id}',
  'GET /api/v1/beds/{id}/trends',
  'GET /api/v1/beds/{id}/waves',
  'GET /api/v1/beds/{id}/readings.csv',
  'GET /api/v1/beds/{id}/recording.edf',
  'GET /api/v1/beds/{id}/annotations',
  'POST /api/v1/beds/{id}/annotations',
  'DELETE /api/v1/beds/{id}/annotations/{annotation}',
  'GET /api/v1/refusals',
  'GET /api/v1/rejected',
  'GET /api/v1/gaps',
  'GET /api/v1/audit',
  'GET /api/v1/alarms',
  'GET /api/v1/alarms/active',
  'GET /api/v1/alarms/{id}',
  'GET /api/v1/alarms/burden',
  'POST /api/v1/beds/{id}/what-if',
  'POST /api/v1/units/{id}/what-if',
  'POST /api/v1/alarms/{id}/acknowledge',
  'POST /api/v1/alarms/{id}/reset',
  'POST /api/v1/beds/{id}/alarms/reset',
  'POST /api/v1/beds/{id}/inactivations',
  'DELETE /api/v1/beds/{id}/inactivations',
  'PUT /api/v1/beds/{id}/oxygen',
  'GET /api/v1/alarm-settings/presets',
  'GET /api/v1/alarm-settings/versions',
  'GET /api/v1/beds/{id}/alarm-settings',
  'GET /api/v1/beds/{id}/preset-change',
  'GET /api/v1/units/{id}/alarm-settings/{ageGroup}',
  'PUT /api/v1/units/{id}/alarm-settings/{ageGroup}',
  'GET /api/v1/encounters/{id}/alarm-settings',
  'PUT /api/v1/encounters/{id}/alarm-settings',
  'GET /api/v1/live',
  'GET /api/v1/session',
  'POST /api/v1/session',
  'DELETE /api/v1/session',
];

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1 and names every route, and no other', async () => {
    const { paths, info } = Document.parse(await document());
    expect(info.version).toBe('1.2.3');
    const listed = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(listed.filter((route) => !route.startsWith('HEAD')).sort()).toEqual([...ROUTES].sort());
  });

  it('refers only to what it has', async () => {
    const content = await document();
    const refs = [...JSON.stringify(content).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? '');
    expect(refs.length).toBeGreaterThan(10);
    for (const ref of new Set(refs)) {
      const target = ref
        .slice(2)
        .split('/')
        .reduce((node, key) => node?.[key], content);
      expect(target, ref).toBeDefined();
    }
  });

  it('describes a moment as it is on the wire, text in the form of date and time', async () => {
    const { components } = Document.parse(await document());
    const property = (schema: string, name: string) =>
      z.looseObject({ properties: z.record(z.string(), z.unknown()) }).parse(components.schemas[schema]).properties[
        name
      ];
    expect(property('Session', 'expiresAt')).toEqual({ type: 'string', format: 'date-time' });
    expect(property('Encounter', 'start')).toEqual({ type: 'string', format: 'date-time' });
    expect(property('AlarmRecord', 'shownAt')).toMatchObject({
      anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }],
      description: 'by the first screen',
    });
    expect(property('WavesPage', 'next')).toMatchObject({
      anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }],
    });
  });

  it('has every parameter of a path, and an answer for who is not signed in', async () => {
    const { paths } = Document.parse(await document());
    for (const [path, methods] of Object.entries(paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const operation of Object.values(methods)) {
        const given = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
        expect(given.map(({ name }) => name)).toEqual(names);
      }
    }
    expect(Object.keys(paths['/api/v1/beds/{id}']?.put?.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '400', '401', '403', '404', '409', '503']),
    );
  });
});

describe('the OpenAPI page', () => {
  it('is shown, with a policy that lets it run and nothing else', async () => {
    const page = await api.ask('/api/docs', { role: 'nobody' });
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('swagger-ui');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe/);
    expect(html).not.toMatch(/<script>[^<]/);
  });
});
