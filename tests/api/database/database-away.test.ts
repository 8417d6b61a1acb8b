import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createDatabase } from '#platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { createFaultyLink, type FaultyLink } from '../../support/faulty-link.ts';
import { startApi, type TestApi } from '../support/api.ts';

/** Whoever waits for a page is told within about a second that the database is away, however it is. */

let database: TestDatabase;
let link: FaultyLink;
let api: TestApi;
beforeAll(async () => {
  database = await createTestDatabase();
  link = await createFaultyLink(database.url);
  const pool = createDatabase({
    url: link.url,
    name: 'of the page',
    maxConnections: 10,
    connectWithinMs: 1_000,
    onError: () => {},
  });
  api = await startApi({ database: pool });
});
afterAll(async () => {
  link?.thaw();
  link?.up();
  await api?.stop();
  await link?.stop();
  await database?.drop();
});

afterEach(() => vi.useRealTimers());

const READS = ['units', 'beds', 'devices', 'patients', 'encounters', 'assignments', 'alarms', 'rejected', 'gaps'];
const BURDEN = 'alarms/burden?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z';

/** More than a second and less than two queries' patience. */
const SOON_MS = 3_000;

const expectTold = async (path: string, ask: () => Promise<Response>) => {
  const askedAt = performance.now();
  const response = await ask();
  expect(response.status, path).toBe(503);
  expect(await response.json(), path).toMatchObject({ type: 'urn:wardwatch:problem:database-away' });
  expect(performance.now() - askedAt, path).toBeLessThan(SOON_MS);
};

const expectAllTold = async () => {
  // All at once, as the admin page asks.
  await Promise.all([...READS, BURDEN].map((path) => expectTold(path, () => api.ask(`/api/v1/${path}`))));
  const write = () => api.ask('/api/v1/units/icu', { method: 'PUT', body: { name: 'ICU' } });
  await expectTold('PUT units', write);
};

const expectAnswers = async () => {
  for (const path of READS) expect((await api.ask(`/api/v1/${path}`)).status, path).toBe(200);
};

test('a database that refuses: 503 in about a second, and all well when it is back', async () => {
  await expectAnswers();
  link.down();
  await expectAllTold();
  link.up();
  await expectAnswers();
});

test('a database that is frozen, with connections that look well: 503 in about a second', async () => {
  await expectAnswers();
  link.freeze();
  await expectAllTold();
  link.thaw();
  link.cut();
  await expectAnswers();
});

/** Resolves once a connection of the API is seen to be so since then. It asks again and again and sets no timer. */
const apiIs = async (condition: string, since: Date): Promise<void> => {
  const text = `select from pg_stat_activity
    where application_name = 'wardwatch of the page' and query_start >= $1 and ${condition}`;
  while ((await database.pool.query(text, [since])).rowCount === 0);
};

test('a statement that is slow is waited for while the database answers', async () => {
  const locker = await database.pool.connect();
  onTestFinished(() => locker.release(true));
  const { rows } = await locker.query<{ since: Date }>('select now() as since');
  const since = rows[0]?.since ?? new Date();
  await locker.query('begin; lock table units in access exclusive mode');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const asked = api.ask('/api/v1/units');
  await apiIs("wait_event_type = 'Lock'", since);
  // Now the API asks whether the database answers at all.
  vi.advanceTimersByTime(500);
  await apiIs("query = 'select 1' and state = 'idle'", since);
  // And now it would give up if no answer had come. The answer is on its way here: while the time passes, others of the same
  // database arrive.
  for (let ms = 0; ms < 1_300; ms += 50) {
    await database.pool.query('select');
    vi.advanceTimersByTime(50);
  }
  await locker.query('rollback');
  expect((await asked).status).toBe(200);
});
