import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { NewerWavesError } from '#domain/packed-waves/errors.ts';
import { readStoredWaves } from '../../api/history/stored-waves.ts';
import { type Block, encodeRecord, type Samples, type Source } from '../../ingest/record.ts';
import { createStore } from '../../ingest/store.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

/** What is written of waveforms, and read again as the reviews and exports read it. */

const NOW = Date.UTC(2026, 10, 22, 10);
const ECG = 131_330;
const PLETH = 150_452;

let database: TestDatabase;
let bed: string;
let source: Source;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`insert into units values ('icu', 'Intensive care')`);
});
afterAll(() => database.drop());

beforeEach(async () => {
  bed = `b-${randomUUID()}`;
  source = { device: `m-${bed}`, bed, encounter: null };
  await database.pool.query(`insert into beds values ($1, 'icu', '1')`, [bed]);
  await database.pool.query(`insert into devices (id, unit_id, secret_hash) values ($1, 'icu', '')`, [source.device]);
});

const ecg = (...samples: number[]): Samples => ({ mdc: ECG, rate: 250, samples });
const pleth = (...samples: number[]): Samples => ({ mdc: PLETH, rate: 125, samples });

type Sent = { readonly time?: number; readonly receivedAt?: number; readonly items: readonly Samples[] };

let position = 1n;
const entryOf = ({ time = NOW, receivedAt = NOW, items }: Sent) => {
  const block: Block<Samples> = { time, boot: 'b', seq: -1, late: false, items };
  return { position: position++, bytes: encodeRecord({ kind: 'waves', receivedAt, source, blocks: [block] }) };
};

/** Each call is a batch. */
const write = async (...sent: Sent[]): Promise<void> => {
  const session = await createStore({ database: database.pool, journalId: () => randomUUID() }).open();
  await session.write(sent.map(entryOf)).finally(session.close);
};

const read = async (signals: ('ecg-ii' | 'pleth')[] = ['ecg-ii', 'pleth']) => {
  const request = { bed, signals, from: new Date(NOW - 60_000), to: new Date(NOW + 60_000), maxSamples: 1_000 };
  const { blocks } = await readStoredWaves(database.pool, request);
  return blocks
    .map(({ signal, timeMs, rate, samples }) => `${timeMs - NOW} ${signal} at ${rate}: ${samples.join(' ')}`)
    .sort();
};

const rowsOf = async () => {
  const { rows } = await database.pool.query<{
    received: Date;
    samples: number[];
    count: number | null;
    bytes: number;
  }>(
    `select received_at as received, samples, sample_count as count, octet_length(packed) as bytes
     from waves join series on series_id = series.id where device_id = $1 order by time, signal`,
    [source.device],
  );
  return rows;
};

/** As a program from before packing writes it. */
const writeAsBefore = async (signal: string, samples: number[], receivedAt = NOW) => {
  await database.pool.query(
    `with added as (
       insert into series (device_id, signal, bed_id) values ($1, $2, $3)
       on conflict (device_id, signal, bed_id, encounter_id) do update set signal = excluded.signal returning id
     )
     insert into waves (time, received_at, series_id, rate, late, samples)
     select $4, $5, id, 250, false, $6 from added
     on conflict (series_id, time) do update
     set samples = excluded.samples, rate = excluded.rate, received_at = excluded.received_at, late = excluded.late
     where (waves.samples, waves.rate) is distinct from (excluded.samples, excluded.rate)`,
    [source.device, signal, bed, new Date(NOW), new Date(receivedAt), samples],
  );
};

test('waveforms keep their samples to the bit, and what is missing stays missing', async () => {
  await write(
    { items: [ecg(0.5, Number.NaN, -0.25, -0), pleth(1, 2)] },
    { time: NOW + 1_000, items: [{ ...ecg(1 / 3), rate: 62.5 }] },
  );
  expect(await read()).toEqual([
    `0 ecg-ii at 250: 0.5 NaN -0.25 0`,
    `0 pleth at 125: 1 2`,
    `1000 ecg-ii at 62.5: ${Math.fround(1 / 3)}`,
  ]);
  const { blocks } = await readStoredWaves(database.pool, {
    bed,
    signals: ['ecg-ii'],
    from: new Date(NOW),
    to: new Date(NOW + 1),
    maxSamples: 10,
  });
  expect(Object.is(blocks[0]?.samples[3], -0)).toBe(true);
});

test('what was measured together is one row, and any of it can be asked for alone', async () => {
  await write({ items: [pleth(1, 2), ecg(3)] });
  expect(await rowsOf()).toMatchObject([{ samples: [], count: 3 }]);
  expect(await read(['pleth'])).toEqual(['0 pleth at 125: 1 2']);
});

test('the same again changes nothing, whenever it comes', async () => {
  const sent = { items: [ecg(1, 2), pleth(3)] };
  await write(sent);
  const before = await rowsOf();
  await write({ ...sent, receivedAt: NOW + 5_000 }, { ...sent, receivedAt: NOW + 6_000 });
  expect(await rowsOf()).toEqual(before);
});

test('another of the same time is a correction and wins, within a batch and after it', async () => {
  await write({ items: [ecg(1), pleth(2)] }, { items: [ecg(3), pleth(2)] });
  expect(await read()).toEqual(['0 ecg-ii at 250: 3', '0 pleth at 125: 2']);
  await write({ items: [ecg(4), pleth(2)], receivedAt: NOW + 1 });
  expect(await read()).toEqual(['0 ecg-ii at 250: 4', '0 pleth at 125: 2']);
  await write({ items: [{ ...ecg(4), rate: 500 }, pleth(2)], receivedAt: NOW + 2 });
  expect(await read()).toEqual(['0 ecg-ii at 500: 4', '0 pleth at 125: 2']);
});

test('a correction of one waveform leaves what was measured with it', async () => {
  await write({ items: [ecg(1), pleth(2)] });
  await write({ items: [ecg(3)], receivedAt: NOW + 1 });
  expect(await read()).toEqual(['0 ecg-ii at 250: 3', '0 pleth at 125: 2']);
  await write({ items: [pleth(4)], receivedAt: NOW + 2 });
  expect(await read()).toEqual(['0 ecg-ii at 250: 3', '0 pleth at 125: 4']);
  await write({ items: [ecg(5)], receivedAt: NOW + 3 });
  expect(await read()).toEqual(['0 ecg-ii at 250: 5', '0 pleth at 125: 4']);
});

test('what a program from before packing wrote is read, joined and corrected', async () => {
  await writeAsBefore('ecg-ii', [1, Number.NaN]);
  await writeAsBefore('pleth', [2]);
  expect(await read()).toEqual(['0 ecg-ii at 250: 1 NaN', '0 pleth at 250: 2']);
  await write({ items: [ecg(1, Number.NaN)], receivedAt: NOW + 1 });
  expect(await rowsOf()).toMatchObject([{ samples: [1, Number.NaN], count: null }, { samples: [2] }]);
  await write({ items: [ecg(5), { ...pleth(6), rate: 250 }], receivedAt: NOW + 2 });
  expect(await read()).toEqual(['0 ecg-ii at 250: 5', '0 pleth at 250: 6']);
});

test('what such a program writes over packed waveforms wins for its signal, and the others stay', async () => {
  await write({ items: [ecg(1), pleth(2)] });
  await writeAsBefore('ecg-ii', [3], NOW + 1);
  expect(await read()).toEqual(['0 ecg-ii at 250: 3', '0 pleth at 125: 2']);
  await write({ items: [ecg(4)], receivedAt: NOW + 2 });
  expect(await read()).toEqual(['0 ecg-ii at 250: 4', '0 pleth at 125: 2']);
});

test('a program from before packing reads packed rows as blocks without samples, and goes on to the next page', async () => {
  await write({ items: [ecg(1), pleth(2)] });
  const { rows } = await database.pool.query(
    `select samples, sum(cardinality(samples)) over (order by time)
       - sum(cardinality(samples)) over (partition by time) < 1 as fits
     from waves join series on series_id = series.id where device_id = $1`,
    [source.device],
  );
  expect(rows).toEqual([{ samples: [], fits: true }]);
});

test('damaged bytes are a gap until what they were comes anew, and hold up nothing', async () => {
  await write({ items: [ecg(1)] });
  await database.pool.query(
    `update waves set packed = '\\x01ff' where series_id in (select id from series where device_id = $1)`,
    [source.device],
  );
  await write({ time: NOW + 1_000, items: [ecg(2)] });
  expect(await read()).toEqual(['1000 ecg-ii at 250: 2']);
  await write({ items: [ecg(1)], receivedAt: NOW + 1 }, { time: NOW + 2_000, items: [ecg(3)] });
  expect(await read()).toEqual(['0 ecg-ii at 250: 1', '1000 ecg-ii at 250: 2', '2000 ecg-ii at 250: 3']);
});

test('what a newer program packed is neither guessed at nor written over', async () => {
  await write({ items: [ecg(1)] });
  await database.pool.query(
    `update waves set packed = '\\x0201' where series_id in (select id from series where device_id = $1)`,
    [source.device],
  );
  await expect(read()).rejects.toThrow(NewerWavesError);
  await expect(write({ items: [ecg(1)], receivedAt: NOW + 1 })).rejects.toThrow(NewerWavesError);
  expect(await rowsOf()).toMatchObject([{ bytes: 2 }]);
});
