import { afterAll, beforeAll, expect, test } from 'vitest';
import { PRESETS } from '#domain/alarms/settings.ts';
import { verifySubject } from '../../review/verify.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { acknowledge, createHistory, livelyQuarter, plant, START } from './support/history.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const QUARTER = { fromMs: START + 1, toMs: START + 880_000 };

/** A day on which nobody else sends anything: what others send tells that the station lived. */
const QUIET_DAY = START - 3 * 86_400_000;

const lively = async (bed: string) => {
  const history = await createHistory(database.pool, bed);
  await livelyQuarter(history);
  return history;
};

const texts = async (bed: string) =>
  (await verifySubject(database.pool, bed, QUARTER)).differences.map(({ text }) => text);

test('G5: what was announced follows from what is stored, whatever happened', async () => {
  await lively('clean');
  const verdict = await verifySubject(database.pool, 'clean', QUARTER);
  expect(verdict.differences).toEqual([]);
  expect(verdict.readings).toBe(879 * 2);
  expect(verdict.announced).toBeGreaterThan(10);
  expect(verdict).toMatchObject({ expected: verdict.announced, notes: [] });
});

test('G5: a part of a range that begins in the middle of an alarm is judged from the checkpoint before', async () => {
  await lively('part');
  const part = { fromMs: START + 220_000, toMs: START + 500_000 };
  const verdict = await verifySubject(database.pool, 'part', part);
  expect(verdict).toMatchObject({ judged: part, differences: [], notes: [] });
  expect(verdict.announced).toBeGreaterThan(3);
});

test('G5: an announcement that is gone is missed', async () => {
  await lively('gone');
  await plant(
    database.pool,
    `delete from alarm_events where bed_id = 'gone' and type = 'onset' and detail -> 'alarm' ->> 'kind' = 'heart-rate-low'`,
  );
  expect(await texts('gone')).toEqual(['not announced: heart-rate-low onset: low-limit, medium, value 45, limit 50']);
});

test('G5: an announcement that was altered is found, with what it should have been', async () => {
  await lively('altered');
  await plant(
    database.pool,
    `update alarm_events set detail = jsonb_set(detail, '{alarm,priority}', '"low"')
     where bed_id = 'altered' and type = 'onset' and detail -> 'alarm' ->> 'kind' = 'heart-rate-low'`,
  );
  expect(await texts('altered')).toEqual(['heart-rate-low onset: priority expected medium, announced low']);
});

test('G5: an announcement of nothing is found', async () => {
  await lively('invented');
  await plant(
    database.pool,
    `insert into alarm_events select journal_id, journal_seq, 7, at + interval '200 s', unit_id, bed_id, alarm_id, type,
       actor, cause, jsonb_set(detail, '{at}', to_jsonb((detail ->> 'at')::float8 + 200000)), format
     from alarm_events where bed_id = 'invented' and type = 'onset' and detail -> 'alarm' ->> 'kind' = 'heart-rate-low'`,
  );
  expect(await texts('invented')).toEqual([
    expect.stringMatching(/^does not follow: heart-rate-low onset: low-limit, medium/),
  ]);
});

test('G5: a reading that was altered shows where it changes what follows', async () => {
  const history = await lively('reading');
  const series = await history.seriesOf('heart-rate');
  await plant(
    database.pool,
    `update vitals set value = 80 where (series_id, time) = (
       select series_id, time from vitals where series_id = $1 and value = 45 order by time limit 1)`,
    [series],
  );
  const found = await texts('reading');
  expect(found.length).toBeGreaterThan(0);
  expect(found[0]).toMatch(/^heart-rate-low onset: .*started at expected .* announced/);
});

test('G5: a limit that was altered is found, by what follows and by the checkpoint', async () => {
  await lively('limit');
  await plant(
    database.pool,
    `update alarm_inputs set input = jsonb_set(input, '{config,vitals,heart-rate,low}', '40')
     where bed_id = 'limit' and type = 'occupied'`,
  );
  const found = await texts('limit');
  expect(found).toContainEqual(expect.stringContaining('vitals.heart-rate.low expected 40, used 50'));
  expect(found).toContainEqual(expect.stringMatching(/^does not follow: heart-rate-low onset/));
});

test('G5: settings that are not what their version says are found', async () => {
  const history = await createHistory(database.pool, 'version');
  const { rows } = await database.pool.query<{ version: number }>(
    `insert into alarm_settings (unit_id, age_group, overrides, reason, author)
     values ('icu', 'adult', '{"vitals": {"spo2": {"low": 88}}}', 'trial', 'a doctor') returning version`,
  );
  const version = { ...PRESETS.adult.version, unit: rows[0]?.version ?? 0 };
  const { device } = history;
  history.input(START, { type: 'occupied', device, encounter: null, config: { ...PRESETS.adult, version } });
  history.checkpoint();
  for (let second = 1; second < 30; second++) await history.message(START + second * 1_000, { spo2: 97 });
  await history.store();
  const { differences } = await verifySubject(database.pool, 'version', { fromMs: START + 1, toMs: START + 20_000 });
  expect(differences.map(({ text }) => text)).toEqual([
    `the settings in force are not what version ${version.unit} says: vitals.spo2.low expected 88, used 90`,
  ]);
});

test('G5: a station that was killed and started again is judged by what it had on disk', async () => {
  const history = await createHistory(database.pool, 'killed');
  const { device } = history;
  history.input(QUIET_DAY, { type: 'occupied', device, encounter: null, config: PRESETS.adult });
  history.checkpoint();
  for (let second = 1; second < 60; second++) {
    await history.message(QUIET_DAY + second * 1_000, { 'heart-rate': second < 30 ? 80 : 130 });
  }
  // The newest readings were on disk, the newest state was not needed there.
  const back = QUIET_DAY + 3_600_000;
  history.input(back, { type: 'resumed' });
  history.checkpoint();
  for (let second = 5; second < 60; second++) await history.message(back + second * 1_000, { 'heart-rate': 80 });
  await history.store();
  const verdict = await verifySubject(database.pool, 'killed', { fromMs: QUIET_DAY, toMs: back + 50_000 });
  expect(verdict.differences).toEqual([]);
  expect(verdict.announced).toBe(2);
});

test('G5: what was due before a later checkpoint was decided before it was made, and follows', async () => {
  const history = await createHistory(database.pool, 'hourly');
  const { device } = history;
  history.input(START, { type: 'occupied', device, encounter: null, config: PRESETS.adult });
  history.checkpoint();
  for (let second = 1; second < 60; second++) await history.message(START + second * 1_000, { 'heart-rate': 80 });
  // Nothing more came: the device was silent, and then its signal old, when the hour was over.
  history.tick(START + 100_000);
  history.checkpoint();
  for (let second = 120; second < 180; second++) await history.message(START + second * 1_000, { 'heart-rate': 80 });
  await history.store();
  const verdict = await verifySubject(database.pool, 'hourly', { fromMs: START, toMs: START + 150_000 });
  expect(verdict.differences).toEqual([]);
  expect(verdict.announced).toBeGreaterThan(1);
});

test('G5: what was announced in the very moment of the first checkpoint is not judged: it was decided before', async () => {
  const history = await createHistory(database.pool, 'moment');
  const { device } = history;
  history.input(START, { type: 'occupied', device, encounter: null, config: PRESETS.adult });
  for (let second = 1; second < 60; second++) {
    await history.message(START + second * 1_000, { spo2: second < 10 ? 97 : 80 });
    if (second === 20) history.checkpoint();
  }
  await history.store();
  const verdict = await verifySubject(database.pool, 'moment', { fromMs: START, toMs: START + 50_000 });
  expect(verdict).toMatchObject({ judged: { fromMs: START + 20_000 }, differences: [] });
});

test('G5: what was announced last of all before the station ended follows, though nothing came after it', async () => {
  const history = await createHistory(database.pool, 'last');
  const day = QUIET_DAY - 3 * 86_400_000;
  history.input(day, { type: 'occupied', device: history.device, encounter: null, config: PRESETS.adult });
  history.checkpoint();
  for (let second = 1; second < 60; second++) await history.message(day + second * 1_000, { 'heart-rate': 80 });
  history.tick(day + 69_050);
  const back = day + 3_600_000;
  history.input(back, { type: 'resumed' });
  history.checkpoint();
  for (let second = 5; second < 60; second++) await history.message(back + second * 1_000, { 'heart-rate': 80 });
  await history.store();
  const verdict = await verifySubject(database.pool, 'last', { fromMs: day, toMs: back + 50_000 });
  expect(verdict).toMatchObject({ differences: [], announced: 2 });
});

test('G5: a device that fell silent before the station ended was announced, and follows', async () => {
  const history = await createHistory(database.pool, 'silent');
  const other = await createHistory(database.pool, 'talkative');
  const { device } = history;
  history.input(START, { type: 'occupied', device, encounter: null, config: PRESETS.adult });
  history.checkpoint();
  for (let second = 1; second < 60; second++) await history.message(START + second * 1_000, { 'heart-rate': 80 });
  for (let second = 1; second < 90; second++) await other.message(START + second * 1_000, { 'heart-rate': 80 });
  history.tick(START + 80_000);
  const back = START + 3_600_000;
  history.input(back, { type: 'resumed' });
  history.checkpoint();
  for (let second = 5; second < 60; second++) await history.message(back + second * 1_000, { 'heart-rate': 80 });
  await history.store();
  await other.store();
  const verdict = await verifySubject(database.pool, 'silent', { fromMs: START, toMs: back + 50_000 });
  expect(verdict.differences).toEqual([]);
  expect(verdict.announced).toBeGreaterThan(1);
});

test('G5: what an acknowledgement set free in the moment before the station ended was not said, and is not missed', async () => {
  const history = await createHistory(database.pool, 'freed');
  const other = await createHistory(database.pool, 'living');
  const day = QUIET_DAY - 6 * 86_400_000;
  history.input(day, { type: 'occupied', device: history.device, encounter: null, config: PRESETS.adult });
  history.checkpoint();
  for (let second = 1; second < 40; second++) {
    // Bradycardia, over and latched, then a milder one behind it.
    const heartRate = second < 10 ? 30 : second < 20 ? 80 : 45;
    await history.message(day + second * 1_000, { 'heart-rate': heartRate });
  }
  acknowledge(history, day + 39_600, 'heart-rate-low');
  await other.message(day + 39_900, { 'heart-rate': 80 });
  const back = day + 3_600_000;
  history.input(back, { type: 'resumed' });
  history.checkpoint();
  for (let second = 5; second < 60; second++) await history.message(back + second * 1_000, { 'heart-rate': 80 });
  await history.store();
  await other.store();
  const verdict = await verifySubject(database.pool, 'freed', { fromMs: day, toMs: back + 50_000 });
  expect(verdict.differences).toEqual([]);
  expect(verdict.announced).toBeGreaterThan(3);
});

test('a reading that a correction replaced counts as it was when it was decided by', async () => {
  const history = await createHistory(database.pool, 'corrected');
  const { device } = history;
  history.input(START, { type: 'occupied', device, encounter: null, config: PRESETS.adult });
  history.checkpoint();
  for (let second = 1; second < 60; second++) {
    await history.message(START + second * 1_000, { 'heart-rate': second < 10 ? 80 : 130 });
  }
  await history.message(START + 60_000, { 'heart-rate': 80 });
  await history.store();
  const series = await history.seriesOf('heart-rate');
  const { rows } = await database.pool.query<{ time: Date }>(
    `update vitals set value = 90, received_at = to_timestamp($2::float8 / 1000)
     where series_id = $1 and time = to_timestamp($3::float8 / 1000) returning time`,
    [series, START + 70_000, START + 12_000],
  );
  expect(rows).toHaveLength(1);
  await history.message(START + 80_000, { 'heart-rate': 80 });
  history.checkpoint();
  await history.store();
  const verdict = await verifySubject(database.pool, 'corrected', { fromMs: START, toMs: START + 60_500 });
  expect(verdict.differences).toEqual([]);
  expect(verdict.announced).toBe(2);
});

test('a range with no checkpoint before it is judged from the first one in it, and says so', async () => {
  await lively('since');
  const verdict = await verifySubject(database.pool, 'since', { fromMs: START - 3_600_000, toMs: START + 880_000 });
  expect(verdict).toMatchObject({ judged: { fromMs: START + 0.5 }, differences: [] });
  expect(verdict.notes).toEqual([
    expect.stringMatching(/^judged from 2026-11-22 08:00:00.000500: there is no checkpoint/),
  ]);
});

test('a bed that has readings and no checkpoint cannot be judged, and says so', async () => {
  const history = await createHistory(database.pool, 'blind');
  await history.message(START + 1_000, { spo2: 97 });
  await history.store();
  expect(await verifySubject(database.pool, 'blind', QUARTER)).toMatchObject({
    judged: null,
    notes: ['there is no checkpoint of blind to begin at'],
  });
});

test('a correction of where a device was, and a full journal, are named as what cannot be judged', async () => {
  await lively('doubtful');
  await database.pool.query(
    `insert into audit_log (at, actor, action, subject, detail)
     values (to_timestamp($1::float8 / 1000), 'clerk', 'assignment:create', '1', $2)`,
    [START + 3_600_000, { device: 'doubtful-monitor', bed: 'doubtful', start: new Date(START + 60_000).toISOString() }],
  );
  await database.pool.query(
    `insert into alarms (id, kind, condition, type, priority, state, started_at, decided_at, ended_at, config)
     values ('full', 'station-journal', 'journal-filling', 'technical', 'medium', 'ended',
       to_timestamp($1::float8 / 1000), to_timestamp($1::float8 / 1000), to_timestamp($2::float8 / 1000), '{}')`,
    [START + 5_000, START + 9_000],
  );
  const { notes } = await verifySubject(database.pool, 'doubtful', QUARTER);
  await database.pool.query(`delete from alarms where id = 'full'`);
  expect(notes).toEqual([
    expect.stringContaining('assignment:create by clerk at 2026-11-22 09:00:00.000 was a correction'),
    expect.stringContaining('the journal was filling from 2026-11-22 08:00:05.000 to 2026-11-22 08:00:09.000'),
  ]);
});

test('G3: late readings of the range that were not scored are named beside the verdict', async () => {
  const history = await lively('late');
  await history.lateMessage(START + 950_000, START + 300_000.25, { spo2: 70 });
  await history.store();
  const { differences, notes } = await verifySubject(database.pool, 'late', QUARTER);
  expect(differences).toEqual([]);
  expect(notes).toEqual([expect.stringMatching(/^late readings of late from .* are not scored yet$/)]);
});
