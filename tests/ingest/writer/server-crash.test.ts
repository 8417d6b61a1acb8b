import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Clock, systemClock } from '#platform/clock.ts';
import { createDatabase, type Database } from '#platform/database.ts';
import { createLog } from '#platform/log.ts';
import { createJournal, type StationJournal } from '../../../ingest/journal/journal.ts';
import { encodeRecord } from '../../../ingest/record.ts';
import { createStore, type Store } from '../../../ingest/store.ts';
import { SETTLE_EVERY_MS } from '../../../ingest/writer/draining.ts';
import { createWriter, type Writer } from '../../../ingest/writer/writer.ts';
import { createEmbeddedPostgres, type EmbeddedPostgres } from '../../../platform/embedded-postgres.ts';
import { eventually } from '../../support/eventually.ts';
import { createMigratedDatabase } from '../../support/migrated-database.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/**
 * A commit that does not wait for the disk is lost when the server is killed. Here nothing writes it but the commit that
 * waits: what else writes the log of the server by and by is stopped.
 */

const folders = temporaryFolder();
let server: EmbeddedPostgres;
let serverUrl: string;
let url: string;
let pool: Database;
let journal: StationJournal;
let writer: Writer;
let elapsedMs: number;
/** The writer opens no session, and settles none, before these resolve. */
let mayOpen: Promise<void>;
let maySettle: Promise<void>;

const connect = (to: string) => createDatabase({ url: to, maxConnections: 3, name: 'test', onError: () => undefined });

beforeAll(async () => {
  server = createEmbeddedPostgres({ dataDir: await folders.make(), log: createLog({ level: 'silent' }) });
  serverUrl = (await server.start()).url;
});

afterAll(async () => {
  await server.stop();
  await folders.remove();
});

const gated = ({ open, abandon }: Store): Store => ({
  async open() {
    await mayOpen;
    const session = await open();
    return { ...session, settle: () => maySettle.then(session.settle) };
  },
  abandon,
});

beforeEach(async () => {
  url = (await createMigratedDatabase(serverUrl)).url;
  pool = connect(url);
  await pool.query(`
    insert into units values ('icu', 'Intensive care');
    insert into devices (id, unit_id, secret_hash) values ('m1', 'icu', '');
  `);
  mayOpen = Promise.resolve();
  maySettle = Promise.resolve();
  elapsedMs = 0;
  journal = createJournal({
    path: join(await folders.make(), 'journal'),
    maxBytes: 2 ** 24,
    onFailure: () => undefined,
  });
  journal.start();
  // It settles when the test says that a second has passed.
  const clock: Clock = { ...systemClock, elapsed: () => elapsedMs };
  writer = createWriter({
    journal,
    store: gated(createStore({ database: pool, journalId: journal.id })),
    clock,
    onStored: () => undefined,
    onFailure: () => undefined,
    onRefused: () => undefined,
  });
  writer.start();
});

afterEach(async () => {
  await writer.stop();
  await journal.stop();
  await pool.end();
});

const append = (time: number): Promise<void> => {
  const record = encodeRecord({
    kind: 'vitals',
    receivedAt: time,
    source: { device: 'm1', bed: null, encounter: null },
    blocks: [{ time, boot: '', seq: -1, late: false, items: [{ mdc: 147842, value: 70, quality: 0 }] }],
  });
  return new Promise((resolve) => journal.append([record], resolve));
};

const storedTimes = async (): Promise<number[]> => {
  const { rows } = await pool.query<{ time: number }>(
    'select (extract(epoch from time) * 1000)::float8 as time from vitals order by time',
  );
  return rows.map(({ time }) => time);
};

/** Has time pass until all that was written is settled. */
const settle = () =>
  eventually(() => {
    if (journal.state().storedBytes === 0) return;
    elapsedMs += SETTLE_EVERY_MS;
    throw new Error(`${journal.state().storedBytes} bytes are in the journal`);
  });

const processes = async (): Promise<readonly { pid: number; kind: string }[]> => {
  const { rows } = await pool.query<{ pid: number; kind: string }>(
    'select pid, backend_type as kind from pg_stat_activity',
  );
  return rows;
};

/** From here on the log reaches the disk by a commit that waits for it, and in no other way. */
const stopLogWriters = async (): Promise<void> => {
  const kinds = ['walwriter', 'background writer', 'checkpointer', 'autovacuum launcher'];
  for (const { pid, kind } of await processes()) if (kinds.includes(kind)) process.kill(pid, 'SIGSTOP');
};

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with the others.
  }
};

const createGate = (): { readonly passed: Promise<void>; readonly open: () => void } => {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
};

/** Kills all processes of the server, and resolves when it runs again. */
const crash = async (): Promise<void> => {
  const { rows } = await pool.query<{ file: string }>(`select pg_read_file('postmaster.pid') as file`);
  const postmaster = Number.parseInt(rows[0]?.file ?? '', 10);
  const others = await processes();
  // The first is the postmaster, which would start what is missing again.
  for (const pid of [postmaster, ...others.map((other) => other.pid)]) kill(pid);
  await eventually(() => pool.query('select 1'));
};

test('what the server forgot in a crash comes back from the journal', async () => {
  await append(1);
  await settle();
  await stopLogWriters();
  await append(2);
  await writer.drained();
  // The next is written too, and then its session is about to settle.
  const settling = createGate();
  maySettle = settling.passed;
  elapsedMs += SETTLE_EVERY_MS;
  await append(3);
  await writer.drained();
  expect(await storedTimes()).toEqual([1, 2, 3]);

  const opening = createGate();
  mayOpen = opening.passed;
  await crash();
  settling.open();
  expect(await storedTimes()).toEqual([1]);
  opening.open();
  await eventually(async () => expect(await storedTimes()).toEqual([1, 2, 3]));
  await append(4);
  await settle();
  expect(await storedTimes()).toEqual([1, 2, 3, 4]);
});

test('what was trimmed is in a server that crashed, also when no sequence had moved', async () => {
  await append(1);
  await settle();
  await stopLogWriters();
  await append(2);
  await append(3);
  await settle();
  await crash();
  expect(await storedTimes()).toEqual([1, 2, 3]);
});
