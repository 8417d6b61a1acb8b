import { afterAll, beforeAll, expect, test } from 'vitest';
import { monitoredMs } from '../../review/monitored.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const DAY = Date.UTC(2026, 10, 20);
const HOUR_MS = 3_600_000;
const at = (hours: number) => new Date(DAY + hours * HOUR_MS);
const query = (text: string, values: readonly unknown[] = []) => database.pool.query(text, [...values]);

/** A device that sends at each of these hours. */
const stand = async (device: string, signal: string, hours: readonly number[]): Promise<void> => {
  await query(`insert into devices (id, unit_id, secret_hash) values ($1, 'icu', '')`, [device]);
  await query(`insert into device_assignments (device_id, bed_id, started_at) values ($1, 'b1', $2)`, [device, at(0)]);
  await query(
    `with line as (insert into series (device_id, signal, bed_id) values ($1, $2, 'b1') returning id)
     insert into vitals (time, received_at, value, series_id, quality, late)
     select time, time, 90, line.id, 0, false from line, unnest($3::timestamptz[]) as time`,
    [device, signal, hours.map(at)],
  );
};

/** It was silent from and to these hours; `device` null: as it was told before alarms named devices. */
const silence = (device: string | null, [from, to]: readonly [number, number]) =>
  query(
    `insert into alarms (id, unit_id, bed_id, device_id, kind, condition, type, priority, state, started_at, decided_at,
       ended_at, config)
     values (gen_random_uuid(), 'icu', 'b1', $1, 'device-link', 'device-silent', 'technical', 'medium', 'ended', $2, $2, $3, '{}')`,
    [device, at(from), at(to)],
  );

test('a bed with two devices is monitored while one of them is heard', async () => {
  await query(`insert into units values ('icu', 'icu')`);
  await query(`insert into beds values ('b1', 'icu', 'b1')`);
  await query(`insert into patients (name) values ('Ada')`);
  await query(
    `insert into encounters (patient_id, bed_id, started_at, ended_at) select id, 'b1', $1, $2 from patients`,
    [at(0), at(24)],
  );
  const hours = async () => (await monitoredMs(database.pool, ['icu', null, at(0), at(24)])) / HOUR_MS;
  await stand('monitor-1', 'spo2', [0, 12]);
  await silence('monitor-1', [6, 11]);
  expect(await hours()).toBeCloseTo(7, 6);
  await stand('vent-1', 'respiratory-rate', [9, 18]);
  // 0 to 6, and 9 to 18.
  expect(await hours()).toBeCloseTo(15, 6);
  await silence(null, [1, 2]);
  expect(await hours()).toBeCloseTo(14, 6);
});
