import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packWaves } from '#domain/packed-waves/packed-waves.ts';
import { WAVES } from '#domain/waveforms.ts';
import { readWaves } from '../../../api/history/waves.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { addSeries } from '../support/history.ts';

let database: TestDatabase;
let api: TestApi;
const START_MS = Date.parse('2026-06-01T10:00:00Z');
const BLOCKS = 60;
const iso = (ms: number) => new Date(ms).toISOString();

/** A minute of two signals, a block of 10 samples each a second; the third sample of each is missing. */
beforeAll(async () => {
  database = await createTestDatabase();
  api = await startApi({ database: database.pool });
  for (const signal of ['ecg-ii', 'pleth']) {
    const series = await addSeries(database.pool, 'icu-01', signal);
    await database.pool.query(
      `insert into waves (time, received_at, series_id, rate, late, samples)
       select to_timestamp($2 / 1000.0 + n), now(), $1, 10, false,
         array[n, 0.5, 'NaN', 0.25, 0, 0, 0, 0, 0, 0]::real[]
       from generate_series(0, ${BLOCKS - 1}) as n`,
      [series, START_MS],
    );
  }
});
afterAll(async () => {
  await api?.stop();
  await database?.drop();
});

const review = async (query: string) => {
  const response = await api.ask(`/api/v1/beds/icu-01/waves?${query}`);
  expect(response.status).toBe(200);
  return response.json();
};

describe('a review of waveforms', () => {
  it('has the blocks that start in the range, by time, with missing samples as null', async () => {
    const { blocks, next } = await review(`from=${iso(START_MS + 1_000)}&to=${iso(START_MS + 3_000)}&signals=pleth`);
    expect(next).toBeNull();
    expect(blocks).toEqual(
      [1, 2].map((second) => ({
        signal: 'pleth',
        device: 'icu-01-monitor',
        time: iso(START_MS + second * 1_000),
        rate: 10,
        samples: [second, 0.5, null, 0.25, 0, 0, 0, 0, 0, 0],
      })),
    );
  });

  it('has all signals when none is named', async () => {
    const { blocks } = await review(`from=${iso(START_MS)}&to=${iso(START_MS + 60_000)}`);
    expect(blocks).toHaveLength(2 * BLOCKS);
  });

  it('goes on from page to page without losing or repeating a block', async () => {
    const request = { bed: 'icu-01', signals: ['ecg-ii', 'pleth'] as const, to: new Date(START_MS + 60_000) };
    const seen: string[] = [];
    let pages = 0;
    for (let from: number | null = START_MS; from !== null; pages++) {
      const page = await readWaves(database.pool, { ...request, from: new Date(from), maxSamples: 95 });
      const samples = page.blocks.reduce((sum, block) => sum + block.samples.length, 0);
      expect(samples).toBeLessThanOrEqual(100);
      seen.push(...page.blocks.map(({ signal, time }) => `${signal} ${time}`));
      from = page.next;
    }
    expect(pages).toBe(12);
    expect(seen).toHaveLength(2 * BLOCKS);
    expect(new Set(seen).size).toBe(2 * BLOCKS);
  });

  it('tells of packed samples what it tells of those that were stored before packing', async () => {
    const samples = [0.1, 1 / 3, -0.005, 1e-7, 123_456.78, Number.NaN, 100];
    const stored = await addSeries(database.pool, 'icu-02', 'ecg-ii');
    const packed = await addSeries(database.pool, 'icu-03', 'ecg-ii');
    const rate = Math.fround(0.3);
    await database.pool.query(
      `insert into waves (time, received_at, series_id, rate, late, samples, sample_count, packed)
       values ($1, now(), $2, $4, false, $5, null, null), ($1, now(), $3, $4, false, '{}', $6, $7)`,
      [
        iso(START_MS),
        stored,
        packed,
        rate,
        samples,
        samples.length,
        Buffer.from(packWaves([{ mdc: WAVES['ecg-ii'].mdc, rate, samples: Float32Array.from(samples) }])),
      ],
    );
    const [before, since] = await Promise.all(
      ['icu-02', 'icu-03'].map(async (bed) => {
        const answer = await api.ask(`/api/v1/beds/${bed}/waves?from=${iso(START_MS)}&to=${iso(START_MS + 1_000)}`);
        return (await answer.json()).blocks.map(({ device: _, ...block }: { device: string }) => block);
      }),
    );
    expect(before).toMatchObject([{ rate: 0.3, samples: [0.1, 0.33333334, -0.005, 1e-7, 123_456.78, null, 100] }]);
    expect(since).toEqual(before);
  });

  it('of a bed that does not exist is a 404', async () => {
    expect((await api.ask(`/api/v1/beds/none/waves?from=${iso(START_MS)}`)).status).toBe(404);
  });
});
