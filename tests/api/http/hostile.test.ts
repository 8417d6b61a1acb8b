import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import {
  askDocumented,
  type Documented,
  honest,
  pathOf,
  placesOf,
  startDocumented,
  unless,
  withValue,
  writes,
} from '../support/documented.ts';

/** Every route of the document is asked with values that no honest caller sends. */

let station: Documented;
beforeAll(async () => {
  station = await startDocumented();
});
afterAll(() => station?.stop());

const ask = (method: string, path: string, body?: unknown) => askDocumented(station, method, path, body);

const HALF = '\ud800';
const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

/** Values that may stand anywhere in a body. */
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

/** Values that may stand in an address. Half a surrogate pair cannot be written there. */
const HOSTILE_TEXTS = HOSTILE.filter((value) => typeof value === 'string' || typeof value === 'number')
  .map(String)
  .filter((text) => !/\p{Surrogate}/u.test(text) && text.length < 10_000)
  .concat('%', 'a&b=c', '-0', '1e9', '0x10', 'x'.repeat(5_000), '☃', "'; drop table beds; --");

test('no value in a body makes a fault of ours, and what cannot be stored is told with its field', async () => {
  const document = await station.readDocument();
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
  const document = await station.readDocument();
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
    'audit',
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
    await station.database.pool.query(
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
