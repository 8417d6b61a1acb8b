import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBurden } from '../../review/burden.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const DAY = Date.UTC(2026, 10, 20);
const DAY_MS = 86_400_000;
const SECOND = 1_000;

let count = 0;

type Rung = {
  bed: string;
  /** Seconds of the day. */
  at: number;
  lasts?: number | null;
  kind?: string;
  condition?: string;
  priority?: string;
  acknowledgedAfter?: number;
  late?: boolean;
};

const ring = async (unit: string, alarms: readonly Rung[]): Promise<void> => {
  await database.pool.query('insert into units values ($1, $1) on conflict do nothing', [unit]);
  for (const alarm of alarms) {
    const {
      bed,
      at,
      lasts = 20,
      kind = 'spo2-low',
      condition = 'low-limit',
      priority = 'medium',
      late = false,
    } = alarm;
    await database.pool.query('insert into beds values ($1, $2, $1) on conflict do nothing', [bed, unit]);
    const decidedAt = new Date(DAY + at * SECOND);
    const after = (seconds: number | null | undefined) =>
      seconds === null || seconds === undefined ? null : new Date(DAY + (at + seconds) * SECOND);
    await database.pool.query(
      `insert into alarms (id, unit_id, bed_id, kind, condition, type, priority, state, late, started_at, decided_at,
         acknowledged_at, ended_at, config)
       values ($1, $2, $3, $4, $5, 'physiological', $6, $7, $8, $9, $9, $10, $11, '{}')`,
      [
        `a${count++}`,
        unit,
        bed,
        kind,
        condition,
        priority,
        lasts === null ? 'active' : 'ended',
        late,
        decidedAt,
        after(alarm.acknowledgedAfter),
        after(lasts),
      ],
    );
  }
};

const burdenOf = (unit: string, days = 1) =>
  readBurden(database.pool, { unit, fromMs: DAY, toMs: DAY + days * DAY_MS });

test('alarms are counted by bed, day, priority and cause, and late ones apart', async () => {
  await ring('counts', [
    { bed: 'c1', at: 100 },
    { bed: 'c1', at: 3_600 },
    { bed: 'c1', at: 90_000, priority: 'high', condition: 'desaturation' },
    { bed: 'c2', at: 100, kind: 'spo2-signal', condition: 'sensor-off', priority: 'low' },
    { bed: 'c2', at: 700, late: true },
    { bed: 'c1', at: 800, late: true },
    { bed: 'c1', at: -10 },
    { bed: 'c1', at: 2 * 86_400 },
  ]);
  const { rows, total, beds, bedDays } = await burdenOf('counts', 2);
  expect({ beds, bedDays }).toEqual({ beds: 2, bedDays: 4 });
  expect(total).toMatchObject({ alarms: 4, late: 2, byPriority: { low: 1, medium: 2, high: 1 }, perBedDay: 1 });
  expect(
    rows.map(({ bed, day, priority, condition, alarms, late }) => [bed, day, priority, condition, alarms, late]),
  ).toEqual([
    ['c1', '2026-11-20', 'medium', 'low-limit', 2, 1],
    ['c1', '2026-11-21', 'high', 'desaturation', 1, 0],
    ['c2', '2026-11-20', 'low', 'sensor-off', 1, 0],
    ['c2', '2026-11-20', 'medium', 'low-limit', 0, 1],
  ]);
});

test('durations: total, median, the share under 15 s, and what stands for more than a day', async () => {
  await ring('durations', [
    { bed: 'd1', at: 0, lasts: 10 },
    { bed: 'd1', at: 1_000, lasts: 14.999 },
    { bed: 'd1', at: 2_000, lasts: 15 },
    { bed: 'd1', at: 3_000, lasts: 40 },
    // Still there at the end of the range.
    { bed: 'd1', at: 4_000, lasts: null, kind: 'heart-rate-low' },
    { bed: 'd1', at: 5_000, lasts: 90_000, kind: 'device-link', condition: 'device-silent' },
  ]);
  const { total } = await burdenOf('durations', 2);
  expect(total).toMatchObject({ medianMs: 27_500, under15s: 0.4, standingOver24h: 2 });
  expect(total.totalMs).toBeCloseTo((10 + 14.999 + 15 + 40 + (2 * 86_400 - 4_000) + 90_000) * SECOND, 0);
});

test('unacknowledged over 60 s: neither acknowledged nor ended by then', async () => {
  await ring('unseen', [
    { bed: 'u1', at: 0, lasts: 59 },
    { bed: 'u1', at: 1_000, lasts: 61 },
    { bed: 'u1', at: 2_000, lasts: 300, acknowledgedAfter: 60 },
    { bed: 'u1', at: 3_000, lasts: 300, acknowledgedAfter: 61 },
    { bed: 'u1', at: 4_000, lasts: null },
  ]);
  expect((await burdenOf('unseen')).total.unacknowledgedOver60s).toBe(3);
});

test('repeats are of one kind and bed within five minutes of the end; chattering is three in a minute', async () => {
  await ring('repeats', [
    { bed: 'r1', at: -20, lasts: 10 },
    { bed: 'r1', at: 5, lasts: 10 },
    { bed: 'r1', at: 20, lasts: 5 },
    { bed: 'r1', at: 65, lasts: 5 },
    { bed: 'r1', at: 66, lasts: 5, kind: 'spo2-high', condition: 'high-limit' },
    { bed: 'r2', at: 67, lasts: 5 },
    { bed: 'r1', at: 370.001, lasts: 5 },
  ]);
  expect((await burdenOf('repeats')).total).toMatchObject({ alarms: 6, repeatsWithin5min: 3, chattering: 2 });
});

test('the first tenth of beds and causes, the floods of a unit and how it compares', async () => {
  const many = Array.from({ length: 16 }, (_, index) => ({ bed: 't01', at: 3_600 + index * 30, lasts: 5 }));
  const few = Array.from({ length: 9 }, (_, index) => ({
    bed: `t1${index}`,
    at: index * 5_000 + 20_000,
    kind: 'cvp-low',
  }));
  await ring('tops', [...many, ...few]);
  const { topBeds, topCauses, units, benchmarks } = await burdenOf('tops');
  expect(topBeds).toEqual({ of: 10, top: [{ name: 't01', alarms: 16, share: 0.64 }], share: 0.64 });
  expect(topCauses).toMatchObject({ of: 2, top: [{ name: 'spo2 low-limit', alarms: 16 }] });
  // From the eleventh start, after 300 s, until the fifth last, after 330 s, is ten minutes ago and so one of four.
  expect(units).toEqual([
    {
      unit: 'tops',
      beds: 10,
      alarmsPerHour: 1.04,
      load: 'acceptable',
      peakIn10min: 16,
      floods: 1,
      floodMs: (600 + 330 - 300) * SECOND,
      floodShare: 0.0073,
    },
  ]);
  expect(benchmarks).toContainEqual(expect.objectContaining({ name: 'tops: time in flood', measured: '0.7 %' }));
});

test('of nothing there are no shares, and nothing fails', async () => {
  await database.pool.query(`insert into units values ('calm', 'calm'); insert into beds values ('z1', 'calm', '1')`);
  const { total, rows, topBeds, units } = await burdenOf('calm');
  expect(total).toMatchObject({ alarms: 0, medianMs: null, under15s: null, perBedDay: 0 });
  expect({ rows, share: topBeds.share, floods: units[0]?.floods }).toEqual({ rows: [], share: null, floods: 0 });
});
