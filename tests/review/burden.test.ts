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
  expect(total).toMatchObject({ alarms: 4, late: 2, byPriority: { low: 1, medium: 2, high: 1 } });
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
  expect(total).toMatchObject({
    alarms: 0,
    medianMs: null,
    under15s: null,
    perBedDay: null,
    announcementsPerBedDay: null,
  });
  expect({ rows, share: topBeds.share, floods: units[0]?.floods }).toEqual({ rows: [], share: null, floods: 0 });
});

/** A bed with a patient and a device that sends every second, from and to hours of the day. */
const monitor = async (bed: string, { patient, device }: { patient: [number, number]; device: [number, number] }) => {
  const at = (hours: number) => new Date(DAY + hours * 3_600_000);
  const monitorId = `${bed}-monitor`;
  const query = <Row extends object>(text: string, values: readonly unknown[]) =>
    database.pool.query<Row>(text, [...values]).then(({ rows }) => rows);
  await query('insert into devices (id, unit_id, secret_hash) select $1, unit_id, $2 from beds where id = $3', [
    monitorId,
    '',
    bed,
  ]);
  const [person] = await query<{ id: number }>('insert into patients (name) values ($1) returning id', [bed]);
  await query('insert into encounters (patient_id, bed_id, started_at, ended_at) values ($1, $2, $3, $4)', [
    person?.id,
    bed,
    ...patient.map(at),
  ]);
  await query('insert into device_assignments (device_id, bed_id, started_at, ended_at) values ($1, $2, $3, $4)', [
    monitorId,
    bed,
    at(0),
    at(7 * 24),
  ]);
  const [series] = await query<{ id: number }>(
    `insert into series (device_id, signal, bed_id) values ($1, 'spo2', $2) returning id`,
    [monitorId, bed],
  );
  for (const hour of device) {
    await query(
      `insert into vitals (time, received_at, value, series_id, quality, late) values ($1, $1, 97, $2, 0, false)`,
      [at(hour), series?.id],
    );
  }
  return { series: series?.id ?? 0, at };
};

const announce = async (bed: string, times: readonly [seconds: number, type: string][]) => {
  for (const [place, [seconds, type]] of times.entries()) {
    const alarm = { kind: 'spo2-low', condition: 'low-limit', priority: 'medium' };
    await database.pool.query(
      `insert into alarm_events (journal_id, journal_seq, place, at, unit_id, bed_id, type, detail)
       select gen_random_uuid(), 1, $2, $3, unit_id, id, $4, $5 from beds where id = $1`,
      [bed, place, new Date(DAY + seconds * SECOND), type, { alarm }],
    );
  }
};

test('what people hear is counted beside the episodes: each onset, escalation and recurrence', async () => {
  await ring('heard', [{ bed: 'h1', at: 100, lasts: 3_600 }]);
  const again = Array.from({ length: 114 }, (_, index): [number, string] => [130 + index * 30, 'recurred']);
  await announce('h1', [[100, 'onset'], [120, 'escalated'], [125, 'acknowledged'], ...again, [3_700, 'ended']]);
  const { total, rows } = await burdenOf('heard');
  expect(total).toMatchObject({ alarms: 1, announcements: 116 });
  expect(rows).toMatchObject([{ bed: 'h1', alarms: 1, announcements: 116 }]);
});

test('both are divided by the time in which a patient lay in a bed whose device was heard', async () => {
  await ring('divided', [
    { bed: 'm1', at: 100, lasts: 10 },
    { bed: 'm1', at: 50_000, lasts: 10 },
    { bed: 'm2', at: 100, kind: 'cvp-low' },
    // Nobody ever lay in it, and nothing was connected.
    { bed: 'm3', at: 100, kind: 'device-link', condition: 'device-silent', lasts: 1 },
  ]);
  // A patient for 12 hours, the device heard from the sixth to the eighteenth hour: six in common.
  await monitor('m1', { patient: [0, 12], device: [6, 18] });
  // A patient all day, a device that was silent for six hours of twelve.
  await monitor('m2', { patient: [0, 24], device: [0, 12] });
  await ring('divided', [{ bed: 'm2', at: 3_600, lasts: 6 * 3_600, kind: 'device-link', condition: 'device-silent' }]);
  await announce('m1', [
    [100, 'onset'],
    [200, 'recurred'],
    [50_000, 'onset'],
  ]);
  const { total, bedDays, monitoredBedDays } = await burdenOf('divided');
  expect({ bedDays, monitoredBedDays }).toEqual({ bedDays: 3, monitoredBedDays: 0.5 });
  expect(total).toMatchObject({ alarms: 5, perBedDay: 10, announcements: 3, announcementsPerBedDay: 6 });
});

test('the time in which the station did not run is nobody’s monitoring', async () => {
  // A day on which nothing else tells that it lived.
  const day = 5 * 24;
  await ring('stopped', [{ bed: 's1', at: day * 3_600 + 100, lasts: 10 }]);
  const { at } = await monitor('s1', { patient: [day, day + 24], device: [day, day + 23.999] });
  await database.pool.query(
    `insert into alarm_inputs (journal_id, journal_seq, place, at, bed_id, type, input)
     values (gen_random_uuid(), 1, 0, $1, null, 'station', '{}'), (gen_random_uuid(), 2, 0, $2, null, 'resumed', '{}')`,
    [at(day + 6), at(day + 18)],
  );
  const { monitoredBedDays } = await readBurden(database.pool, {
    unit: 'stopped',
    fromMs: at(day).getTime(),
    toMs: at(day + 24).getTime(),
  });
  expect(monitoredBedDays).toBeCloseTo(0.5, 3);
});

test('late readings that were not scored, or by settings that were assumed, are named', async () => {
  await ring('caveats', [
    { bed: 'q1', at: 100 },
    { bed: 'q2', at: 100 },
  ]);
  const { series, at } = await monitor('q1', { patient: [0, 24], device: [0, 23] });
  await database.pool.query(
    `insert into vitals (time, received_at, value, series_id, quality, late) values ($1, $2, 70, $3, 0, true)`,
    [at(3), at(5), series],
  );
  await database.pool.query(
    `insert into series (device_id, signal) values ('q1-monitor', 'spo2');
     insert into late_assumptions values ('q2', '2026-11-20T01:00Z', '2026-11-20T02:00Z', 'preset', 'adult')`,
  );
  await database.pool.query(
    `insert into vitals (time, received_at, value, series_id, quality, late)
     select $1, $2, 70, id, 0, true from series where device_id = 'q1-monitor' and bed_id is null`,
    [at(4), at(5)],
  );
  expect((await burdenOf('caveats')).lateDoubts).toMatchObject([
    { bed: 'q2', why: 'preset', ageGroup: 'adult', from: at(1).toISOString(), to: at(2).toISOString() },
    { bed: 'q1', why: 'waiting', from: at(3).toISOString() },
    { bed: null, device: 'q1-monitor', why: 'no-bed', from: at(4).toISOString() },
  ]);
  await database.pool.query(`insert into late_scores values ('q1', $1)`, [at(5)]);
  expect((await burdenOf('caveats')).lateDoubts.map(({ why }) => why)).toEqual(['preset', 'no-bed']);
});
