import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AlarmEvent } from '#domain/alarms/alarm.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { anAlarm, createLiveWard } from '../../support/live-ward.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { createDesk } from '../support/desk.ts';

const clock = { now: () => 50_000 };

/** The database stopped: what these do must not need it. */
describe('with the database away', () => {
  let api: TestApi;
  let desk: ReturnType<typeof createDesk>;
  beforeEach(async () => {
    desk = createDesk();
    desk.addBed('icu', 'icu-01', [anAlarm('a1'), anAlarm('a2', { state: 'latched' })]);
    desk.addBed('er', 'er-01');
    desk.station.push(anAlarm('s1', { kind: 'station-database', condition: 'database-away', vital: null }));
    api = await startApi({ alarms: desk.desk, ward: createLiveWard(['icu', 'er']), clock });
  });
  afterEach(() => api?.stop());

  const ask = (method: string, path: string, body?: unknown) => api.ask(`/api/v1${path}`, { method, body });

  it('the active alarms are listed, of all units or of one', async () => {
    const all = await (await api.ask('/api/v1/alarms/active', { role: 'viewer' })).json();
    expect(all.beds.map(({ bed }: { bed: string }) => bed)).toEqual(['icu-01', 'er-01']);
    expect(all.beds[0].alarms).toEqual([anAlarm('a1'), anAlarm('a2', { state: 'latched' })]);
    expect(all.station).toHaveLength(1);
    const one = await (await api.ask('/api/v1/alarms/active?unit=er', { role: 'viewer' })).json();
    expect(one.beds).toEqual([{ unit: 'er', bed: 'er-01', alarms: [], inactivations: [] }]);
    expect((await api.ask('/api/v1/alarms/active?unit=nowhere')).status).toBe(404);
  });

  it('alarms are acknowledged and reset in the name of the operator', async () => {
    expect((await ask('POST', '/alarms/a1/acknowledge')).status).toBe(204);
    expect((await ask('POST', '/alarms/s1/acknowledge')).status).toBe(204);
    expect((await ask('POST', '/alarms/a2/reset')).status).toBe(204);
    expect((await ask('POST', '/beds/icu-01/alarms/reset')).status).toBe(204);
    const by = 'a operator';
    expect(desk.asked).toEqual([
      { bed: 'icu-01', action: { type: 'acknowledge', alarm: 'a1', by, at: 50_000 } },
      { bed: null, action: { type: 'acknowledge', alarm: 's1', by, at: 50_000 } },
      { bed: 'icu-01', action: { type: 'reset', alarm: 'a2', by, at: 50_000 } },
      { bed: 'icu-01', action: { type: 'reset', alarm: null, by, at: 50_000 } },
    ]);
    const { beds } = await (await api.ask('/api/v1/alarms/active?unit=icu')).json();
    expect(beds[0].alarms[0].acknowledged).toEqual({ by, at: 50_000 });
  });

  it('sound and alarms are paused for a time and switched off without one, and on again', async () => {
    const paused = await ask('POST', '/beds/icu-01/inactivations', { what: 'audio-paused', durationMs: 120_000 });
    expect(paused.status).toBe(204);
    const off = { what: 'alarm-off', kind: 'spo2-low' };
    expect((await ask('POST', '/beds/icu-01/inactivations', off)).status).toBe(204);
    expect((await ask('DELETE', '/beds/icu-01/inactivations?what=alarm-off&kind=spo2-low')).status).toBe(204);
    expect((await ask('DELETE', '/beds/icu-01/inactivations?what=audio-paused')).status).toBe(204);
    expect(desk.asked.map(({ action }) => action)).toMatchObject([
      { type: 'inactivate', what: 'audio-paused', kind: null, until: 50_000 + 120_000 },
      { type: 'inactivate', what: 'alarm-off', kind: 'spo2-low', until: null },
      { type: 'reactivate', what: 'alarm-off', kind: 'spo2-low' },
      { type: 'reactivate', what: 'audio-paused', kind: null },
    ]);
  });

  it.each([
    ['POST', '/alarms/gone/acknowledge', undefined, 404, 'no alarm gone'],
    ['POST', '/alarms/a1/reset', undefined, 400, 'has not ended'],
    ['POST', '/beds/nowhere/alarms/reset', undefined, 404, 'no bed nowhere'],
    ['POST', '/beds/nowhere/inactivations', { what: 'alarm-off', kind: 'spo2-low' }, 404, 'no bed nowhere'],
    ['POST', '/beds/icu-01/inactivations', { what: 'audio-paused' }, 400, 'needs an end'],
    ['POST', '/beds/icu-01/inactivations', { what: 'alarm-off', kind: 'device-link' }, 400, 'only the alarms of one'],
    ['POST', '/beds/icu-01/inactivations', { what: 'silence', durationMs: 1 }, 400, 'does not match its schema'],
    ['DELETE', '/beds/icu-01/inactivations?what=alarm-paused&kind=nonsense', undefined, 400, 'no kind of alarm'],
  ])('%s %s with %j is refused with %i and why', async (method, path, body, status, why) => {
    const response = await ask(method, path, body);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect((await response.json()).detail).toContain(why);
    expect(desk.asked).toEqual([]);
  });

  it('what a patient breathes is recorded with who said so, of somebody', async () => {
    desk.addBed('icu', 'icu-empty', [], true);
    expect((await ask('PUT', '/beds/icu-01/oxygen', { roomAir: true })).status).toBe(204);
    expect((await ask('PUT', '/beds/icu-01/oxygen', { roomAir: false })).status).toBe(204);
    expect((await ask('PUT', '/beds/icu-empty/oxygen', { roomAir: true })).status).toBe(400);
    expect((await ask('PUT', '/beds/nowhere/oxygen', { roomAir: true })).status).toBe(404);
    expect((await ask('PUT', '/beds/icu-01/oxygen', { roomAir: 'yes' })).status).toBe(400);
    const viewed = await api.ask('/api/v1/beds/icu-01/oxygen', {
      method: 'PUT',
      role: 'viewer',
      body: { roomAir: true },
    });
    expect(viewed.status).toBe(403);
    expect(desk.recorded).toEqual([
      { bed: 'icu-01', by: 'a operator', roomAir: true },
      { bed: 'icu-01', by: 'a operator', roomAir: false },
    ]);
  });

  it('nobody but operators acts, and history says that it needs the database', async () => {
    for (const role of ['viewer', 'integration'] as const) {
      expect((await api.ask('/api/v1/alarms/a1/acknowledge', { method: 'POST', role })).status).toBe(403);
    }
    expect((await api.ask('/api/v1/alarms/active', { role: 'nobody' })).status).toBe(401);
    expect((await api.ask('/api/v1/alarms')).status).toBe(503);
    expect(desk.asked).toEqual([]);
  });
});

describe('the history of alarms', () => {
  let database: TestDatabase;
  let api: TestApi;
  const MINUTE = 60_000;
  const START = Date.parse('2026-11-22T10:00:00Z');

  const keep = async (id: string, minute: number, row: Record<string, unknown> = {}) => {
    const at = new Date(START + minute * MINUTE);
    const columns = {
      id,
      unit_id: 'icu',
      bed_id: 'icu-01',
      kind: 'spo2-low',
      condition: 'low-limit',
      vital: 'spo2',
      type: 'physiological',
      priority: 'medium',
      state: 'ended',
      started_at: at,
      decided_at: at,
      ended_at: at,
      end_cause: 'recovered',
      config: { preset: 'adult', presetRevision: 2, unit: 3, patient: null },
      ...row,
    };
    const names = Object.keys(columns);
    await database.pool.query(
      `insert into alarms (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
      Object.values(columns),
    );
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    api = await startApi({ database: database.pool });
    for (let minute = 0; minute < 10; minute++) await keep(`m${minute}`, minute);
    // Two that were decided at the same time: the id keeps them apart.
    await keep('same-a', 20, { bed_id: 'icu-02' });
    await keep('same-b', 20, { bed_id: 'icu-02' });
    await keep('high', 30, { condition: 'desaturation', priority: 'high', state: 'active', ended_at: null });
    await keep('silent', 31, { type: 'technical', condition: 'no-data', kind: 'spo2-signal', priority: 'low' });
    await keep('elsewhere', 32, { unit_id: 'er', bed_id: 'er-01' });
    await keep('late', 33, { late: true });
  });
  afterAll(async () => {
    await api?.stop();
    await database?.drop();
  });

  const ids = async (query: string): Promise<string[]> => {
    const response = await api.ask(`/api/v1/alarms?${query}`, { role: 'viewer' });
    expect(response.status).toBe(200);
    return (await response.json()).alarms.map(({ id }: { id: string }) => id);
  };

  it('is given the newest first, a page at a time, each once', async () => {
    const seen: string[] = [];
    let before = '';
    for (let pages = 0; pages < 20; pages++) {
      const { alarms, next } = await (await api.ask(`/api/v1/alarms?limit=3${before}`)).json();
      seen.push(...alarms.map(({ id }: { id: string }) => id));
      if (next === null) break;
      before = `&before=${next}`;
      // What comes meanwhile moves nothing.
      await keep(`new-${pages}`, 100 + pages, { unit_id: 'x' });
    }
    const first = ['late', 'elsewhere', 'silent', 'high', 'same-b', 'same-a'];
    expect(seen).toEqual([...first, ...Array.from({ length: 10 }, (_, index) => `m${9 - index}`)]);
  });

  it.each([
    ['unit=er', ['elsewhere']],
    ['bed=icu-02', ['same-b', 'same-a']],
    ['unit=icu&open=true', ['high']],
    ['unit=icu&open=false&bed=icu-02', ['same-b', 'same-a']],
    ['priority=high,low', ['silent', 'high']],
    ['kind=spo2-signal', ['silent']],
    ['condition=desaturation', ['high']],
    ['type=technical', ['silent']],
    ['late=true', ['late']],
    ['unit=icu&late=false&from=2026-11-22T10:30:00Z', ['silent', 'high']],
    ['from=2026-11-22T10:02:00Z&to=2026-11-22T10:04:00Z', ['m3', 'm2']],
  ])('is filtered by %s', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  it.each(['priority=urgent', 'condition=tired', 'limit=0', 'from=yesterday', 'open=perhaps'])(
    'is refused for %s',
    async (query) => {
      expect((await api.ask(`/api/v1/alarms?${query}`)).status).toBe(400);
    },
  );

  it('of one alarm has every step, and what happened in order', async () => {
    const time = (ms: number) => new Date(START + ms);
    await keep('whole', -10, {
      device_id: 'monitor-1',
      condition: 'desaturation',
      priority: 'high',
      state: 'ended',
      started_at: time(0),
      decided_at: time(10_000),
      measured_at: time(10_000),
      received_at: time(10_040),
      published_at: time(10_050),
      shown_at: time(10_120),
      acknowledged_at: time(15_000),
      acknowledged_by: 'Nurse Joy',
      ended_at: time(20_000),
      value: 74,
      limit_value: 80,
      worst: 71,
      recurrences: 1,
    });
    const alarm = anAlarm('whole');
    const events: AlarmEvent[] = [
      { type: 'onset', at: START + 10_000, alarm, by: null, cause: null },
      { type: 'acknowledged', at: START + 15_000, alarm, by: 'Nurse Joy', cause: null },
      { type: 'ended', at: START + 20_000, alarm, by: null, cause: 'recovered' },
    ];
    for (const [place, event] of [...events.entries()].reverse()) {
      await database.pool.query(
        `insert into alarm_events (journal_id, journal_seq, place, at, unit_id, bed_id, alarm_id, type, detail, format)
         values (gen_random_uuid(), 1, $1, $2, 'icu', 'icu-01', 'whole', $3, $4, 2)`,
        [place, new Date(event.at), event.type, event],
      );
    }
    const found = await (await api.ask('/api/v1/alarms/whole')).json();
    expect(found).toEqual({
      id: 'whole',
      unit: 'icu',
      bed: 'icu-01',
      device: 'monitor-1',
      encounter: null,
      kind: 'spo2-low',
      condition: 'desaturation',
      vital: 'spo2',
      type: 'physiological',
      priority: 'high',
      state: 'ended',
      late: false,
      startedAt: '2026-11-22T10:00:00.000Z',
      decidedAt: '2026-11-22T10:00:10.000Z',
      measuredAt: '2026-11-22T10:00:10.000Z',
      receivedAt: '2026-11-22T10:00:10.040Z',
      publishedAt: '2026-11-22T10:00:10.050Z',
      shownAt: '2026-11-22T10:00:10.120Z',
      acknowledgedAt: '2026-11-22T10:00:15.000Z',
      acknowledgedBy: 'Nurse Joy',
      endedAt: '2026-11-22T10:00:20.000Z',
      endCause: 'recovered',
      value: 74,
      limit: 80,
      worst: 71,
      recurrences: 1,
      config: { preset: 'adult', presetRevision: 2, unit: 3, patient: null },
      events,
    });
    expect((await api.ask('/api/v1/alarms/never-was')).status).toBe(404);
  });

  it('has the other vitals of its measurement, as its newest event tells them', async () => {
    await keep('with-others', -20, { unit_id: 'others' });
    await keep('without', -21, { unit_id: 'others' });
    const also = [{ vital: 'pulse-rate' as const, value: 0, limit: null }];
    for (const [place, alarm] of [anAlarm('with-others'), anAlarm('with-others', { also })].entries()) {
      const detail: AlarmEvent = { type: place ? 'changed' : 'onset', at: START, alarm, by: null, cause: null };
      await database.pool.query(
        `insert into alarm_events (journal_id, journal_seq, place, at, unit_id, bed_id, alarm_id, type, detail, format)
         values (gen_random_uuid(), 1, $1, $2, 'others', 'icu-01', 'with-others', $3, $4, 2)`,
        [place, new Date(START), detail.type, detail],
      );
    }
    const { alarms } = await (await api.ask('/api/v1/alarms?unit=others')).json();
    expect(alarms.map((alarm: { id: string; also?: unknown }) => [alarm.id, alarm.also])).toEqual([
      ['with-others', also],
      ['without', undefined],
    ]);
    expect((await (await api.ask('/api/v1/alarms/with-others')).json()).also).toEqual(also);
  });
});
