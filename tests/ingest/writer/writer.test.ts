import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createJournal, type StationJournal } from '../../../ingest/journal/journal.ts';
import { encodeRecord, type JournalRecord } from '../../../ingest/record.ts';
import { createStore, type OpenSession, type Store } from '../../../ingest/store.ts';
import { createWriter, type Writer } from '../../../ingest/writer/writer.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { openThreadStore } from '../../support/thread-store.ts';

let folder: string;
let database: TestDatabase;
let journal: StationJournal;
let writer: Writer;
let failures: string[];
let refusals: string[];
let sessions: OpenSession[];

type AnyStore = Store & { readonly stop?: () => Promise<void> };
let store: AnyStore;

const STORES: Readonly<Record<string, (journalId: () => string) => AnyStore>> = {
  'a store in this thread': (journalId) => createStore({ database: database.pool, journalId }),
  'a store in a thread of its own': (journalId) => openThreadStore(database.url, journalId),
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardwatch-writer-'));
  database = await createTestDatabase();
  await database.pool.query(`
    insert into units values ('icu', 'Intensive care');
    insert into devices (id, unit_id, secret_hash) values ('m1', 'icu', '');
  `);
  failures = [];
  refusals = [];
  sessions = [];
  journal = createJournal({
    path: join(folder, 'journal'),
    maxBytes: 2 ** 24,
    onFailure: (error) => failures.push(error.message),
  });
  journal.start();
});

afterEach(async () => {
  await writer.stop();
  await store.stop?.();
  await journal.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const record = (device: string, time: number): JournalRecord => ({
  kind: 'vitals',
  receivedAt: time,
  source: { device, bed: null, encounter: null },
  blocks: [{ time, boot: '', seq: -1, late: false, items: [{ mdc: 147842, value: 70, quality: 0 }] }],
});

const append = (bytes: Buffer): Promise<void> => new Promise((resolve) => journal.append([bytes], resolve));

const count = async (table: string): Promise<number> => {
  const { rows } = await database.pool.query<{ count: number }>(`select count(*)::int from ${table}`);
  return rows[0]?.count ?? 0;
};

describe.each(Object.entries(STORES))('%s', (_, openStoreOf) => {
  beforeEach(() => {
    store = openStoreOf(journal.id);
    const open = async (): Promise<OpenSession> => {
      const session = await store.open();
      sessions.push(session);
      return session;
    };
    writer = createWriter({
      journal,
      store: { ...store, open },
      onStored: () => undefined,
      onFailure: (error) => failures.push(error.message),
      onRefused: (error) => refusals.push(error.message),
    });
  });

  test('what is in the journal is drained into the database, and then trimmed', async () => {
    await Promise.all(Array.from({ length: 3_000 }, (_, index) => append(encodeRecord(record('m1', index)))));
    writer.start();
    await writer.drained();
    expect(await count('vitals')).toBe(3_000);
    await eventually(() => expect(journal.state().storedBytes).toBe(0));
    expect(failures).toEqual([]);
  });

  test('a record that the database refuses is set aside, and the others around it are stored', async () => {
    await Promise.all([
      ...Array.from({ length: 50 }, (_, index) => append(encodeRecord(record('m1', index)))),
      append(encodeRecord(record('nobody', 1))),
      append(Buffer.from([77, 0, 0, 0, 0, 0, 0, 0, 0])),
      ...Array.from({ length: 50 }, (_, index) => append(encodeRecord(record('m1', 1_000 + index)))),
    ]);
    writer.start();
    await writer.drained();
    expect(await count('vitals')).toBe(100);
    const { rows } = await database.pool.query(
      'select reason, detail, payload from rejected_messages order by journal_seq',
    );
    expect(rows).toMatchObject([
      {
        reason: 'storage-refused',
        detail: expect.stringContaining('foreign key'),
        payload: encodeRecord(record('nobody', 1)),
      },
      { reason: 'storage-refused', detail: expect.stringContaining('unknown kind') },
    ]);
    expect(refusals).toHaveLength(2);
    expect(failures).toEqual([]);
  });

  test('a table that is gone is no reason to lose anything: the writer says so once and waits for it', async () => {
    await database.pool.query('alter table vitals rename to hidden');
    await append(encodeRecord(record('m1', 1)));
    writer.start();
    await eventually(() => expect(writer.state().failure).toContain('vitals'));
    await append(encodeRecord(record('m1', 2)));
    await database.pool.query('alter table hidden rename to vitals');
    await writer.drained();
    expect(await count('vitals')).toBe(2);
    expect(failures).toHaveLength(1);
    expect(writer.state().failure).toBeUndefined();
  });

  test('a writer that starts on an empty journal sleeps until there is something', async () => {
    const waiting = vi.spyOn(journal, 'waitForData');
    writer.start();
    await eventually(() => expect(waiting).toHaveBeenCalled());
    await append(encodeRecord(record('m1', 1)));
    await writer.drained();
    expect(await count('vitals')).toBe(1);
  });

  test('a connection that ends while nothing is written is no failure: the next batch has a new one', async () => {
    await append(encodeRecord(record('m1', 1)));
    writer.start();
    await eventually(() => expect(journal.state().storedBytes).toBe(0));
    await database.pool.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await eventually(() => expect(sessions.at(0)?.isBroken()).toBe(true));
    await append(encodeRecord(record('m1', 2)));
    await writer.drained();
    expect(await count('vitals')).toBe(2);
    expect(failures).toEqual([]);
    expect(sessions).toHaveLength(2);
  });
});
