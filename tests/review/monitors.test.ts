import { afterEach, expect, test } from 'vitest';
import { verifyMonitors } from '../../review/monitors.ts';
import { eventually } from '../support/eventually.ts';
import { createIngestWard, deviceOf, type IngestWard } from '../support/ingest-ward.ts';
import { plant } from './support/history.ts';

/** What was announced of monitors' alarms follows from what is stored, whatever happened to the station. */

let ward: IngestWard;
afterEach(() => ward?.dispose());

const BED = 'bed-1';
const VT = { id: 1, phase: 'start', event: 'MDC_EVT_ECG_V_TACHY', priority: 'high' };

const go = async (alarms: object[], rest: object = {}) => {
  ward.advance(4_000);
  await ward.report(BED, { boot: 'b1', alarms, ...rest });
};

const shown = () =>
  ward
    .ingest()
    .live.snapshot('icu')
    ?.beds.find(({ id }) => id === BED)?.monitorAlarms ?? [];

/** Alarms that begin, are missed by time alone, are answered, survive a crash and end in every way. */
const live = async (): Promise<number> => {
  ward = await createIngestWard();
  await ward.start();
  const startedAt = ward.now();
  await go([VT], { seq: 1 });
  await go([{ id: 1, phase: 'continue' }], { seq: 2 });
  await go([{ id: 2, phase: 'tpoint', text: 'PVC', priority: 'low' }], { seq: 3 });
  ward.advance(30_000);
  await eventually(() => expect(shown().map(({ kind }) => kind)).toContain('not-confirmed'));
  await ward.crash();
  ward.advance(30_000);
  await ward.start();
  const vt = shown().find(({ number }) => number === '1');
  await ward.ingest().alarms.act(BED, { type: 'acknowledge', alarm: vt?.id ?? '', by: 'Ada' });
  await go([{ id: 1, phase: 'escalate' }], { seq: 4 });
  await go([{ id: 3, phase: 'start', text: 'APNEA', priority: 'high' }], { seq: 5 });
  await go([], { boot: 'b2', seq: 0 });
  await go([], { boot: 'b2', seq: 1, snapshot: true });
  await ward.tell(BED, { state: 'offline' });
  await ward.ingest().alarms.act(BED, { type: 'reset', alarm: null, by: 'Ada' });
  ward.advance(30_000);
  await go([]);
  await ward.ingest().drained();
  return startedAt;
};

test('what was announced is what is recomputed, through a crash and silence', async () => {
  const startedAt = await live();
  const verdict = await verifyMonitors(ward.database.pool, BED, { fromMs: startedAt - 60_000, toMs: ward.now() });
  expect(verdict.differences).toEqual([]);
  expect(verdict.expected).toBe(verdict.announced);
  expect(verdict.announced).toBeGreaterThan(10);
});

test('an announcement that is missing, and one that does not follow, are found', async () => {
  const startedAt = await live();
  await plant(ward.database.pool, `delete from monitor_alarm_events where type = 'acknowledged'`);
  await plant(
    ward.database.pool,
    `update monitor_alarm_events set detail = jsonb_set(detail, '{alarm,priority}', '"low"') where type = 'escalated'`,
  );
  const verdict = await verifyMonitors(ward.database.pool, BED, { fromMs: startedAt - 60_000, toMs: ward.now() });
  expect(verdict.differences.map(({ what, text }) => `${what}: ${text}`)).toEqual([
    expect.stringContaining(`missing: alarm 1 of ${deviceOf(BED)} acknowledged by Ada`),
    expect.stringContaining('missing: alarm 1 of'),
    expect.stringContaining('unexpected: alarm 1 of'),
  ]);
});

test('a bed of which monitors reported nothing is not judged', async () => {
  ward = await createIngestWard();
  await ward.start();
  const range = { fromMs: ward.now() - 60_000, toMs: ward.now() };
  expect((await verifyMonitors(ward.database.pool, 'nobody', range)).judged).toBeNull();
});
