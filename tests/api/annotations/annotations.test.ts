import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { addSeries } from '../support/history.ts';

let database: TestDatabase;
let api: TestApi;
const START_MS = Date.parse('2026-06-01T10:00:00Z');
const MINUTE_MS = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

beforeAll(async () => {
  database = await createTestDatabase();
  api = await startApi({ database: database.pool });
  await addSeries(database.pool, 'icu-01', 'heart-rate');
});
afterAll(async () => {
  await api?.stop();
  await database?.drop();
});

const write = (body: object, role: 'operator' | 'viewer' = 'operator') =>
  api.ask('/api/v1/beds/icu-01/annotations', { method: 'POST', body, role });

const list = async (fromMs: number, toMs: number) =>
  (await api.ask(`/api/v1/beds/icu-01/annotations?from=${iso(fromMs)}&to=${iso(toMs)}`, { role: 'viewer' })).json();

describe('a note about a bed', () => {
  it('is kept with who wrote it, about a time or a range of time', async () => {
    const moment = await write({ at: iso(START_MS), text: ' Turned over ' });
    expect(moment.status).toBe(201);
    expect(await moment.json()).toMatchObject({
      at: iso(START_MS),
      until: null,
      text: 'Turned over',
      author: 'a operator',
      encounter: null,
      retractedAt: null,
    });
    const range = await write({ at: iso(START_MS + MINUTE_MS), until: iso(START_MS + 3 * MINUTE_MS), text: 'Suction' });
    expect(range.status).toBe(201);
    expect(await list(START_MS + 2 * MINUTE_MS, START_MS + 10 * MINUTE_MS)).toHaveLength(1);
    expect(await list(START_MS, START_MS + 10 * MINUTE_MS)).toHaveLength(2);
    expect(await list(START_MS + 4 * MINUTE_MS, START_MS + 10 * MINUTE_MS)).toEqual([]);
  });

  it('belongs to the stay of who was in the bed then', async () => {
    const { rows: patients } = await database.pool.query<{ id: number }>(
      `insert into patients (name, sex, age_group) values ('A B', 'unknown', 'adult') returning id`,
    );
    const { rows } = await database.pool.query<{ id: number }>(
      'insert into encounters (patient_id, bed_id, started_at) values ($1, $2, $3) returning id',
      [patients[0]?.id, 'icu-01', iso(START_MS + 60 * MINUTE_MS)],
    );
    const note = await (await write({ at: iso(START_MS + 61 * MINUTE_MS), text: 'x' })).json();
    const before = await (await write({ at: iso(START_MS + 59 * MINUTE_MS), text: 'x' })).json();
    expect([note.encounter, before.encounter]).toEqual([rows[0]?.id, null]);
  });

  it('is taken back once, stays readable, and both are in the audit log', async () => {
    const at = START_MS + 100 * MINUTE_MS;
    const { id } = await (await write({ at: iso(at), text: 'Wrong bed' })).json();
    const retract = (role: 'operator' | 'viewer' = 'operator') =>
      api.ask(`/api/v1/beds/icu-01/annotations/${id}`, { method: 'DELETE', role });
    expect((await retract('viewer')).status).toBe(403);
    expect((await retract()).status).toBe(204);
    expect((await retract()).status).toBe(409);
    expect(await list(at, at + 1)).toEqual([
      expect.objectContaining({ id, text: 'Wrong bed', retractedBy: 'a operator', retractedAt: expect.any(String) }),
    ]);
    const { rows } = await database.pool.query('select action from audit_log where subject = $1 order by id', [
      `${id}`,
    ]);
    expect(rows.map(({ action }) => action)).toEqual(['annotation:create', 'annotation:retract']);
  });

  it('is refused without a text, of no range, of a bed there is not, and from who may only look', async () => {
    expect((await write({ at: iso(START_MS), text: ' ' })).status).toBe(400);
    expect((await write({ at: iso(START_MS), until: iso(START_MS), text: 'x' })).status).toBe(400);
    expect((await write({ at: iso(START_MS), text: 'x' }, 'viewer')).status).toBe(403);
    const elsewhere = { method: 'POST', body: { at: iso(START_MS), text: 'x' } };
    expect((await api.ask('/api/v1/beds/none/annotations', elsewhere)).status).toBe(404);
    expect((await api.ask('/api/v1/beds/icu-01/annotations/999999', { method: 'DELETE' })).status).toBe(404);
  });

  it('cannot be changed or removed in the database', async () => {
    await expect(database.pool.query(`update annotations set text = 'other'`)).rejects.toThrow('append-only');
    await expect(database.pool.query('delete from annotation_retractions')).rejects.toThrow('append-only');
  });
});
