import { afterEach, expect, test } from 'vitest';
import type { MonitorAlarm } from '#domain/monitor-alarms/alarm.ts';
import { eventually } from '../support/eventually.ts';
import { createIngestWard, deviceOf, type IngestWard } from '../support/ingest-ward.ts';

/** Alarms of a monitor from the message to the frame and to the database, through stops and crashes. */

let ward: IngestWard;
afterEach(() => ward?.dispose());

const BED = 'bed-1';

const openWard = async (): Promise<IngestWard> => {
  ward = await createIngestWard();
  await ward.start();
  return ward;
};

const VT = { id: 7, phase: 'start', event: 'MDC_EVT_ECG_V_TACHY', text: '*** VTACH', priority: 'high', type: 'SP' };

const shown = (): readonly MonitorAlarm[] =>
  ward
    .ingest()
    .live.snapshot('icu')
    ?.beds.find(({ id }) => id === BED)?.monitorAlarms ?? [];

const told = (): string[] => ward.frames().flatMap(({ monitorEvents = [] }) => monitorEvents.map(({ type }) => type));

const ids = (): string[] => shown().map(({ id }) => id);

const storedTypes = async (): Promise<string[]> => {
  await ward.ingest().drained();
  const { rows } = await ward.database.pool.query<{ type: string }>(
    'select type from monitor_alarm_events order by at, journal_seq, place',
  );
  return rows.map(({ type }) => type);
};

test('an alarm of a monitor is on the screens as it was told, and in the database once it has ended', async () => {
  await openWard();
  await ward.report(BED, { boot: 'b1', seq: 1, alarms: [VT] });
  expect(shown()).toMatchObject([{ number: '7', text: '*** VTACH', priority: 'high', device: deviceOf(BED) }]);
  expect(ward.frames().at(-1)).toMatchObject({ bed: BED, monitorAlarms: [{ number: '7' }], events: [] });
  await ward.report(BED, { boot: 'b1', seq: 2, alarms: [{ id: '7', phase: 'end' }] });
  expect(shown()).toEqual([]);
  expect(told()).toEqual(['onset', 'ended']);
  expect(await storedTypes()).toEqual(['onset', 'ended']);
  const { rows } = await ward.database.pool.query('select state, end_cause, worst_priority, text from monitor_alarms');
  expect(rows).toEqual([{ state: 'ended', end_cause: 'ended', worst_priority: 'high', text: '*** VTACH' }]);
});

test('a message that comes again is harmless, and one that is missing is a gap of its channel', async () => {
  await openWard();
  const first = { time: ward.now(), boot: 'b1', seq: 1, alarms: [VT] };
  await ward.report(BED, first);
  await ward.report(BED, first, { isRepeat: true });
  await ward.report(BED, { boot: 'b1', seq: 4, alarms: [{ id: 7, phase: 'end' }] });
  await ward.report(BED, first, { isRepeat: true });
  expect(told()).toEqual(['onset', 'ended']);
  await ward.ingest().drained();
  await eventually(async () => {
    const { rows } = await ward.database.pool.query('select channel, from_seq, to_seq from gaps');
    expect(rows.map(({ channel, from_seq, to_seq }) => [channel, Number(from_seq), Number(to_seq)])).toEqual([
      ['alarms', 2, 3],
    ]);
  });
});

test('one bad alarm costs itself, is told by its name, and leaves a snapshot unable to end anything', async () => {
  await openWard();
  await ward.report(BED, { boot: 'b1', seq: 1, alarms: [VT] });
  const bad = { id: 8, phase: 'begin', text: 'AFIB' };
  await ward.report(BED, { boot: 'b1', seq: 2, snapshot: true, alarms: [bad, { ...VT, id: 9 }] });
  expect(shown().map(({ number }) => number)).toEqual(['7', '9']);
  await ward.ingest().drained();
  const { rows } = await ward.database.pool.query('select reason, detail from rejected_messages');
  expect(rows).toMatchObject([{ reason: 'alarm-invalid' }]);
  expect(rows[0]?.detail).toContain('alarm 8: phase');
  await ward.report(BED, { boot: 'b1', seq: 3, snapshot: true, alarms: [{ ...VT, id: 9 }] });
  expect(shown()).toMatchObject([
    { number: '7', state: 'latched' },
    { number: '9', state: 'active' },
  ]);
});

test('somebody acknowledges it here, by its id, and it ends by what the monitor tells', async () => {
  await openWard();
  await ward.report(BED, { alarms: [VT] });
  const { alarms } = ward.ingest();
  const [id = ''] = ids();
  expect(await alarms.bedOf(id)).toBe(BED);
  expect((await alarms.active()).beds).toMatchObject([{ bed: BED, alarms: [], monitorAlarms: [{ id }] }]);
  await alarms.act(BED, { type: 'acknowledge', alarm: id, by: 'Ada' });
  expect(shown()[0]?.acknowledged?.by).toBe('Ada');
  await expect(alarms.act(BED, { type: 'reset', alarm: id, by: 'Ada' })).rejects.toThrow('has not ended');
  await expect(alarms.act(BED, { type: 'acknowledge', alarm: `${id}9`, by: 'Ada' })).rejects.toThrow('no alarm');
});

test('after a crash it is there and not confirmed, is not announced again, and its end still comes', async () => {
  await openWard();
  await ward.report(BED, { boot: 'b1', seq: 1, alarms: [VT] });
  await ward.crash();
  await ward.start();
  await eventually(() => expect(shown()).toMatchObject([{ number: '7', unconfirmed: 'device' }]));
  await ward.report(BED, { boot: 'b1', seq: 1, alarms: [VT] });
  await ward.report(BED, { boot: 'b1', seq: 2, alarms: [{ id: 7, phase: 'end' }] });
  expect(told()).toEqual(['unconfirmed', 'ended']);
  expect(await storedTypes()).toEqual(['onset', 'unconfirmed', 'ended']);
});

test('with the database away it is announced and acknowledged all the same', async () => {
  await openWard();
  ward.link.down();
  await ward.report(BED, { alarms: [VT] });
  expect(told()).toEqual(['onset']);
  ward.link.up();
  expect(await storedTypes()).toEqual(['onset']);
});

test('a device that goes offline leaves it unconfirmed', async () => {
  await openWard();
  await ward.report(BED, { alarms: [VT] });
  await ward.tell(BED, { state: 'offline' });
  await eventually(() => expect(shown()).toMatchObject([{ unconfirmed: 'device' }]));
});

test('what is told late opens nothing and is kept', async () => {
  await openWard();
  await ward.report(BED, { time: ward.now() - 120_000, alarms: [VT] });
  expect(shown()).toEqual([]);
  await ward.ingest().drained();
  const { rows } = await ward.database.pool.query(
    `select input -> 'late' as late from monitor_alarm_inputs where type = 'reported'`,
  );
  expect(rows).toEqual([{ late: true }]);
});

test('another patient ends it, and so does the move of its device to another bed', async () => {
  await openWard();
  const { pool } = ward.database;
  const arrive = async (name: string): Promise<void> => {
    await pool.query(`update encounters set ended_at = now() where ended_at is null`);
    await pool.query(
      `with patient as (
         insert into patients (name, sex, age_group) values ($1, 'unknown', 'adult') returning id
       ) insert into encounters (patient_id, bed_id, started_at) select id, $2, now() from patient`,
      [name, BED],
    );
    await ward.ingest().reloadRegistry();
  };
  await arrive('Ada');
  await ward.report(BED, { boot: 'b1', seq: 1, alarms: [VT] });
  expect(shown()).toHaveLength(1);
  ward.advance(10_000);
  await arrive('Bea');
  await eventually(() => expect(shown()).toEqual([]));
  ward.advance(10_000);
  await ward.report(BED, { boot: 'b1', seq: 2, alarms: [{ ...VT, id: 8 }] });
  expect(shown()).toHaveLength(1);
  await pool.query('update device_assignments set ended_at = now() where ended_at is null');
  await ward.ingest().reloadRegistry();
  await eventually(() => expect(shown()).toEqual([]));
  await ward.ingest().drained();
  const { rows } = await pool.query(`select end_cause from monitor_alarms`);
  expect(rows).toEqual([{ end_cause: 'occupancy' }, { end_cause: 'occupancy' }]);
});
