import { once } from 'node:events';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workFor } from '../../../api/http/leaving.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { addSeries } from '../support/history.ts';

let database: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  database = await createTestDatabase();
  api = await startApi({ database: database.pool });
  for (const signal of ['spo2', 'ecg-ii']) await addSeries(database.pool, 'b1', signal);
});
afterAll(async () => {
  await api?.stop();
  await database?.drop();
});

/** Statements of the API that wait for the lock. */
const waiting = async (): Promise<number | null> =>
  (
    await database.pool.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
  ).rowCount;

const RANGE = 'from=2026-06-01T10:00:00Z&to=2026-06-01T11:00:00Z';

test.each([`trends?${RANGE}&vitals=spo2`, `waves?${RANGE}`, `readings.csv?${RANGE}`, `recording.edf?${RANGE}`])(
  'who closes the connection while %s is read has his query ended in the database',
  async (path) => {
    const locker = await database.pool.connect();
    try {
      await locker.query('begin; lock table vitals, waves in access exclusive mode');
      const leaving = new AbortController();
      const headers = await api.authorization('viewer');
      const asked = fetch(`${api.url}/api/v1/beds/b1/${path}`, { headers, signal: leaving.signal });
      const text = asked.then((response) => response.text()).catch((error: Error) => error.name);
      await expect.poll(waiting).toBe(1);
      leaving.abort();
      expect(await text).toBe('AbortError');
      await expect.poll(waiting).toBe(0);
    } finally {
      await locker.query('rollback');
      locker.release();
    }
  },
);

test('a connection that waits for its turn is not taken for one that idles', async () => {
  const app = Fastify({ connectionTimeout: 20 });
  app.get('/', (_request, reply) =>
    workFor(reply, async () => {
      if (reply.raw.socket) await once(reply.raw.socket, 'timeout');
      return 'after a while';
    }),
  );
  try {
    const response = await fetch(await app.listen({ host: '127.0.0.1', port: 0 }));
    expect(await response.text()).toBe('after a while');
  } finally {
    await app.close();
  }
});
