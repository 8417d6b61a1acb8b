import { afterAll, beforeAll, expect, test } from 'vitest';
import { PRESETS } from '#domain/alarms/settings.ts';
import { createLog } from '#platform/log.ts';
import { createLateScorer } from '../../review/late.ts';
import { lateAlarmId } from '../../review/late-score.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { createHistory, type History, START } from './support/history.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const MINUTE = 60_000;

/** A scorer whose time stands still. */
const scorerAt = (now: number) =>
  createLateScorer({ database: database.pool, clock: { now: () => now }, log: createLog({ level: 'silent' }) });

const lateAlarms = async (bed: string) => {
  const { rows } = await database.pool.query(
    `select id, kind, priority, condition, state, unit_id, worst,
       (extract(epoch from started_at) * 1000)::float8 as from, (extract(epoch from ended_at) * 1000)::float8 as to
     from alarms where late and bed_id = $1 order by started_at`,
    [bed],
  );
  return rows;
};

const second = (count: number): number => START + count * 1_000;

/** Ten minutes live; what was measured in [from, to) comes late, at ten minutes or when it is said. */
const outage = async (history: History, from: number, to: number, spo2At: (at: number) => number, backAt = 600) => {
  history.input(START, { type: 'occupied', device: history.device, encounter: null, config: PRESETS.adult });
  history.checkpoint();
  for (let at = 1; at < 600; at++) {
    const values = { spo2: spo2At(at), 'heart-rate': 80 };
    if (at >= from && at < to) await history.lateMessage(second(backAt + at - from) + 7, second(at), values);
    else await history.message(second(at), values);
  }
  await history.store();
};

test('G3: an excursion in late data stands in the record as late, from and to, and nothing is announced', async () => {
  const history = await createHistory(database.pool, 'outage');
  await outage(history, 200, 400, (at) => (at >= 250 && at < 300 ? 78 : 97));
  const announced = await database.pool.query(`select from alarm_events where bed_id = 'outage'`);
  expect(await scorerAt(START + 20 * MINUTE).look()).toBe(1);
  expect(await lateAlarms('outage')).toEqual([
    {
      id: lateAlarmId('outage', 'spo2-low', second(250)),
      kind: 'spo2-low',
      priority: 'high',
      condition: 'desaturation',
      state: 'ended',
      unit_id: 'icu',
      worst: 78,
      from: second(250),
      to: second(300),
    },
  ]);
  expect((await database.pool.query(`select from alarm_events where bed_id = 'outage'`)).rowCount).toBe(
    announced.rowCount,
  );
});

test('G3: late data is let finish first; a device that never finishes is scored all the same', async () => {
  const history = await createHistory(database.pool, 'unfinished');
  await outage(history, 200, 400, (at) => (at >= 250 && at < 300 ? 78 : 97));
  const finishedAt = second(600 + 199);
  const early = scorerAt(finishedAt + 20_000);
  await early.look();
  expect(await lateAlarms('unfinished')).toHaveLength(0);
  await scorerAt(finishedAt + 31_000).look();
  expect(await lateAlarms('unfinished')).toHaveLength(1);
});

test('G3: what an announced alarm covers is not scored a second time', async () => {
  const history = await createHistory(database.pool, 'covered');
  // Low before the outage, in it and after it: announced on both sides of it.
  await outage(history, 200, 230, (at) => (at >= 100 && at < 330 ? 85 : 97));
  const live = await database.pool.query(`select from alarms where bed_id = 'covered' and kind = 'spo2-low'`);
  expect(live.rowCount).toBeGreaterThan(0);
  await scorerAt(START + 20 * MINUTE).look();
  expect(await lateAlarms('covered')).toEqual([]);
});

test('G3: a milder alarm beside it does not cover what is worse in the outage', async () => {
  const history = await createHistory(database.pool, 'worse');
  history.input(START, { type: 'occupied', device: history.device, encounter: null, config: PRESETS.adult });
  history.checkpoint();
  // 45 was announced before the outage and after it; the 30 in it was not.
  const rateAt = (at: number) => (at >= 240 && at < 300 ? 30 : at >= 150 && at < 450 ? 45 : 80);
  for (let at = 1; at < 600; at++) {
    const values = { 'heart-rate': rateAt(at) };
    if (at >= 200 && at < 400) await history.lateMessage(second(600 + at - 200) + 7, second(at), values);
    else await history.message(second(at), values);
  }
  await history.store();
  await scorerAt(START + 20 * MINUTE).look();
  expect(await lateAlarms('worse')).toMatchObject([
    { kind: 'heart-rate-low', priority: 'high', condition: 'extreme-bradycardia', worst: 30, to: second(400) },
  ]);
  const live = await database.pool.query(`select max(worst) as worst from alarms where bed_id = 'worse' and not late`);
  expect(live.rows).toEqual([{ worst: 45 }]);
});

test('G3: an alarm that is latched and unseen over the outage does not cover what came back in it', async () => {
  const history = await createHistory(database.pool, 'latched');
  history.input(START, { type: 'occupied', device: history.device, encounter: null, config: PRESETS.adult });
  history.checkpoint();
  const rateAt = (at: number) => ((at >= 100 && at < 115) || (at >= 300 && at < 320) ? 30 : 80);
  for (let at = 1; at < 600; at++) {
    const values = { 'heart-rate': rateAt(at) };
    if (at >= 200 && at < 400) await history.lateMessage(second(600 + at - 200) + 7, second(at), values);
    else await history.message(second(at), values);
  }
  await history.store();
  await scorerAt(START + 20 * MINUTE).look();
  expect(await lateAlarms('latched')).toMatchObject([
    { kind: 'heart-rate-low', condition: 'extreme-bradycardia', from: second(300), to: second(320) },
  ]);
});

test('G3: of an episode that was announced as bad before the outage only the late part is scored, as bad as it was', async () => {
  const history = await createHistory(database.pool, 'cut');
  history.input(START, { type: 'occupied', device: history.device, encounter: null, config: PRESETS.adult });
  history.checkpoint();
  const rateAt = (at: number) => (at >= 150 && at < 200 ? 30 : at >= 200 && at < 350 ? 45 : 80);
  for (let at = 1; at < 600; at++) {
    const values = { 'heart-rate': rateAt(at) };
    if (at >= 200 && at < 400) await history.lateMessage(second(600 + at - 200) + 7, second(at), values);
    else await history.message(second(at), values);
  }
  await history.store();
  await scorerAt(START + 20 * MINUTE).look();
  const [part, ...others] = await lateAlarms('cut');
  expect(others).toEqual([]);
  expect(part).toMatchObject({ condition: 'low-limit', priority: 'medium', worst: 45, to: second(350) });
  // Until the signal was given up the alarm from before stood.
  expect(part.from).toBeGreaterThan(second(200));
});

test('G3: an import of before any settings is scored by the earliest known, or by the preset of the age group, and says so', async () => {
  const assumed = async (bed: string) => {
    const { rows } = await database.pool.query(
      `select basis, age_group, (extract(epoch from measured_from) * 1000)::float8 as from,
         (extract(epoch from measured_to) * 1000)::float8 as to from late_assumptions where bed_id = $1`,
      [bed],
    );
    return rows;
  };
  const dayBefore = START - 86_400_000;
  const sendDay = async (history: History) => {
    for (let at = 0; at < 120; at++) {
      const values = { spo2: at >= 40 && at < 80 ? 70 : 97 };
      await history.lateMessage(second(at) + 7, dayBefore + at * 1_000, values);
    }
    await history.store();
  };
  const known = await createHistory(database.pool, 'import-known');
  known.input(START, { type: 'occupied', device: known.device, encounter: null, config: PRESETS.paediatric });
  await sendDay(known);
  const unknown = await createHistory(database.pool, 'import-unknown');
  await sendDay(unknown);
  await scorerAt(START + 20 * MINUTE).look();
  const expected = [{ kind: 'spo2-low', from: dayBefore + 40_000, to: dayBefore + 80_000 }];
  expect(await lateAlarms('import-known')).toMatchObject(expected);
  expect(await lateAlarms('import-unknown')).toMatchObject(expected);
  const span = { from: dayBefore, to: dayBefore + 119_000 };
  expect(await assumed('import-known')).toEqual([{ basis: 'earliest-known', age_group: 'paediatric', ...span }]);
  expect(await assumed('import-unknown')).toEqual([{ basis: 'preset', age_group: 'adult', ...span }]);
});

test('G3: a long import is scored in slices over several looks, and goes on where it was broken off', async () => {
  const history = await createHistory(database.pool, 'long');
  const hour = 3_600_000;
  const weekBefore = START - 7 * 86_400_000;
  history.input(START, { type: 'occupied', device: history.device, encounter: null, config: PRESETS.adult });
  // A minute every three hours for two days, each with half a minute of low saturation.
  for (let minute = 0; minute < 16; minute++) {
    for (let at = 0; at < 60; at++) {
      const time = weekBefore + minute * 3 * hour + at * 1_000;
      await history.lateMessage(START + (minute * 60 + at) * 10, time, { spo2: at >= 20 && at < 50 ? 70 : 97 });
    }
  }
  await history.store();
  await scorerAt(START + 20 * MINUTE).look();
  const first = await lateAlarms('long');
  expect(first.length).toBeGreaterThan(0);
  expect(first.length).toBeLessThan(16);
  const passes = () => database.pool.query(`select from late_passes where bed_id = 'long'`);
  const scores = () => database.pool.query(`select from late_scores where bed_id = 'long'`);
  expect([(await passes()).rowCount, (await scores()).rowCount]).toEqual([1, 0]);
  // Another process.
  const scorer = scorerAt(START + 21 * MINUTE);
  for (let look = 0; look < 5; look++) await scorer.look();
  expect(await lateAlarms('long')).toHaveLength(16);
  expect([(await passes()).rowCount, (await scores()).rowCount]).toEqual([0, 1]);
});

test('G3: normal late data, and a crisis seen live beside it, score nothing', async () => {
  const history = await createHistory(database.pool, 'normal');
  await outage(history, 200, 230, (at) => (at >= 500 && at < 520 ? 85 : 97));
  expect(await scorerAt(START + 20 * MINUTE).look()).toBe(0);
});

test('G3: scored again, by the same scorer or another, there is one alarm; more of it makes it longer', async () => {
  const history = await createHistory(database.pool, 'again');
  await outage(history, 200, 400, (at) => (at >= 350 ? 97 : at >= 250 ? 85 : 97));
  const scorer = scorerAt(START + 20 * MINUTE);
  expect(await scorer.look()).toBe(1);
  expect(await scorer.look()).toBe(0);
  await database.pool.query(`delete from late_scores where bed_id = 'again'`);
  expect(await scorerAt(START + 20 * MINUTE).look()).toBeGreaterThan(0);
  const [before, ...others] = await lateAlarms('again');
  expect(others).toEqual([]);
  expect(before).toMatchObject({ from: second(250), to: second(350) });
  // What the device had in another buffer: the low began earlier.
  const series = await history.seriesOf('spo2');
  await database.pool.query(
    `update vitals set value = 84 where series_id = $1 and late
     and time between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)`,
    [series, second(220), second(260)],
  );
  await history.lateMessage(START + 21 * MINUTE, second(230) + 500, { spo2: 83 });
  await history.store();
  expect(await scorerAt(START + 23 * MINUTE).look()).toBe(1);
  expect(await lateAlarms('again')).toMatchObject([{ from: second(220), to: second(350), worst: 83 }]);
});

test('it looks by itself, can be started twice and stopped twice', async () => {
  const history = await createHistory(database.pool, 'itself');
  await outage(history, 200, 400, (at) => (at >= 250 && at < 300 ? 78 : 97));
  const scorer = scorerAt(START + 25 * MINUTE);
  scorer.start();
  scorer.start();
  await eventually(async () => expect(await lateAlarms('itself')).toHaveLength(1));
  await scorer.stop();
  await scorer.stop();
});

test('G3: what the database takes in long after it arrived is scored all the same', async () => {
  const scorer = scorerAt(START + 90 * MINUTE);
  const earlier = await createHistory(database.pool, 'in-time');
  await outage(earlier, 200, 400, () => 97);
  await scorer.look();
  // The database was away: it arrived an hour ago, and is written down only now.
  const history = await createHistory(database.pool, 'backlog');
  await outage(history, 200, 400, (at) => (at >= 250 && at < 300 ? 78 : 97), 1_800);
  await scorer.look();
  expect(await lateAlarms('backlog')).toHaveLength(1);
});
