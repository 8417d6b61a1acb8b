import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Entry } from '#contracts/ports/journal.ts';
import { ThreadEndedError } from '#platform/thread/thread.ts';
import { encodeRecord } from '../../ingest/record.ts';
import { createStore } from '../../ingest/store.ts';
import { packEntries, unpackEntries } from '../../nodes/store/entries.ts';
import { createHandOver } from '../../nodes/store/hand-over.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { openThreadStore, type ThreadStore } from '../support/thread-store.ts';

/** The store as a station has it: in a thread, with a connection of its own. The writer over it: `tests/ingest/writer`. */

const JOURNAL = 'f0f0f0f0-0000-4000-8000-000000000000';

const journalId = () => JOURNAL;

let database: TestDatabase;
const stores: ThreadStore[] = [];

const openStore = (options?: { maxHeapMib: number }): ThreadStore => {
  const store = openThreadStore(database.url, journalId, options);
  stores.push(store);
  return store;
};

beforeEach(async () => {
  database = await createTestDatabase();
  await database.pool.query(`
    insert into units values ('icu', 'Intensive care');
    insert into devices (id, unit_id, secret_hash) values ('m1', 'icu', '');
  `);
});

afterEach(async () => {
  await Promise.all(stores.splice(0).map(({ stop }) => stop()));
  await database.drop();
});

let position = 0n;
const entry = (device: string): Entry => ({
  position: ++position,
  bytes: encodeRecord({
    kind: 'vitals',
    receivedAt: Number(position),
    source: { device, bed: null, encounter: null },
    blocks: [
      {
        time: Number(position),
        boot: '',
        seq: -1,
        late: false,
        items: [{ mdc: 147842, value: 70, quality: 0 }],
      },
    ],
  }),
});

const countVitals = async (): Promise<number> => {
  const { rows } = await database.pool.query<{ count: number }>('select count(*)::int from vitals');
  return rows[0]?.count ?? 0;
};

test('records arrive in the other thread as they were, in their order and of any length', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ position: fc.bigInt(0n, 2n ** 63n - 1n), bytes: fc.uint8Array({ maxLength: 300 }) })),
      (sent) => {
        const entries = sent.map(({ position: at, bytes }) => ({ position: at, bytes: Buffer.from(bytes) }));
        expect(unpackEntries(structuredClone(packEntries(entries)))).toEqual(entries);
      },
    ),
  );
});

test('what is written is there, and what is refused is refused by its code, in the same session', async () => {
  const store = openStore();
  const session = await store.open();
  await expect(session.write([entry('m1'), entry('m1')])).resolves.toMatchObject({ readings: 2, written: 2 });
  await expect(session.write([entry('nobody')])).rejects.toMatchObject({ code: '23503' });
  await expect(session.write([{ position: ++position, bytes: Buffer.alloc(9, 77) }])).rejects.toBeInstanceOf(
    RangeError,
  );
  await session.write([entry('m1')]);
  await session.settle();
  expect(await countVitals()).toBe(3);
  expect(session.isBroken()).toBe(false);
  session.close();
  await eventually(async () => {
    const { rowCount } = await database.pool.query(
      `select from pg_stat_activity where datname = current_database() and application_name = 'wardwatch writer'`,
    );
    expect(rowCount).toBe(0);
  });
});

test('connections that end while nothing is asked of them are seen, and each time another session can be opened', async () => {
  const store = openStore();
  // More than the thread may have at once.
  for (let sessions = 1; sessions <= 4; sessions++) {
    const session = await store.open();
    await session.write([entry('m1')]);
    expect(await countVitals()).toBe(sessions);
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'wardwatch writer'`,
    );
    await eventually(() => expect(session.isBroken()).toBe(true));
    session.close();
  }
});

test('what hangs in the database is broken off at once, and the next session writes it', async () => {
  const store = openStore();
  const blocker = await database.pool.connect();
  try {
    await blocker.query('begin; lock table vitals in access exclusive mode');
    const session = await store.open();
    const waiting = session.write([entry('m1')]);
    const refused = expect(waiting).rejects.toThrow('broken off');
    store.abandon();
    await refused;
    session.close();
    await blocker.query('rollback');
  } finally {
    blocker.release();
  }
  await (await store.open()).write([entry('m1')]);
  await eventually(async () => expect(await countVitals()).toBeGreaterThanOrEqual(1));
});

test('when the thread dies what was asked fails, the session is broken, and another begins with a new thread', async () => {
  // Too little for the batch below, so that it dies of it.
  const mortal = openStore({ maxHeapMib: 24 });
  const session = await mortal.open();
  const many = Array.from({ length: 400_000 }, () => entry('m1'));
  await expect(session.write(many)).rejects.toBeInstanceOf(ThreadEndedError);
  await eventually(() => expect(session.isBroken()).toBe(true));
  expect(mortal.deaths).toHaveLength(1);
  const next = await mortal.open();
  await next.write([entry('m1')]);
  await next.settle();
  expect(await countVitals()).toBe(1);
});

test('the store of this thread is handed over when the other is there: its session is at its end, and the next is of that', async () => {
  let isThere = false;
  const store = createHandOver({
    here: createStore({ database: database.pool, journalId }),
    there: openStore(),
    isThere: () => isThere,
  });
  const writers = async (): Promise<number> => {
    const { rowCount } = await database.pool.query(
      `select from pg_stat_activity where datname = current_database() and application_name = 'wardwatch writer'`,
    );
    return rowCount ?? 0;
  };
  const first = await store.open();
  await first.write([entry('m1')]);
  expect([first.isBroken(), await writers()]).toEqual([false, 0]);
  isThere = true;
  expect(first.isBroken()).toBe(true);
  first.close();
  const second = await store.open();
  await second.write([entry('m1')]);
  expect([second.isBroken(), await writers(), await countVitals()]).toEqual([false, 1, 2]);
  // When the thread is no more, the next is of this thread again.
  isThere = false;
  second.close();
  const third = await store.open();
  await third.write([entry('m1')]);
  third.close();
  await eventually(async () => expect(await writers()).toBe(0));
  expect(await countVitals()).toBe(3);
});
