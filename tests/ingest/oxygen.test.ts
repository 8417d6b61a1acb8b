import { afterAll, beforeAll, expect, test } from 'vitest';
import { ActionRefusedError } from '#domain/alarms/actions.ts';
import { eventually } from '../support/eventually.ts';
import { createIngestWard, type IngestWard, wordsOf } from '../support/ingest-ward.ts';

/** A newborn whose saturation is high: whether that is an alarm depends on what is known of the oxygen. */

const BED = 'nicu-1';
const SECOND = 1_000;

let ward: IngestWard;

beforeAll(async () => {
  ward = await createIngestWard({ beds: [BED, 'empty'] });
  await ward.database.pool.query(`
    with born as (insert into patients (name, age_group) values ('Ada', 'neonatal') returning id)
    insert into encounters (patient_id, bed_id, started_at) select id, '${BED}', now() - interval '1 s' from born`);
  await ward.start();
});

afterAll(() => ward.dispose());

const oxygen = () =>
  ward
    .ingest()
    .live.snapshot('icu')
    ?.beds.find(({ id }) => id === BED)?.oxygen;

const isHigh = (): boolean => ward.alarms(BED).some(({ kind }) => kind === 'spo2-high');

const measureFor = async (seconds: number, vitals: Record<string, number>): Promise<void> => {
  for (let second = 0; second < seconds; second++) {
    ward.advance(SECOND);
    await ward.measure(BED, vitals);
  }
};

test('while nobody has said what the newborn breathes, a high saturation alarms', async () => {
  await measureFor(14, { 'heart-rate': 140, spo2: 98 });
  await eventually(() => expect(isHigh()).toBe(true));
  expect(oxygen()).toBeUndefined();
});

test('once room air is recorded the high limit is off, and who recorded it is shown', async () => {
  await ward.ingest().alarms.recordOxygen(BED, { by: 'Ann', roomAir: true });
  await eventually(() => expect(isHigh()).toBe(false));
  const by = { by: 'Ann', at: expect.any(Number) };
  expect(oxygen()).toEqual({ roomAir: by, highSpo2Off: { because: 'room-air', ...by } });
  expect(wordsOf(ward.frames()).filter((word) => word.startsWith('spo2-high'))).toEqual([
    'spo2-high onset',
    'spo2-high ended limits-changed',
  ]);
});

test('it is off after a restart too, and is kept with who said so', async () => {
  await ward.ingest().drained();
  await ward.crash();
  await ward.start();
  expect(oxygen()).toMatchObject({ highSpo2Off: { because: 'room-air', by: 'Ann' } });
  await measureFor(14, { 'heart-rate': 140, spo2: 98 });
  expect(isHigh()).toBe(false);
  const { rows } = await ward.database.pool.query<{ input: object }>(
    `select input from alarm_inputs where input ->> 'type' = 'oxygen'`,
  );
  expect(rows).toMatchObject([{ input: { type: 'oxygen', by: 'Ann', roomAir: true } }]);
});

test('measured oxygen brings it back into force, whatever was recorded', async () => {
  await measureFor(14, { 'heart-rate': 140, spo2: 98, fio2: 30 });
  await eventually(() => expect(isHigh()).toBe(true));
  expect(oxygen()).toMatchObject({ highSpo2Off: null });
});

test('nothing can be recorded of a bed in which nobody is, nor of one that is not there', async () => {
  await expect(ward.ingest().alarms.recordOxygen('empty', { by: 'Ann', roomAir: true })).rejects.toThrow(
    ActionRefusedError,
  );
  await expect(ward.ingest().alarms.recordOxygen('nowhere', { by: 'Ann', roomAir: true })).rejects.toThrow('no bed');
});
