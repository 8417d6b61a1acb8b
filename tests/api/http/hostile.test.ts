import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { createDesk } from '../support/desk.ts';

/** Every route of the document is asked with values that no honest caller sends. */

let database: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  database = await createTestDatabase();
  const desk = createDesk();
  desk.addBed('icu', 'b1');
  api = await startApi({ database: database.pool, alarms: desk.desk });
  await api.ask('/api/v1/units/icu', { method: 'PUT', body: { name: 'ICU' } });
  await api.ask('/api/v1/beds/b1', { method: 'PUT', body: { unit: 'icu', label: '1' } });
  await api.ask('/api/v1/devices', { method: 'POST', body: { id: 'm1', unit: 'icu', bed: 'b1' } });
  await api.ask('/api/v1/patients', { method: 'POST', body: { name: 'Ann' } });
  await api.ask('/api/v1/encounters', { method: 'POST', body: { patient: 1, bed: 'b1' } });
});
afterAll(async () => {
  await api?.stop();
  await database?.drop();
});

type Schema = {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly items?: Schema;
};
type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly schema: Schema;
  readonly required?: boolean;
};
type Operation = {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
};
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

const readDocument = async (): Promise<Document> =>
  (await (await api.ask('/api/docs/json', { role: 'nobody' })).json()) as Document;

const HALF = '\ud800';
const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

/** For whatever stands in a body. */
const HOSTILE: readonly unknown[] = [
  HALF,
  `a${'\udc00'}b`,
  'a\u0000b',
  'x'.repeat(60_000),
  '',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59-12:00',
  '9999-12-31T23:59:59Z',
  '2026-01-01T00:00:00+18:30',
  '2026-01-01T00:00:00-23:59',
  '2026-02-30T00:00:00Z',
  '0000-01-01',
  '9999-12-31',
  '7',
  'NaN',
  2_147_483_648,
  9_007_199_254_740_992,
  -1,
  0,
  1.5,
  1e308,
  [],
  ['a'],
  {},
  { [HALF]: 1 },
  { __proto__x: { constructor: {} } },
  deep(1_000),
  true,
  null,
];

/** For what stands in an address. A half of a pair cannot be written there. */
const HOSTILE_TEXTS = HOSTILE.filter((value) => typeof value === 'string' || typeof value === 'number')
  .map(String)
  .filter((text) => !/\p{Surrogate}/u.test(text) && text.length < 10_000)
  .concat('%', 'a&b=c', '-0', '1e9', '0x10', 'x'.repeat(5_000), '☃', "'; drop table beds; --");

const resolve = ({ components }: Document, schema: Schema): Schema => {
  const name = schema.$ref?.split('/').at(-1);
  const resolved = name === undefined ? schema : (components.schemas[name] ?? schema);
  return resolved.anyOf?.[0] && !resolved.properties ? resolve({ components, paths: {} }, resolved.anyOf[0]) : resolved;
};

/** Something that fits, so that only one thing is wrong at a time. */
const honest = (document: Document, given: Schema, name = ''): unknown => {
  const schema = resolve(document, given);
  if (schema.enum) return schema.enum[0];
  if (name === 'id') return 'm1';
  if (name in HONEST) return HONEST[name];
  if (schema.properties) {
    const names = schema.required ?? [];
    return Object.fromEntries(names.map((one) => [one, honest(document, schema.properties?.[one] ?? {}, one)]));
  }
  if (schema.type === 'array') return [];
  if (schema.type === 'integer' || schema.type === 'number') return 1;
  return schema.format === 'date-time' ? '2026-01-01T00:00:00Z' : 'a';
};
const HONEST: Readonly<Record<string, unknown>> = {
  unit: 'icu',
  bed: 'b1',
  device: 'm1',
  patient: 1,
  encounter: 1,
  from: '2026-01-01T00:00:00Z',
  to: '2026-01-02T00:00:00Z',
  overrides: {},
  reason: 'trial',
  intervalMs: 5_000,
};

/** Every place of a body that its schema names, to some depth. */
const placesOf = (document: Document, given: Schema, depth = 0): (readonly string[])[] => {
  const { properties } = resolve(document, given);
  if (!properties || depth > 2) return [];
  return Object.entries(properties).flatMap(([name, inner]) => [
    [name],
    ...placesOf(document, inner, depth + 1)
      .slice(0, 8)
      .map((rest) => [name, ...rest]),
  ]);
};

/** What an object at a place of a body may hold; undefined: it is no object there. */
const propertiesAt = (document: Document, given: Schema, place: readonly string[]): Schema['properties'] => {
  const [name, ...rest] = place;
  const { properties } = resolve(document, given);
  if (name === undefined) return properties;
  const inner = properties?.[name];
  return inner && propertiesAt(document, inner, rest);
};

const withValue = (thing: unknown, [name, ...rest]: readonly string[], value: unknown): unknown => {
  if (name === undefined) return value;
  const object = typeof thing === 'object' && thing !== null ? (thing as Record<string, unknown>) : {};
  return { ...object, [name]: withValue(object[name], rest, value) };
};

const Problem = z.object({ type: z.string().startsWith('urn:wardwatch:problem:'), status: z.int(), title: z.string() });

const PATHS: Readonly<Record<string, string>> = { '/units': 'icu', '/beds': 'b1', '/devices': 'm1', '/alarms': 'a' };

const pathOf = (path: string, replace: Readonly<Record<string, string>> = {}): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const own = Object.entries(PATHS).find(([start]) => path.startsWith(`/api/v1${start}`))?.[1] ?? '1';
    const usual = name === 'id' ? own : name === 'ageGroup' ? 'adult' : '1';
    return encodeURIComponent(replace[name] ?? usual);
  });

/** A 2xx is right too: some of it is harmless somewhere. */
const ask = async (method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> => {
  const response = await api.ask(path, { method, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  if (response.status >= 400) {
    expect(response.headers.get('content-type'), `${method} ${path.slice(0, 120)}: ${text}`).toContain(
      'application/problem+json',
    );
    expect(Problem.safeParse(JSON.parse(text)).success, text).toBe(true);
  }
  return { status: response.status, text };
};

const writes = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

/** What was found, as lines, so that all is seen at once. */
const unless = (isRight: boolean, what: string): string[] => (isRight ? [] : [what]);

test('no value in a body makes a fault of ours, and what cannot be stored is told with its field', async () => {
  const document = await readDocument();
  const faults: string[] = [];
  let asked = 0;
  for (const { path, method, operation } of writes(document)) {
    const schema = operation.requestBody?.content['application/json'].schema;
    if (!schema) continue;
    const usual = honest(document, schema);
    for (const place of placesOf(document, schema)) {
      for (const value of HOSTILE) {
        const { status, text } = await ask(method, pathOf(path), withValue(usual, place, value));
        const shown = `${method} ${path} ${place.join('.')} = ${JSON.stringify(value)?.slice(0, 60)}: ${status} ${text.slice(0, 200)}`;
        faults.push(...unless(status < 500, shown));
        const isUnstorable = typeof value === 'string' && /\p{Surrogate}|\0/u.test(value);
        const isNamed = status === 400 && text.includes(`"at":"/${place.join('/')}"`);
        if (isUnstorable) faults.push(...unless(isNamed, shown));
        asked++;
      }
    }
  }
  expect(faults).toEqual([]);
  expect(asked).toBeGreaterThan(1_000);
});

test('no value in a query or a path makes a fault of ours', async () => {
  const document = await readDocument();
  const faults: string[] = [];
  for (const { path, method, operation } of writes(document)) {
    const parameters = operation.parameters ?? [];
    const needed = parameters.filter((one) => one.in === 'query' && one.required);
    const usual = Object.fromEntries(needed.map(({ name, schema }) => [name, String(honest(document, schema, name))]));
    for (const { name, in: where } of parameters) {
      for (const text of HOSTILE_TEXTS) {
        const query = new URLSearchParams(where === 'query' ? { ...usual, [name]: text } : usual);
        const address = `${pathOf(path, where === 'path' ? { [name]: text } : {})}?${query}`;
        const { status, text: answer } = await ask(
          method,
          address,
          method === 'GET' || method === 'DELETE' ? undefined : {},
        );
        faults.push(...unless(status < 500, `${method} ${address.slice(0, 120)}: ${status} ${answer.slice(0, 200)}`));
      }
    }
  }
  expect(faults).toEqual([]);
});

test('a query parameter that a route does not know is refused by its name', async () => {
  const document = await readDocument();
  const faults: string[] = [];
  for (const { path, method, operation } of writes(document)) {
    if (method !== 'GET') continue;
    const needed = (operation.parameters ?? []).filter((one) => one.in === 'query' && one.required);
    const usual = Object.fromEntries(needed.map(({ name, schema }) => [name, String(honest(document, schema, name))]));
    const { status, text } = await ask(method, `${pathOf(path)}?${new URLSearchParams({ ...usual, devise: 'm1' })}`);
    faults.push(...unless(status === 400 && text.includes('devise'), `${method} ${path}: ${status} ${text}`));
  }
  expect(faults).toEqual([]);
});

/** Each route with HEAD where it has GET, the way in of a screen and the one of MQTT among them. */
const everyRoute = (document: Document) => {
  const listed = writes(document);
  const heads = listed
    .filter(({ method, path }) => method === 'GET' && !/\.(csv|edf)$/.test(path))
    .map((route) => ({ ...route, method: 'HEAD' }));
  return [...listed, ...heads, { path: '/mqtt', method: 'GET', operation: {} }];
};

test('a query parameter that is not known is refused, whatever its name and whatever the method', async () => {
  const document = await readDocument();
  const routes = everyRoute(document);
  const nameOf = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_.-]{0,11}$/);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...routes),
      nameOf,
      fc.string({ unit: 'grapheme-ascii' }),
      async (route, name, value) => {
        const parameters: readonly Parameter[] = route.operation.parameters ?? [];
        fc.pre(!parameters.some((known) => known.in === 'query' && known.name === name));
        const needed = parameters.filter((one) => one.in === 'query' && one.required);
        const usual = Object.fromEntries(
          needed.map((one) => [one.name, String(honest(document, one.schema, one.name))]),
        );
        const query = new URLSearchParams({ ...usual, [name]: value });
        const schema = route.operation.requestBody?.content['application/json'].schema;
        const body = schema && honest(document, schema);
        const response = await api.ask(`${pathOf(route.path)}?${query}`, { method: route.method, body });
        expect(response.status, `${route.method} ${route.path}?${query}`).toBe(400);
        await response.arrayBuffer();
      },
    ),
    { numRuns: 400 },
  );
  const unasked: string[] = [];
  for (const { method, path, operation } of routes) {
    const schema = operation.requestBody?.content['application/json'].schema;
    const body = schema && honest(document, schema);
    const { status } = await api.ask(`${pathOf(path)}?devise=m1`, { method, body });
    unasked.push(...unless(status === 400, `${method} ${path}: ${status}`));
  }
  expect(unasked).toEqual([]);
});

test.each(['/api/v1/live', '/mqtt'])('%s opens no socket for a query that it does not know', async (path) => {
  const headers = await api.authorization('viewer');
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}${path}?devise=m1`, ['mqtt'], { headers });
  const status = await new Promise<number | undefined>((settle) => {
    socket.once('unexpected-response', (_request, response) => settle(response.statusCode));
    socket.once('open', () => settle(101));
    socket.once('error', () => settle(undefined));
  });
  socket.terminate();
  expect(status).toBe(400);
});

test('a field that is not known is refused in every body, at every depth, and where no body is asked for', async () => {
  const document = await readDocument();
  const faults: string[] = [];
  for (const { path, method, operation } of writes(document)) {
    if (method === 'GET') continue;
    const schema = operation.requestBody?.content['application/json'].schema;
    const usual = schema ? honest(document, schema) : {};
    const objects = schema
      ? placesOf(document, schema).filter((place) => propertiesAt(document, schema, place) !== undefined)
      : [];
    for (const place of [[], ...objects]) {
      const { status, text } = await ask(method, pathOf(path), withValue(usual, [...place, 'devise'], 'm1'));
      faults.push(...unless(status === 400, `${method} ${path} ${place.join('.')}: ${status} ${text.slice(0, 200)}`));
    }
  }
  expect(faults).toEqual([]);
});

test('times that are none of this world are refused with the field, and those of every zone of it are taken', async () => {
  const put = async (start: string) => {
    const { status, text } = await ask('POST', '/api/v1/assignments', { device: 'm1', bed: 'b1', start });
    return { status, names: text.includes('"at":"/start"') };
  };
  for (const start of [
    '0000-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-12:00',
    '2026-01-01T00:00:00+18:01',
    '2026-01-01T00:00:00-16:00',
  ]) {
    expect(await put(start), start).toEqual({ status: 400, names: true });
  }
  for (const zone of ['Z', '+14:00', '-12:00', '+05:45', '+12:45']) {
    const { status } = await ask(
      'GET',
      `/api/v1/beds/b1/trends?${new URLSearchParams({ from: `2026-01-01T00:00:00${zone}` })}`,
    );
    expect(status, zone).toBe(200);
  }
});

test('what was refused leaves its neighbours as they were', async () => {
  for (const list of [
    'units',
    'beds',
    'devices',
    'patients',
    'encounters',
    'assignments',
    'rejected',
    'gaps',
    'alarms',
  ]) {
    expect((await ask('GET', `/api/v1/${list}`)).status, list).toBe(200);
  }
  const units = z.array(z.object({ id: z.string() })).parse(JSON.parse((await ask('GET', '/api/v1/units')).text));
  expect(units).toContainEqual(expect.objectContaining({ id: 'icu' }));
});

test('what was refused is listed by device', async () => {
  for (const [device, detail] of [
    ['m1', 'first'],
    ['m2', 'second'],
  ]) {
    await database.pool.query(
      `insert into rejected_messages
         (journal_id, journal_seq, received_at, topic, device_id, reason, detail, payload, payload_bytes)
       values (gen_random_uuid(), 1, now(), 'ward/v1/icu', $1, 'bad', $2, '', 0)`,
      [device, detail],
    );
  }
  const of = async (query: string) => JSON.parse((await ask('GET', `/api/v1/rejected${query}`)).text);
  expect(await of('?device=m1')).toMatchObject([{ device: 'm1', detail: 'first' }]);
  expect(await of('')).toHaveLength(2);
});
