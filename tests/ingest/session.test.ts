import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Database, DatabaseClient } from '#platform/database.ts';
import { encodeRecord, type Reading } from '../../ingest/record.ts';
import { SessionChangedError } from '../../ingest/session.ts';
import { createStore } from '../../ingest/store.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let clients: DatabaseClient[];
let nextPosition = 1n;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`
    insert into units values ('icu', 'Intensive care');
    insert into devices (id, unit_id, secret_hash) values ('m1', 'icu', '');
  `);
  clients = [await database.pool.connect(), await database.pool.connect()];
});

afterAll(async () => {
  for (const client of clients) client.release(true);
  await database.drop();
});

const batch = (time: number, ...items: Reading[]) => [
  {
    position: nextPosition++,
    bytes: encodeRecord({
      kind: 'vitals',
      receivedAt: time,
      source: { device: 'm1', bed: null, encounter: null },
      blocks: [{ time, boot: '', seq: -1, late: false, items }],
    }),
  },
];

const heartRate = (value: number): Reading => ({ mdc: 147842, value, quality: 0 });

/** A pool that hands out one client of two, and gives each of its queries to the one whose turn it is. */
const poolerOf = () => {
  let turn = 0;
  const texts: string[] = [];
  const shared = {
    query(query: unknown, ...more: unknown[]): unknown {
      texts.push(typeof query === 'string' ? query : String(Reflect.get(Object(query), 'text')));
      return Reflect.apply(clients[turn]?.query ?? vi.fn(), clients[turn], [query, ...more]);
    },
    once: () => undefined,
    release: () => undefined,
  };
  const pool = { connect: async () => shared } as unknown as Database;
  return {
    store: createStore({ database: pool, journalId: randomUUID }),
    texts,
    handAround() {
      turn = 1 - turn;
    },
  };
};

const copies = (texts: readonly string[]): string[] => texts.filter((text) => text.includes('copy vitals'));

test('commits of a session do not wait for the disk, and leave the connection as it was', async () => {
  const { store, texts } = poolerOf();
  const session = await store.open();
  await session.write(batch(1_000, heartRate(70)));
  await session.write(batch(1_000, heartRate(71)));
  expect(copies(texts)).toEqual([
    expect.stringContaining('synchronous_commit = off'),
    expect.stringContaining('synchronous_commit = off'),
  ]);
  const { rows } = (await clients[0]?.query('show synchronous_commit')) ?? { rows: [] };
  expect(rows).toEqual([{ synchronous_commit: 'on' }]);
  await session.settle();
  session.close();
});

test('a pooler that gave the session to another server process is found out, and from then on each commit waits', async () => {
  const { store, texts, handAround } = poolerOf();
  const first = await store.open();
  await first.write(batch(2_000, heartRate(70)));
  handAround();
  await expect(first.settle()).rejects.toThrow(SessionChangedError);
  first.close();

  const second = await store.open();
  texts.length = 0;
  await second.write(batch(3_000, heartRate(70)));
  expect(copies(texts)).toEqual([expect.not.stringContaining('synchronous_commit')]);
  handAround();
  await second.settle();
  second.close();
});

test('a server that does not wait for its disk by itself is made to when a session settles', async () => {
  const { store } = poolerOf();
  const session = await store.open();
  await session.write(batch(4_000, heartRate(70)));
  const [client] = clients;
  if (!client) throw new Error('no client');
  await client.query('set synchronous_commit = off');
  const seen: string[] = [];
  const query = client.query.bind(client) as (text: unknown, ...more: unknown[]) => Promise<{ rows: unknown[] }>;
  const spy = vi.spyOn(client, 'query').mockImplementation((async (text: unknown, ...more: unknown[]) => {
    if (text === 'commit') seen.push(JSON.stringify((await query('show synchronous_commit')).rows));
    return query(text, ...more);
  }) as never);
  await session.settle();
  spy.mockRestore();
  await client.query('reset synchronous_commit');
  expect(seen).toEqual(['[{"synchronous_commit":"on"}]']);
  session.close();
});

test('an id of a series is asked for anew in each session: a server that crashed may have given it to another', async () => {
  const { store } = poolerOf();
  const first = await store.open();
  await first.write(batch(5_000, heartRate(70)));
  first.close();
  await database.pool.query('delete from series');
  const second = await store.open();
  await second.write(batch(6_000, heartRate(71)));
  second.close();
  const { rows } = await database.pool.query(
    `select value from vitals join series on series_id = series.id where device_id = 'm1' and time = to_timestamp(6)`,
  );
  expect(rows).toEqual([{ value: 71 }]);
});
