import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { readEdf } from '../support/edf-reader.ts';
import { addSeries } from '../support/history.ts';

let database: TestDatabase;
let api: TestApi;
const START_MS = Date.parse('2026-06-01T10:00:00Z');
const iso = (ms: number) => new Date(ms).toISOString();

const addBlocks = async (bed: string, signal: string, rate: number, seconds: readonly number[]): Promise<void> => {
  const series = await addSeries(database.pool, bed, signal);
  for (const second of seconds) {
    const samples = Array.from({ length: rate }, (_, place) => second + place / rate);
    await database.pool.query(
      `insert into waves (time, received_at, series_id, rate, late, samples)
       values (to_timestamp($1), now(), $2, $3, false, $4)`,
      [START_MS / 1_000 + second, series, rate, samples],
    );
  }
};

beforeAll(async () => {
  database = await createTestDatabase();
  api = await startApi({ database: database.pool });
  await addBlocks('edf-01', 'ecg-ii', 250, [5, 6, 7, 20, 21]);
  await addBlocks('edf-01', 'resp', 50, [5, 6, 7, 20]);
  await database.pool.query(
    `insert into alarms (id, bed_id, kind, condition, vital, type, priority, state, started_at, decided_at, ended_at, config)
     values ('a1', 'edf-01', 'heart-rate-low', 'extreme-bradycardia', 'heart-rate', 'physiological', 'high', 'ended',
       $1::timestamptz, $1::timestamptz, $1::timestamptz + interval '2 s', '{}')`,
    [iso(START_MS + 6_500)],
  );
});
afterAll(async () => {
  await api?.stop();
  await database?.drop();
});

const ask = (bed: string, fromMs: number, toMs: number, more = '') =>
  api.ask(`/api/v1/beds/${bed}/recording.edf?from=${iso(fromMs)}&to=${iso(toMs)}${more}`);

describe('the recording of a bed', () => {
  it('is EDF+ of what is stored, with its gap, its alarms, and its length told before', async () => {
    const response = await ask('edf-01', START_MS, START_MS + 60_000);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/edf');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    const { header, signals, onsets, annotations, values } = readEdf(bytes);
    expect(header).toMatchObject({ reserved: 'EDF+D', records: 5, time: '10.00.05', patient: 'X X X X' });
    expect(signals.map(({ label, dimension }) => `${label} ${dimension}`)).toEqual([
      'ECG II mV',
      'Resp Ohm',
      'EDF Annotations ',
    ]);
    expect(onsets).toEqual([0, 1, 2, 15, 16]);
    expect(annotations).toEqual([{ onset: 1.5, duration: 2, texts: ['Alarm (high): Heart rate Extreme bradycardia'] }]);
    const [ecg = [], resp = []] = values;
    expect(ecg[0]).toBeCloseTo(5, 2);
    expect(ecg[250 + 125]).toBeCloseTo(6.5, 2);
    expect(ecg[3 * 250 + 25]).toBeCloseTo(20.1, 2);
    expect(resp[3 * 50]).toBeCloseTo(20, 2);
    expect(resp[4 * 50]).toBe(signals[1]?.physical[0]);
  });

  it('has blocks whose stamps wobble without a hole between them', async () => {
    const wobble = [0, 1.03, 1.98, 3.01];
    await addBlocks('edf-02', 'pleth', 100, wobble);
    const { values, signals } = readEdf(
      Buffer.from(await (await ask('edf-02', START_MS, START_MS + 60_000)).arrayBuffer()),
    );
    const missing = values[0]?.slice(0, 400).filter((value) => value === signals[0]?.physical[0]);
    expect(missing).toEqual([]);
  });

  it('has the signals that were asked for', async () => {
    const response = await ask('edf-01', START_MS, START_MS + 60_000, '&signals=resp');
    expect(readEdf(Buffer.from(await response.arrayBuffer())).signals.map(({ label }) => label)).toEqual([
      'Resp',
      'EDF Annotations',
    ]);
  });

  it('is refused when there is none, when it is too long, and of a bed that does not exist', async () => {
    expect((await ask('edf-01', START_MS + 3_600_000, START_MS + 7_200_000)).status).toBe(404);
    expect((await ask('edf-01', START_MS, START_MS + 25 * 3_600_000)).status).toBe(400);
    expect((await ask('none', START_MS, START_MS + 1_000)).status).toBe(404);
  });
});
