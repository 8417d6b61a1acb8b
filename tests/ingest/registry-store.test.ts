import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PRESET_REVISION } from '#domain/alarms/settings.ts';
import { indexRegistry } from '../../ingest/registry.ts';
import { loadRegistry, readRegistryCopy, writeRegistryCopy } from '../../ingest/registry-store.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardwatch-registry-'));
  database = await createTestDatabase();
  await database.pool.query(`
    insert into units values ('icu', 'Intensive care');
    insert into beds values ('b1', 'icu', '1'), ('b2', 'icu', '2');
    insert into patients (name, age_group) values ('Ada', 'neonatal'), ('Grace', 'adult');
    insert into encounters (patient_id, bed_id, started_at, ended_at)
    values (1, 'b1', '2026-01-01Z', null), (2, 'b2', now() - interval '2 days', now() - interval '1 day')`);
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

test('of alarm settings those in force are loaded, the same from the database and from the copy on disk', async () => {
  await database.pool.query(`
    insert into alarm_settings (unit_id, age_group, encounter_id, overrides, reason, author) values
      ('icu', 'adult', null, '{ "batteryLowPercent": 10 }', 'because', 'Ada'),
      ('icu', 'neonatal', null, '{ "batteryLowPercent": 11 }', 'because', 'Ada'),
      (null, null, 1, '{ "vitals": { "spo2": { "low": 86 } } }', 'because', 'Ada'),
      (null, null, 2, '{ "batteryLowPercent": 12 }', 'of a stay that is over', 'Ada'),
      ('icu', 'adult', null, '{ "batteryLowPercent": 13 }', 'second thoughts', 'Ada'),
      ('icu', 'neonatal', null, '{}', 'as the preset again', 'Ada')`);
  const loaded = await loadRegistry(database.pool, 30);
  const scope = { unit: null, ageGroup: null, encounter: null, format: 1 };
  expect(loaded.alarmSettings).toEqual([
    { ...scope, version: 3, encounter: 1, overrides: { vitals: { spo2: { low: 86 } } } },
    { ...scope, version: 5, unit: 'icu', ageGroup: 'adult', overrides: { batteryLowPercent: 13 } },
    { ...scope, version: 6, unit: 'icu', ageGroup: 'neonatal', overrides: {} },
  ]);
  const { version, vitals } = indexRegistry(loaded).configOf('b1', Date.now());
  expect(version).toEqual({ preset: 'neonatal', presetRevision: PRESET_REVISION, unit: 6, patient: 3 });
  expect(vitals.spo2.low).toBe(86);

  const path = join(folder, 'registry.json');
  await writeRegistryCopy(path, loaded);
  expect(await readRegistryCopy(path)).toEqual(loaded);
});

test('gateways are loaded with their devices, the same from the database and from the copy on disk', async () => {
  await database.pool.query(`
    insert into gateways (id, secret_hash) values ('g1', '\\x01'), ('g2', '\\x02');
    insert into devices (id, unit_id, secret_hash, gateway_id)
    values ('m2', 'icu', '\\x03', 'g1'), ('m1', 'icu', '\\x04', 'g1'), ('m3', 'icu', '\\x05', null)`);
  const loaded = await loadRegistry(database.pool, 30);
  expect(loaded.gateways).toEqual([
    { id: 'g1', secretHash: '01', devices: ['m1', 'm2'] },
    { id: 'g2', secretHash: '02', devices: [] },
  ]);
  const path = join(folder, 'gateways.json');
  await writeRegistryCopy(path, loaded);
  expect(await readRegistryCopy(path)).toEqual(loaded);
});

test('a copy from before there were alarm settings and gateways is as good as any', async () => {
  const { alarmSettings: _, gateways: __, ...older } = await loadRegistry(database.pool, 30);
  const path = join(folder, 'older.json');
  await writeFile(path, JSON.stringify(older));
  expect(await readRegistryCopy(path)).toEqual({ ...older, gateways: [], alarmSettings: [] });
});
