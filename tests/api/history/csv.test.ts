import { get, type IncomingMessage } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { addReadings, addSeries } from '../support/history.ts';

let database: TestDatabase;
let api: TestApi;
const START_MS = Date.parse('2026-06-01T10:00:00Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const iso = (ms: number) => new Date(ms).toISOString();

beforeAll(async () => {
  database = await createTestDatabase();
  api = await startApi({ database: database.pool });
});
afterAll(async () => {
  await api?.stop();
  await database?.drop();
});

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** What is really held, garbage apart. */
const heldBytes = (): number => {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const path = (bed: string, fromMs: number, toMs: number) =>
  `/api/v1/beds/${bed}/readings.csv?from=${iso(fromMs)}&to=${iso(toMs)}`;

const openStream = async (address: string): Promise<IncomingMessage> => {
  const headers = await api.authorization('viewer');
  return new Promise((resolve, reject) => get(`${api.url}${address}`, { headers }, resolve).on('error', reject));
};

/** Half a day of eight series at 1 Hz: some 350,000 rows and 25 MB of text. */
const addBusyHalfDay = async (bed: string): Promise<void> => {
  for (let index = 0; index < 8; index++) {
    const series = await addSeries(database.pool, bed, 'heart-rate', `${bed}-${index}`);
    await database.pool.query(
      `insert into vitals select to_timestamp($2 / 1000.0 + n), now(), n % 200, $1, 0, false
       from generate_series(0, 43199) as n`,
      [series, START_MS],
    );
  }
};

describe('the export of a bed', () => {
  it('is CSV with a header, by time, and empty where there is no value', async () => {
    const [rate, spo2] = [
      await addSeries(database.pool, 'csv-01', 'heart-rate'),
      await addSeries(database.pool, 'csv-01', 'spo2'),
    ];
    await addReadings(database.pool, rate, [
      { timeMs: START_MS, value: 72 },
      { timeMs: START_MS + 3 * HOUR_MS, value: null, quality: 2 },
    ]);
    await addReadings(database.pool, spo2, [{ timeMs: START_MS + 1_500, value: 97.5, quality: 1 }]);
    const response = await api.ask(path('csv-01', START_MS, START_MS + DAY_MS));
    expect(response.headers.get('content-type')).toContain('text/csv');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="csv-01.csv"');
    expect(await response.text()).toBe(
      [
        'time,unit,bed,device,patient_id,vital,value,quality,late',
        '2026-06-01T10:00:00.000Z,icu,csv-01,csv-01-monitor,,heart-rate,72,good,false',
        '2026-06-01T10:00:01.500Z,icu,csv-01,csv-01-monitor,,spo2,97.5,questionable,false',
        '2026-06-01T13:00:00.000Z,icu,csv-01,csv-01-monitor,,heart-rate,,invalid,false',
        '',
      ].join('\r\n'),
    );
  });

  it('of a bed that does not exist is a 404', async () => {
    expect((await api.ask(path('none', START_MS, START_MS + DAY_MS))).status).toBe(404);
  });

  it('of a big range waits for its reader, has all rows, and ends when the reader leaves', async () => {
    await addBusyHalfDay('csv-02');
    const inUse = () => database.pool.totalCount - database.pool.idleCount;

    const csv = path('csv-02', START_MS, START_MS + DAY_MS);
    const before = heldBytes();
    const stalled = await openStream(csv);
    stalled.pause();
    let rows = 0;
    let bytes = 0;
    for await (const chunk of await openStream(csv)) {
      for (const byte of chunk) if (byte === 10) rows += 1;
      bytes += chunk.length;
    }
    expect(rows).toBe(8 * 43_200 + 1);
    expect(bytes).toBeGreaterThan(20e6);
    // By now the stalled one would have come as far, had it not waited: its text would be held here, and go on being held.
    // What the other one leaves is let go of soon after its end.
    await expect.poll(() => heldBytes() - before, { interval: 200, timeout: 5_000 }).toBeLessThan(bytes / 2);

    expect(inUse()).toBe(1);
    const more = [await openStream(csv), await openStream(csv)].map((stream) => stream.pause());
    expect((await api.ask(csv)).status).toBe(503);
    for (const stream of [stalled, ...more]) stream.destroy();
    await expect.poll(inUse).toBe(0);
  });
});
