import { afterEach, expect, test } from 'vitest';
import { reattribute } from '../../api/stays/reattribute.ts';
import { verifySubject } from '../../review/verify.ts';
import { eventually } from '../support/eventually.ts';
import { createIngestWard, deviceOf, eventsOf, type IngestWard, wordsOf } from '../support/ingest-ward.ts';

/** Clocks of devices and of the station that are wrong and are put right, and whose a reading is, up to the database. */

let ward: IngestWard;
afterEach(() => ward?.dispose());

const SECOND = 1_000;
const BED = 'bed-1';
const NORMAL = { 'heart-rate': 80, 'pulse-rate': 80 };
const RACING = { 'heart-rate': 170, 'pulse-rate': 170 };
const ARREST = { 'heart-rate': 0 };

const openWard = async (beds: readonly string[] = [BED]): Promise<void> => {
  ward = await createIngestWard({ beds });
  await ward.start();
};

/** A monitor that counts its messages. */
const createMonitor = (bed = BED) => {
  let seq = 0;
  const monitor = {
    aheadMs: 0,
    send: (vitals: Parameters<IngestWard['measure']>[1], agoMs = 0, rest: object = {}, isRepeat = false) =>
      ward.measure(
        bed,
        vitals,
        { time: ward.now() - agoMs + monitor.aheadMs, boot: 'x', seq: seq++, ...rest },
        { isRepeat },
      ),
    async sendFor(seconds: number, vitals: Parameters<IngestWard['measure']>[1], agoMs = 0): Promise<void> {
      for (let second = 0; second < seconds; second++) {
        await monitor.send(vitals, agoMs);
        ward.advance(SECOND);
      }
    },
  };
  return monitor;
};

const bedOf = (bed = BED) =>
  ward
    .ingest()
    .live.snapshot('icu')
    ?.beds.find(({ id }) => id === bed);
const shown = (bed = BED) => bedOf(bed)?.vitals['heart-rate'];
const words = () => wordsOf(ward.frames());

const findDifferences = async (bed = BED): Promise<string[]> => {
  // A reading much later, so that all before it can be judged.
  ward.advance(20 * SECOND);
  await ward.measure(bed, NORMAL, { time: ward.now() });
  await ward.ingest().drained();
  const range = { fromMs: ward.now() - 3_600 * SECOND, toMs: ward.now() };
  const { differences, announced } = await verifySubject(ward.database.pool, bed, range);
  expect(announced).toBeGreaterThan(0);
  return differences.map(({ text }) => text);
};

type Stored = { bed: string | null; encounter: number | null; late: boolean; value: number };

const stored = async (signal = 'heart-rate'): Promise<Stored[]> => {
  await ward.ingest().drained();
  const { rows } = await ward.database.pool.query<Stored>(
    `select series.bed_id as bed, series.encounter_id as encounter, vitals.late, vitals.value
     from vitals join series on series.id = series_id where signal = $1 order by vitals.time`,
    [signal],
  );
  return rows;
};

test.each([11, -11, 3_600, -3_600])(
  'a device clock that is %i s off and put right: wall and alarms go on as one',
  async (offS) => {
    await openWard();
    const monitor = createMonitor();
    monitor.aheadMs = offS * SECOND;
    if (offS < -30) await ward.tell(BED, { time: ward.now() + monitor.aheadMs });
    await monitor.sendFor(20, NORMAL);
    monitor.aheadMs = 0;
    for (let second = 0; second < 12; second++) {
      await monitor.send(RACING);
      expect(shown()?.value).toBe(170);
      expect(ward.now() - (shown()?.time ?? 0)).toBeLessThan(2 * SECOND);
      ward.advance(SECOND);
    }
    await eventually(() => expect(words()).toContain('heart-rate-high onset'));
    const onset = eventsOf(ward.frames()).find((event) => 'alarm' in event && event.alarm.kind === 'heart-rate-high');
    expect(onset && 'alarm' in onset ? onset.at - onset.alarm.startedAt : 0).toBeLessThanOrEqual(6 * SECOND);
    expect(words().filter((word) => word.startsWith('device-link'))).toEqual([]);
    expect(await findDifferences()).toEqual([]);
  },
);

test('a device clock that is put to a wrong time, behind, is noticed and keeps what is live', async () => {
  await openWard();
  const monitor = createMonitor();
  await monitor.sendFor(20, NORMAL);
  monitor.aheadMs = -20 * SECOND;
  await monitor.sendFor(3, RACING);
  expect(shown()?.value).toBe(170);
  expect(ward.now() - (shown()?.time ?? 0)).toBeGreaterThan(19 * SECOND);
  await monitor.sendFor(10, RACING);
  await eventually(() => expect(words()).toContain('heart-rate-high onset'));
  expect(await findDifferences()).toEqual([]);
});

test.each(['in its status', 'in each message'])(
  'a device 40 s behind that tells the time %s is monitored, and an arrest is announced',
  async (where) => {
    await openWard();
    const monitor = createMonitor();
    monitor.aheadMs = -40 * SECOND;
    const sent = () => (where === 'in each message' ? { sent: ward.now() + monitor.aheadMs } : {});
    if (where === 'in its status') await ward.tell(BED, { time: ward.now() + monitor.aheadMs });
    for (let second = 0; second < 15; second++) {
      await monitor.send(NORMAL, 0, sent());
      ward.advance(SECOND);
    }
    expect(shown()?.value).toBe(80);
    expect(ward.now() - (shown()?.time ?? 0)).toBeLessThan(2 * SECOND);
    for (let second = 0; second < 8; second++) {
      await monitor.send(ARREST, 0, sent());
      ward.advance(SECOND);
    }
    await eventually(() => expect(ward.alarms(BED).map(({ condition }) => condition)).toContain('asystole'));
    expect(await findDifferences()).toEqual([]);
  },
);

test('what is 40 s late by a gateway stays late, with a status that tells another time or with none', async () => {
  await openWard(['bed-1', 'bed-2']);
  const untold = createMonitor('bed-1');
  const told = createMonitor('bed-2');
  await ward.tell('bed-2', { time: ward.now() });
  for (let second = 0; second < 30; second++) {
    await untold.send(NORMAL, 40 * SECOND);
    await told.send(NORMAL, 40 * SECOND);
    ward.advance(SECOND);
  }
  expect(shown('bed-1')).toBeUndefined();
  expect(shown('bed-2')).toBeUndefined();
  const devices = ward.ingest().live.snapshot('icu')?.devices ?? [];
  expect(devices.map(({ data }) => data)).toEqual(['late', 'late']);
});

test.each([
  ['1970', 0],
  ['2000', Date.UTC(2000, 0, 1)],
])('a device whose clock begins in %s is live by arrival and stored at it, and alarms', async (_, begin) => {
  await openWard();
  const monitor = createMonitor();
  monitor.aheadMs = begin - ward.now();
  await monitor.sendFor(15, NORMAL);
  expect(shown()?.value).toBe(80);
  await monitor.sendFor(10, RACING);
  await eventually(() => expect(words()).toContain('heart-rate-high onset'));
  await eventually(() => expect(words()).toContain('device-clock onset'));
  expect(await stored()).toHaveLength(25);
  const { rows } = await ward.database.pool.query('select from rejected_messages');
  expect(rows).toEqual([]);
  const far = await ward.database.pool.query(
    'select from vitals where abs(extract(epoch from received_at - time)) > 2',
  );
  expect(far.rows).toEqual([]);
  expect(await findDifferences()).toEqual([]);
});

test.each([40, -40, 3_600])(
  'our own clock that is put %i s forward makes no device late or silent',
  async (bySeconds) => {
    await openWard();
    const monitor = createMonitor();
    await monitor.sendFor(20, NORMAL);
    ward.putForward(bySeconds * SECOND);
    // The devices go by the right time.
    monitor.aheadMs = -bySeconds * SECOND;
    await ward.later();
    await monitor.sendFor(5, RACING);
    expect(shown()?.value).toBe(170);
    await eventually(() => expect(words()).toContain('heart-rate-high onset'));
    expect(words().filter((word) => word.startsWith('device-link'))).toEqual([]);
  },
);

test('a message that waits for its turn while our own clock is put forward calls nobody silent', async () => {
  await openWard();
  const monitor = createMonitor();
  await monitor.sendFor(20, NORMAL);
  ward.putForward(40 * SECOND);
  await ward.measure(BED, NORMAL, { time: ward.now() - 40 * SECOND, boot: 'x', seq: 20 }, { heldMs: 5 });
  await ward.later();
  await monitor.sendFor(1, NORMAL, 40 * SECOND);
  expect(words().filter((word) => word.startsWith('device-link'))).toEqual([]);
});

test('what a device measured before it was moved is stored where it was, and never shown or announced where it is', async () => {
  await openWard(['bed-1', 'bed-2']);
  const monitor = createMonitor('bed-1');
  await monitor.sendFor(15, NORMAL);
  const { pool } = ward.database;
  const device = deviceOf('bed-1');
  const movedAt = ward.now();
  await pool.query(`update device_assignments set ended_at = $1 where ended_at is null`, [new Date(movedAt)]);
  await pool.query(`insert into device_assignments (device_id, bed_id, started_at) values ($1, 'bed-2', $2)`, [
    device,
    new Date(movedAt),
  ]);
  await ward.ingest().reloadRegistry();
  ward.advance(3 * SECOND);
  await monitor.send(RACING, 3.5 * SECOND);
  expect(shown('bed-1')).toBeUndefined();
  expect(shown('bed-2')).toBeUndefined();
  await monitor.send(NORMAL);
  expect(shown('bed-2')?.value).toBe(80);
  await ward.later();
  expect(words().filter((word) => word.startsWith('heart-rate'))).toEqual([]);
  const racing = (await stored()).filter(({ value }) => value === 170);
  expect(racing).toEqual([{ bed: 'bed-1', encounter: null, late: true, value: 170 }]);
});

test('what may be of either of two stays nobody’s when stays are corrected', async () => {
  await openWard();
  await ward.measure(BED, RACING, { time: undefined }, { isRepeat: true });
  await ward.measure(BED, NORMAL);
  await ward.ingest().drained();
  // The stored readings are moved to series of nobody, as if nobody had registered the device at the bed.
  await ward.database.pool.query(
    `update vitals set series_id = nobody.id from series as own join series as nobody using (signal)
     where vitals.series_id = own.id and own.bed_id is not null and nobody.bed_id is null`,
  );
  expect((await stored()).map(({ bed }) => bed)).toEqual([null, null]);
  const from = new Date(ward.now() - 3_600 * SECOND).toISOString();
  await reattribute(ward.database.pool, { device: deviceOf(BED), from, to: null });
  const owners = (await stored()).map(({ bed, value }) => [bed, value]);
  expect(new Map(owners.map(([bed, value]) => [value, bed]))).toEqual(
    new Map([
      [170, null],
      [80, BED],
    ]),
  );
});

test('what was retained or is sent again without a time is kept for nobody, with a trace', async () => {
  await openWard();
  const monitor = createMonitor();
  await monitor.sendFor(3, NORMAL);
  await monitor.send(RACING, 0, { time: undefined }, true);
  expect(shown()?.value).toBe(80);
  await ward.later();
  expect(words()).toEqual([]);
  const racing = (await stored()).filter(({ value }) => value === 170);
  expect(racing).toEqual([{ bed: null, encounter: null, late: true, value: 170 }]);
  const { rows } = await ward.database.pool.query('select device_id, reason from rejected_messages');
  expect(rows).toEqual([{ device_id: deviceOf(BED), reason: 'time-unknown' }]);
});

test('what a bed showed before a restart is not shown to who came since', async () => {
  await openWard();
  await ward.measure(BED, { 'nibp-systolic': 120 });
  await ward.ingest().drained();
  ward.advance(60 * SECOND);
  await ward.stop();
  await ward.database.pool.query(`update device_assignments set ended_at = $1 where ended_at is null`, [
    new Date(ward.now() - 20 * SECOND),
  ]);
  await ward.database.pool.query(`insert into device_assignments (device_id, bed_id, started_at) values ($1, $2, $3)`, [
    deviceOf(BED),
    BED,
    new Date(ward.now() - 10 * SECOND),
  ]);
  await ward.start();
  expect(bedOf()?.vitals).toEqual({});
});
