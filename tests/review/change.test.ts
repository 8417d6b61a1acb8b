import { afterAll, beforeAll, expect, test } from 'vitest';
import { override, PRESETS } from '#domain/alarms/settings.ts';
import { createLog } from '#platform/log.ts';
import { createLateScorer } from '../../review/late.ts';
import { verifySubject } from '../../review/verify.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createHistory, START } from './support/history.ts';

/** Alarms by the change of a value, recomputed from what is stored. */

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const CONFIG = override(PRESETS.adult, { vitals: { 'heart-rate': { changeBy: 20, changeWithinMs: 120_000 } } });

const second = (count: number): number => START + count * 1_000;

const rateAt = (at: number): number => (at >= 250 && at < 300 ? 110 : 80);

const historyOf = async (bed: string, isLate: (at: number) => boolean) => {
  const history = await createHistory(database.pool, bed);
  history.input(START, { type: 'occupied', device: history.device, encounter: null, config: CONFIG });
  history.checkpoint();
  for (let at = 1; at < 600; at++) {
    const values = { 'heart-rate': rateAt(at) };
    if (isLate(at)) await history.lateMessage(second(600 + at) + 7, second(at), values);
    else await history.message(second(at), values);
  }
  await history.store();
  return history;
};

test('C11, G5: what was announced of a change follows from what is stored, also from the middle of it on', async () => {
  await historyOf('change', () => false);
  const { rows } = await database.pool.query(`select kind, limit_value, worst from alarms where bed_id = 'change'`);
  expect(rows).toEqual([{ kind: 'heart-rate-change', limit_value: 100, worst: 110 }]);
  for (const fromMs of [START + 1, second(280)]) {
    const verdict = await verifySubject(database.pool, 'change', { fromMs, toMs: second(580) });
    expect(verdict).toMatchObject({ differences: [], notes: [] });
    expect(verdict.announced).toBeGreaterThan(0);
  }
});

test('C11, G3: a change that came late stands in the record as late, and is announced to nobody', async () => {
  await historyOf('late-change', (at) => at >= 200 && at < 400);
  const scorer = createLateScorer({
    database: database.pool,
    clock: { now: () => START + 20 * 60_000 },
    log: createLog({ level: 'silent' }),
  });
  await scorer.look();
  const { rows } = await database.pool.query(
    `select kind, condition, priority, late, limit_value, worst,
       (extract(epoch from started_at) * 1000)::float8 as from
     from alarms where bed_id = 'late-change' and vital is not null`,
  );
  expect(rows).toEqual([
    {
      kind: 'heart-rate-change',
      condition: 'rapid-change',
      priority: 'medium',
      late: true,
      limit_value: 100,
      worst: 110,
      from: second(250),
    },
  ]);
});

const DIPS = override(PRESETS.adult, { vitals: { spo2: { lowBurden: 100 } } });

test('C12, D11, G5: what was announced of dips and of a device that stood still follows from what is stored', async () => {
  const history = await createHistory(database.pool, 'dips');
  history.input(START, { type: 'occupied', device: history.device, encounter: null, config: DIPS });
  history.checkpoint();
  for (let at = 1; at < 900; at++) {
    const isDip = at < 200 && at % 40 < 9;
    await history.message(second(at), {
      'heart-rate': at < 400 ? 70 + (at % 3) : 71,
      'pulse-rate': 71,
      'respiratory-rate': 15,
      spo2: isDip ? 78 : 95,
    });
    if (at === 100 || at === 600) history.checkpoint();
  }
  await history.store();
  const { rows } = await database.pool.query(`select kind, state from alarms where bed_id = 'dips' order by kind`);
  expect(rows).toEqual([
    { kind: 'device-frozen', state: 'active' },
    { kind: 'spo2-burden', state: 'ended' },
  ]);
  for (const fromMs of [START + 1, second(150), second(650)]) {
    const verdict = await verifySubject(database.pool, 'dips', { fromMs, toMs: second(880) });
    expect(verdict).toMatchObject({ differences: [], notes: [] });
    expect(verdict.announced).toBeGreaterThan(0);
  }
});
