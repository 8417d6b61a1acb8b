import { afterAll, beforeAll, expect, test } from 'vitest';
import { Burden, WhatIf } from '#contracts/http/review.ts';
import { createHistory, livelyQuarter, START } from '../../review/support/history.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startApi, type TestApi } from '../support/api.ts';

let database: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  database = await createTestDatabase();
  api = await startApi({ database: database.pool });
  await livelyQuarter(await createHistory(database.pool, 'b1'));
  await createHistory(database.pool, 'b2');
});
afterAll(async () => {
  await api?.stop();
  await database?.drop();
});

const from = new Date(START + 1).toISOString();
const to = new Date(START + 900_000).toISOString();
const LOWER = { vitals: { 'heart-rate': { low: 44 } } };

const whatIf = (path: string, overrides: object, headers: Record<string, string> = {}) =>
  api.ask(`/api/v1/${path}/what-if`, { method: 'POST', body: { from, to, overrides }, headers });

test('a what-if of a bed, and of a unit, answers the comparison', async () => {
  const bed = WhatIf.parse(await (await whatIf('beds/b1', LOWER)).json());
  expect(bed.silenced).toMatchObject([{ bed: 'b1', kind: 'heart-rate-low', past: 5 }]);
  const unit = WhatIf.parse(await (await whatIf('units/icu', LOWER)).json());
  expect(unit).toMatchObject({ beds: ['b1'], before: bed.before, after: bed.after });
  expect(unit.notes).toEqual(['b2: nothing is stored of what was decided then']);
});

test('it comes with its progress when that is asked for', async () => {
  const response = await whatIf('beds/b1', LOWER, { accept: 'application/x-ndjson' });
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  const lines = (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ bed: 'b1', done: expect.any(Number) });
  expect(WhatIf.parse(lines.at(-1).result).silenced).toHaveLength(1);
});

test('settings that make no sense are refused with every problem, in either form', async () => {
  const nonsense = { vitals: { spo2: { low: 70 }, 'heart-rate': { low: 130 } } };
  const refusal = await whatIf('beds/b1', nonsense);
  expect(refusal.status).toBe(400);
  const { faults } = await refusal.json();
  expect(faults).toContainEqual({
    in: 'body',
    at: '/overrides',
    message: 'spo2: extremeLow 80 must not be above low 70',
  });
  const streamed = await whatIf('beds/b1', nonsense, { accept: 'application/x-ndjson' });
  expect(JSON.parse(await streamed.text()).problem).toContain('heart-rate: low 130 must be below high 120');
});

test.each([
  ['beds/nobody', {}, 404, 'there is no bed nobody'],
  ['units/nowhere', {}, 404, 'there is no unit nowhere'],
  ['beds/b1', { from: to, to: from }, 400, 'from must be before to'],
  ['beds/b1', { from: '2026-01-01T00:00:00Z', to: '2026-01-08T00:00:01Z' }, 400, 'a what-if goes over at most 7 days'],
])('a what-if of %s with %j is refused with %i', async (path, range, status, detail) => {
  const body = { overrides: {}, ...range };
  const response = await api.ask(`/api/v1/${path}/what-if`, { method: 'POST', body });
  expect({ status: response.status, ...(await response.json()) }).toMatchObject({ status, detail });
});

test('one is worked on at a time; who left is not worked for', async () => {
  const leaving = new AbortController();
  let working: (() => void) | undefined;
  let isAborted = false;
  const busy = await startApi({
    database: database.pool,
    review: {
      whatIf: ({ signal }) => {
        if (working) return undefined;
        return new Promise((_, reject) => {
          working = () => reject(new Error('done'));
          signal?.addEventListener('abort', () => {
            isAborted = true;
            reject(signal.reason);
          });
        });
      },
      burden: () => Promise.reject(new Error('not here')),
    },
  });
  try {
    const url = `${busy.url}/api/v1/beds/b1/what-if`;
    const headers = { ...(await busy.authorization('operator')), 'content-type': 'application/json' };
    const body = JSON.stringify({ overrides: {} });
    const first = fetch(url, { method: 'POST', headers, body, signal: leaving.signal });
    first.catch(() => undefined);
    await expect.poll(() => working).toBeDefined();
    const second = await fetch(url, { method: 'POST', headers, body });
    expect(second.status).toBe(429);
    expect(second.headers.get('retry-after')).toBe('10');
    leaving.abort();
    await expect.poll(() => isAborted).toBe(true);
  } finally {
    await busy.stop();
  }
});

test('the burden report answers JSON, and its rows as CSV that no spreadsheet runs', async () => {
  const query = `from=${from}&to=${to}`;
  const burden = Burden.parse(
    await (await api.ask(`/api/v1/alarms/burden?${query}&unit=icu`, { role: 'viewer' })).json(),
  );
  expect(burden.total.alarms).toBeGreaterThan(3);
  expect(burden.beds).toBe(2);
  await database.pool.query(
    `insert into alarms (id, unit_id, bed_id, kind, condition, type, priority, state, started_at, decided_at, config)
     values ('x', 'icu', 'b1', '=1+1', 'low-limit', 'physiological', 'low', 'active', $1, $1, '{}')`,
    [from],
  );
  const response = await api.ask(`/api/v1/alarms/burden?${query}&bed=b1&format=csv`, { role: 'viewer' });
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  const [header, ...lines] = (await response.text()).trimEnd().split('\r\n');
  expect(header).toMatch(/^unit,bed,day,priority,condition,kind,alarms,announcements,totalMs,/);
  expect(lines).toContainEqual(expect.stringMatching(/^icu,b1,2026-11-22,low,low-limit,'=1\+1,1,0,/));
  expect(lines).toHaveLength(burden.rows.length + 1);
});

test('with the database away both answer 503', async () => {
  const away = await startApi();
  try {
    expect((await away.ask(`/api/v1/alarms/burden?from=${from}`)).status).toBe(503);
    const body = { overrides: {} };
    expect((await away.ask('/api/v1/beds/b1/what-if', { method: 'POST', body })).status).toBe(503);
  } finally {
    await away.stop();
  }
});
