import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { TrendPoint as TrendPointSchema } from '#contracts/http/trends.ts';
import { bucketWidthMs } from '../../../api/history/trends.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { addReadings, addSeries, type StoredReading } from '../support/history.ts';

/** A trend as it is on the wire. */
type TrendPoint = z.input<typeof TrendPointSchema>;

let database: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  database = await createTestDatabase();
  api = await startApi({ database: database.pool });
});
afterAll(async () => {
  await api?.stop();
  await database?.drop();
});

const START_MS = Date.parse('2026-06-01T10:00:00Z');
const HOUR_MS = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

const trends = async (bed: string, fromMs: number, toMs: number, rest = '') => {
  const response = await api.ask(`/api/v1/beds/${bed}/trends?from=${iso(fromMs)}&to=${iso(toMs)}${rest}`);
  expect(response.status).toBe(200);
  return response.json();
};

/** The same, the slow way. */
const naive = (readings: readonly StoredReading[], fromMs: number, toMs: number, bucketMs: number): TrendPoint[] => {
  const buckets = new Map<number, number[]>();
  for (const { timeMs, value, quality } of readings) {
    if (value === null || quality === 2 || timeMs < fromMs || timeMs >= toMs) continue;
    const start = Math.floor(timeMs / bucketMs) * bucketMs;
    buckets.set(start, [...(buckets.get(start) ?? []), value]);
  }
  return [...buckets.entries()]
    .sort(([left], [right]) => left - right)
    .map(([start, values]) => ({
      time: iso(start),
      min: Math.min(...values),
      avg: values.reduce((sum, value) => sum + value, 0) / values.length,
      max: Math.max(...values),
    }));
};

describe('a trend', () => {
  it('keeps the lowest and the highest of all readings, in no more points than asked for', async () => {
    let bedNumber = 0;
    const reading = fc.record({
      timeMs: fc.integer({ min: 0, max: 2 * HOUR_MS }).map((offset) => START_MS + offset),
      value: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 0, max: 300 }) },
        { weight: 1, arbitrary: fc.constant(null) },
      ),
      quality: fc.constantFrom(0 as const, 0 as const, 1 as const, 2 as const),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(reading, { selector: ({ timeMs }) => timeMs, maxLength: 300 }),
        fc.integer({ min: 0, max: HOUR_MS }),
        fc.integer({ min: 1_000, max: HOUR_MS }),
        fc.integer({ min: 2, max: 100 }),
        async (readings, offset, length, points) => {
          const bed = `bed-${++bedNumber}`;
          await addReadings(database.pool, await addSeries(database.pool, bed, 'heart-rate'), readings);
          const [fromMs, toMs] = [START_MS + offset, START_MS + offset + length];
          const answer = await trends(bed, fromMs, toMs, `&vitals=heart-rate&points=${points}`);
          const found: TrendPoint[] = answer.vitals['heart-rate'];
          const expected = naive(readings, fromMs, toMs, answer.bucketMs);
          expect(found.length).toBeLessThanOrEqual(points);
          expect(found.map(({ time, min, max }) => ({ time, min, max }))).toEqual(
            expected.map(({ time, min, max }) => ({ time, min, max })),
          );
          found.forEach(({ avg }, index) => {
            expect(avg).toBeCloseTo(expected[index]?.avg ?? Number.NaN, 9);
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('never needs more buckets than asked for, wherever the window lies', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2e12 }),
        fc.integer({ min: 1, max: 400 * 24 * HOUR_MS }),
        fc.integer({ min: 2, max: 5_000 }),
        fc.constantFrom('raw' as const, '1m' as const),
        (fromMs, lengthMs, points, resolution) => {
          const toMs = fromMs + lengthMs;
          const widthMs = bucketWidthMs({ fromMs, toMs, points }, resolution);
          const firstMs = resolution === '1m' ? Math.floor(fromMs / 60_000) * 60_000 : fromMs;
          expect(Math.floor((toMs - 1) / widthMs) - Math.floor(firstMs / widthMs) + 1).toBeLessThanOrEqual(points);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('leaves a gap where nothing was measured, and has every vital asked for', async () => {
    const series = await addSeries(database.pool, 'gap-01', 'spo2');
    await addReadings(database.pool, series, [
      { timeMs: START_MS, value: 97 },
      { timeMs: START_MS + 50 * 60_000, value: 93 },
    ]);
    const { vitals, bucketMs } = await trends(
      'gap-01',
      START_MS,
      START_MS + HOUR_MS,
      '&vitals=spo2,temperature&points=61',
    );
    expect(bucketMs).toBe(60_000);
    expect(vitals).toEqual({
      spo2: [
        { time: iso(START_MS), min: 97, avg: 97, max: 97 },
        { time: iso(START_MS + 50 * 60_000), min: 93, avg: 93, max: 93 },
      ],
      temperature: [],
    });
  });

  it('of a bed whose device was changed is one curve', async () => {
    const [one, two] = [
      await addSeries(database.pool, 'two-01', 'heart-rate', 'first'),
      await addSeries(database.pool, 'two-01', 'heart-rate', 'second'),
    ];
    await addReadings(database.pool, one, [{ timeMs: START_MS, value: 60 }]);
    await addReadings(database.pool, two, [{ timeMs: START_MS + 1_000, value: 90 }]);
    const { vitals } = await trends('two-01', START_MS, START_MS + HOUR_MS, '&vitals=heart-rate&points=2');
    expect(vitals['heart-rate']).toEqual([{ time: expect.any(String), min: 60, avg: 75, max: 90 }]);
  });

  it('over a long range is the same from rollups as from readings, and says which it was', async () => {
    const series = await addSeries(database.pool, 'long-01', 'heart-rate');
    const readings = Array.from({ length: 2_000 }, (_, index) => ({
      timeMs: START_MS + index * 20_000,
      value: (index * 37) % 200,
      quality: index % 7 === 0 ? (2 as const) : (0 as const),
    }));
    await addReadings(database.pool, series, readings);
    const answer = await trends('long-01', START_MS, START_MS + 12 * HOUR_MS, '&vitals=heart-rate&points=100');
    expect(answer.resolution).toBe(database.level === 'community' ? '1m' : 'raw');
    const expected = naive(readings, START_MS, START_MS + 12 * HOUR_MS, answer.bucketMs);
    expect(answer.vitals['heart-rate'].map(({ min, max }: TrendPoint) => [min, max])).toEqual(
      expected.map(({ min, max }) => [min, max]),
    );
  });

  it('of a bed that does not exist is a 404, and of one without readings is empty', async () => {
    await addSeries(database.pool, 'empty-01', 'heart-rate');
    expect((await api.ask(`/api/v1/beds/none/trends?from=${iso(START_MS)}`)).status).toBe(404);
    const { vitals } = await trends('empty-01', START_MS, START_MS + HOUR_MS);
    expect(Object.values(vitals).flat()).toEqual([]);
  });
});
