import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Entry } from '#contracts/ports/journal.ts';
import { VITALS } from '#domain/vitals.ts';
import type { Database } from '#platform/database.ts';
import { type Block, encodeRecord, type JournalRecord, type Reading, type Source } from '../../ingest/record.ts';
import { createStore, type OpenSession } from '../../ingest/store.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
const journalId = randomUUID();
let nextPosition = 1n;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`
    insert into units values ('icu', 'Intensive care');
    insert into beds values ('b1', 'icu', '1');
    insert into patients (mrn, name) values ('1', 'Ada');
    insert into encounters (patient_id, bed_id, started_at) values (1, 'b1', '2026-01-01');
  `);
});

afterAll(() => database.drop());

const createDevice = async (): Promise<Source> => {
  const device = `m-${randomUUID()}`;
  await database.pool.query(`insert into devices (id, unit_id, secret_hash) values ($1, 'icu', '')`, [device]);
  return { device, bed: 'b1', encounter: 1 };
};

const sessions: OpenSession[] = [];

const openSession = async (pool: Database = database.pool): Promise<OpenSession> => {
  const session = await createStore({ database: pool, journalId: () => journalId }).open();
  sessions.push(session);
  return session;
};

afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});

const entries = (...records: JournalRecord[]): Entry[] =>
  records.map((record) => ({ position: nextPosition++, bytes: encodeRecord(record) }));

const NOW = Date.UTC(2026, 10, 22, 10);

const block = <Item>(time: number, items: Item[], more: Partial<Block<Item>> = {}): Block<Item> => ({
  time,
  boot: 'b',
  seq: -1,
  late: false,
  items,
  ...more,
});

const vitals = (source: Source, ...blocks: Block<Reading>[]): JournalRecord => ({
  kind: 'vitals',
  receivedAt: NOW,
  source,
  blocks,
});

const heartRate = (value: number, quality = 0): Reading => ({ mdc: VITALS['heart-rate'].mdc, value, quality });

const readingsOf = async ({ device }: Source) => {
  const { rows } = await database.pool.query(
    `select (extract(epoch from time) * 1000)::float8 as time, unit, bed, patient_id, vital, value, quality, late
     from readings where device = $1 order by vital, time`,
    [device],
  );
  return rows;
};

test('a reading is found again with everything that it is', async () => {
  const source = await createDevice();
  const items = [heartRate(72.5), { mdc: VITALS.spo2.mdc, value: Number.NaN, quality: 1 }];
  await (await openSession()).write(entries(vitals(source, block(NOW - 0.25, items, { late: true }))));
  const common = { time: NOW - 0.25, unit: 'icu', bed: 'b1', patient_id: '1', late: true };
  expect(await readingsOf(source)).toEqual([
    { ...common, vital: 'heart-rate', value: 72.5, quality: 'good' },
    { ...common, vital: 'spo2', value: null, quality: 'questionable' },
  ]);
});

test('the same again is one row, another value of the same time is a correction and wins', async () => {
  const source = await createDevice();
  const session = await openSession();
  const first = entries(vitals(source, block(NOW, [heartRate(70)])));
  expect(await session.write(first)).toEqual({ readings: 1, written: 1, corrected: 0 });
  expect(await session.write(first)).toEqual({ readings: 1, written: 0, corrected: 0 });
  const corrected = await session.write(entries(vitals(source, block(NOW, [heartRate(71)]))));
  expect(corrected).toEqual({ readings: 1, written: 1, corrected: 1 });
  expect(await readingsOf(source)).toMatchObject([{ value: 71 }]);
});

test('the last of one batch wins', async () => {
  const source = await createDevice();
  const batch = entries(
    vitals(source, block(NOW, [heartRate(1)]), block(NOW + 1, [heartRate(5)])),
    vitals(source, block(NOW, [heartRate(2)])),
    vitals(source, block(NOW, [heartRate(3)])),
  );
  await (await openSession()).write(batch);
  expect(await readingsOf(source)).toMatchObject([{ value: 3 }, { value: 5 }]);
});

test('a patient, bed or device of its own is a series of its own, and one that is known is used again', async () => {
  const source = await createDevice();
  const alone: Source = { ...source, bed: null, encounter: null };
  await (await openSession()).write(
    entries(vitals(source, block(NOW, [heartRate(1)])), vitals(alone, block(NOW, [heartRate(2)]))),
  );
  await (await openSession()).write(entries(vitals(alone, block(NOW + 1, [heartRate(3)]))));
  const { rows } = await database.pool.query(
    `select bed_id, encounter_id, count(*)::int from series join vitals on series_id = series.id
     where device_id = $1 group by series.id, bed_id, encounter_id order by bed_id`,
    [source.device],
  );
  expect(rows).toEqual([
    { bed_id: 'b1', encounter_id: 1, count: 1 },
    { bed_id: null, encounter_id: null, count: 2 },
  ]);
});

test('what was refused is kept once, whatever bytes it was made of', async () => {
  const { device } = await createDevice();
  const payload = Buffer.from([0, 1, 255]);
  const batch = entries({
    kind: 'reject',
    receivedAt: NOW,
    topic: 'a\0b',
    device,
    reason: 'payload-malformed',
    detail: 'it\0 "said" {so}, \\ and more',
    payload,
    payloadBytes: 3_000,
  });
  const session = await openSession();
  await session.write(batch);
  await session.write(batch);
  const { rows } = await database.pool.query(
    'select topic, reason, detail, payload, payload_bytes from rejected_messages where device_id = $1',
    [device],
  );
  expect(rows).toEqual([
    {
      topic: 'a␀b',
      reason: 'payload-malformed',
      detail: 'it␀ "said" {so}, \\ and more',
      payload,
      payload_bytes: 3_000,
    },
  ]);
});

test('gaps are opened, shrunk and closed, and a new process goes on where the last one was', async () => {
  const source = await createDevice();
  const arrive = async (...seqs: number[]) => {
    const session = await openSession();
    await session.write(entries(vitals(source, ...seqs.map((seq) => block(NOW + seq, [heartRate(70)], { seq })))));
    await session.settle();
    session.close();
  };
  const gaps = async () => {
    const { rows } = await database.pool.query(
      `select from_seq, to_seq, remaining::text, closed_at is not null as closed from gaps where device_id = $1 order by 1`,
      [source.device],
    );
    return rows;
  };
  await arrive(10, 11);
  expect(await gaps()).toEqual([]);
  await arrive(15);
  expect(await gaps()).toEqual([{ from_seq: '12', to_seq: '14', remaining: '{[12,15)}', closed: false }]);
  await arrive(13);
  expect(await gaps()).toEqual([{ from_seq: '12', to_seq: '14', remaining: '{[12,13),[14,15)}', closed: false }]);
  await arrive(14, 12, 16);
  expect(await gaps()).toEqual([{ from_seq: '12', to_seq: '14', remaining: '{}', closed: true }]);
});

test('a batch with a series that cannot be leaves nothing behind, and what is good of it can be written', async () => {
  const source = await createDevice();
  const stranger: Source = { device: 'nobody', bed: null, encounter: null };
  const session = await openSession();
  const batch = entries(vitals(source, block(NOW, [heartRate(70)])), vitals(stranger, block(NOW, [heartRate(70)])));
  await expect(session.write(batch)).rejects.toThrow(/foreign key/);
  expect(await readingsOf(source)).toEqual([]);
  await session.write(batch.slice(0, 1));
  expect(await readingsOf(source)).toHaveLength(1);
});

const replacedOf = async ({ device }: Source) => {
  const { rows } = await database.pool.query(
    `select vitals_replaced.value, (extract(epoch from received_at) * 1000)::float8 as received
     from vitals_replaced join series on series.id = series_id where device_id = $1 order by received_at, value`,
    [device],
  );
  return rows;
};

test('what a correction replaces is kept, once, and a batch that is run again replaces nothing', async () => {
  const source = await createDevice();
  const session = await openSession();
  const batches = [70, 71, 71, 72].map((value, index) =>
    entries({ ...vitals(source, block(NOW, [heartRate(value)])), receivedAt: NOW + index }),
  );
  for (const batch of batches) await session.write(batch);
  const replaced = [
    { value: 70, received: NOW },
    { value: 71, received: NOW + 1 },
  ];
  expect(await replacedOf(source)).toEqual(replaced);
  for (const batch of batches) await session.write(batch);
  expect(await replacedOf(source)).toEqual(replaced);
  expect(await readingsOf(source)).toMatchObject([{ value: 72 }]);
});

test('a value that came and was corrected within one batch is kept too', async () => {
  const source = await createDevice();
  const batch = [1, 2, 3].flatMap((value) =>
    entries({ ...vitals(source, block(NOW, [heartRate(value)])), receivedAt: NOW + value }),
  );
  const session = await openSession();
  await session.write(batch);
  await session.write(batch);
  expect(await replacedOf(source)).toEqual([
    { value: 1, received: NOW + 1 },
    { value: 2, received: NOW + 2 },
  ]);
  expect(await readingsOf(source)).toMatchObject([{ value: 3 }]);
});
