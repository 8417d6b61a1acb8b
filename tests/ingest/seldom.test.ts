import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { createIngestWard, type IngestWard, wordsOf } from '../support/ingest-ward.ts';

/** A device that sends once a minute, by a clock that is moved on. */

const BED = 'bed-1';
const MINUTE = 60_000;

let ward: IngestWard;

beforeAll(async () => {
  ward = await createIngestWard({ beds: [BED] });
  await ward.start();
});

afterAll(() => ward.dispose());

const confirm = async (intervalMs: number | null): Promise<void> => {
  await ward.database.pool.query('update devices set expected_interval_ms = $1', [intervalMs]);
  await ward.ingest().reloadRegistry();
  await ward.later();
};

/** A minute goes by in steps, so that all that is due is decided. */
const minutes = async (count: number): Promise<void> => {
  for (let minute = 0; minute < count; minute++) {
    await ward.measure(BED, { 'heart-rate': 70, spo2: 97 });
    for (let step = 0; step < 4; step++) {
      ward.advance(MINUTE / 4);
      await ward.later();
    }
  }
};

const silences = (): string[] => wordsOf(ward.frames()).filter((word) => word.startsWith('device-link'));

test('without its interval it is taken to fall silent each minute', async () => {
  await minutes(2);
  await eventually(() => expect(silences().length).toBeGreaterThan(1));
});

test('with its interval confirmed it is silent only when messages are missing', async () => {
  await confirm(MINUTE);
  await ward.measure(BED, { 'heart-rate': 70, spo2: 97 });
  await ward.later();
  const before = silences().length;
  await minutes(6);
  expect(silences().length).toBe(before);
  ward.advance(3 * MINUTE);
  await eventually(() => expect(silences().length).toBe(before + 1));
});

test('what is in force is in the record, and is in force after a restart', async () => {
  await ward.ingest().drained();
  const { rows } = await ward.database.pool.query<{ ms: number }>(
    `select input -> 'intervalMs' as ms from alarm_inputs where input ->> 'type' = 'device' and input ? 'intervalMs'`,
  );
  expect(rows.map(({ ms }) => ms)).toContain(MINUTE);
  await ward.crash();
  await ward.start();
  await minutes(4);
  expect(silences()).toEqual(['device-link ended recovered']);
});

test('an interval that was taken back while the station was not there is not in force any more', async () => {
  await ward.stop();
  await ward.database.pool.query('update devices set expected_interval_ms = null');
  await ward.crash();
  await ward.start();
  await minutes(2);
  await eventually(() => expect(silences().length).toBeGreaterThan(1));
});
