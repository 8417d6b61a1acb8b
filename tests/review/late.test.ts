import { afterAll, beforeAll, expect, test } from 'vitest';
import { PRESETS } from '#domain/alarms/settings.ts';
import { createLog } from '#platform/log.ts';
import { createLateScorer, lateAlarmId } from '../../review/late.ts';
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

/** Ten minutes live; what was measured in [from, to) comes late, at ten minutes. */
const outage = async (history: History, from: number, to: number, spo2At: (at: number) => number) => {
  history.input(START, { type: 'occupied', device: history.device, encounter: null, config: PRESETS.adult });
  history.checkpoint();
  for (let at = 1; at < 600; at++) {
    const values = { spo2: spo2At(at), 'heart-rate': 80 };
    if (at >= from && at < to) await history.lateMessage(second(600 + at - from) + 7, second(at), values);
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
  await database.pool.query('delete from late_scores');
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
