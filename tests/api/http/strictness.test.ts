import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  askDocumented,
  type Document,
  type Documented,
  honest,
  type Parameter,
  pathOf,
  placesOf,
  propertiesAt,
  startDocumented,
  unless,
  withValue,
  writes,
} from '../support/documented.ts';

/** Every route of the document is asked with a parameter or a field that it does not know. */

let station: Documented;
beforeAll(async () => {
  station = await startDocumented();
});
afterAll(() => station?.stop());

const ask = (method: string, path: string, body?: unknown) => askDocumented(station, method, path, body);

test('a query parameter that a route does not know is refused by its name', async () => {
  const document = await station.readDocument();
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
    .filter(({ method, path }) => method === 'GET' && !/(\.(csv|edf)|\/messages)$/.test(path))
    .map((route) => ({ ...route, method: 'HEAD' }));
  return [...listed, ...heads, { path: '/mqtt', method: 'GET', operation: {} }];
};

test('a query parameter that is not known is refused, whatever its name and whatever the method', async () => {
  const document = await station.readDocument();
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
        const response = await station.api.ask(`${pathOf(route.path)}?${query}`, { method: route.method, body });
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
    const { status } = await station.api.ask(`${pathOf(path)}?devise=m1`, { method, body });
    unasked.push(...unless(status === 400, `${method} ${path}: ${status}`));
  }
  expect(unasked).toEqual([]);
});

test.each(['/api/v1/live', '/mqtt'])('%s opens no socket for a query that it does not know', async (path) => {
  const headers = await station.api.authorization('viewer');
  const socket = new WebSocket(`${station.api.url.replace('http', 'ws')}${path}?devise=m1`, ['mqtt'], { headers });
  const status = await new Promise<number | undefined>((settle) => {
    socket.once('unexpected-response', (_request, response) => settle(response.statusCode));
    socket.once('open', () => settle(101));
    socket.once('error', () => settle(undefined));
  });
  socket.terminate();
  expect(status).toBe(400);
});

test('a field that is not known is refused in every body, at every depth, and where no body is asked for', async () => {
  const document = await station.readDocument();
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
