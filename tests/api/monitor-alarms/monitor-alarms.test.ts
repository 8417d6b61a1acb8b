import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MonitorAlarmHistory, MonitorAlarmPage } from '#contracts/http/monitor-alarms.ts';
import { readBurden } from '../../../review/burden.ts';
import { eventually } from '../../support/eventually.ts';
import { createIngestWard, deviceOf, type IngestWard } from '../../support/ingest-ward.ts';
import { createLiveWard } from '../../support/live-ward.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { createDesk } from '../support/desk.ts';

/** The history of the alarms that monitors reported, over what a station stored. */

const BED = 'bed-1';

describe('alarms that monitors reported', () => {
  let ward: IngestWard;
  let api: TestApi;
  let startedAt: number;

  beforeAll(async () => {
    ward = await createIngestWard();
    await ward.start();
    startedAt = ward.now();
    const report = async (...alarms: object[]) => {
      ward.advance(2_000);
      await ward.report(BED, { boot: 'b1', alarms });
    };
    await report({ id: 1, phase: 'start', event: 'MDC_EVT_ECG_V_FIB', priority: 'medium' });
    await report({ id: 1, phase: 'escalate', priority: 'high', value: 240, unit: '/min', limits: [50, null] });
    await report({ id: 1, phase: 'de-escalate', priority: 'low' });
    await report({ id: 2, phase: 'start', text: 'BIGEMINY', priority: 'low' });
    await report({ id: 1, phase: 'end' });
    await ward.ingest().drained();
    api = await startApi({
      database: ward.database.pool,
      alarms: createDesk().desk,
      ward: createLiveWard(['icu']),
      clock: { now: ward.now },
    });
  });
  afterAll(async () => {
    await api?.stop();
    await ward?.dispose();
  });

  const list = async (query = ''): Promise<MonitorAlarmPage> =>
    MonitorAlarmPage.parse(await (await api.ask(`/api/v1/monitor-alarms?${query}`, { role: 'viewer' })).json());

  it('are listed, the newest first, with the last and the worst that the monitor told', async () => {
    const { alarms, next } = await list();
    expect(next).toBeNull();
    expect(
      alarms.map(({ number, priority, worstPriority, state }) => [number, priority, worstPriority, state]),
    ).toEqual([
      ['2', 'low', 'low', 'active'],
      ['1', 'low', 'high', 'ended'],
    ]);
    expect(alarms[1]).toMatchObject({ value: 240, unitOfValue: '/min', limits: [50, null], device: deviceOf(BED) });
  });

  it('are chosen by bed, device, time, priority and whether they are open, a page at a time', async () => {
    const numbers = async (query: string) => (await list(query)).alarms.map(({ number }) => number);
    expect(await numbers(`bed=${BED}&device=${deviceOf(BED)}&unit=icu&open=true`)).toEqual(['2']);
    expect(await numbers('bed=bed-9')).toEqual([]);
    expect(await numbers(`to=${new Date(startedAt).toISOString()}`)).toEqual([]);
    expect(await numbers('priority=high')).toEqual([]);
    const { alarms, next } = await list('limit=1');
    expect(alarms).toHaveLength(1);
    expect(await numbers(`limit=1&before=${next}`)).toEqual(['1']);
    expect((await api.ask('/api/v1/monitor-alarms?kind=x', { role: 'viewer' })).status).toBe(400);
  });

  it('tell all that happened to one', async () => {
    const [, vf] = (await list()).alarms;
    const answer = await api.ask(`/api/v1/monitor-alarms/${vf?.id}`, { role: 'viewer' });
    const { events } = MonitorAlarmHistory.parse(await answer.json());
    expect(events.map(({ type }) => type)).toEqual(['onset', 'escalated', 'de-escalated', 'ended']);
    expect((await api.ask('/api/v1/monitor-alarms/nothing', { role: 'viewer' })).status).toBe(404);
  });

  it('are counted in the burden beside those of the station, each by its worst', async () => {
    await eventually(async () => {
      const burden = await readBurden(ward.database.pool, { fromMs: startedAt, toMs: ward.now() });
      expect(burden.total.alarms).toBe(0);
      expect(burden.monitors).toMatchObject({
        alarms: 2,
        announcements: 3,
        byPriority: { low: 1, medium: 0, high: 1 },
      });
    });
  });
});
