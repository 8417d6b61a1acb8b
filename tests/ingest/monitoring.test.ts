import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Monitoring, monitoringOf } from '#domain/monitoring.ts';
import { readRegistryCopy } from '../../ingest/registry-store.ts';
import { eventually } from '../support/eventually.ts';
import { createIngestWard, deviceOf, type IngestWard } from '../support/ingest-ward.ts';

/** What a snapshot says of beds that nobody watches, by a clock that is moved on. */

let ward: IngestWard;

beforeAll(async () => {
  ward = await createIngestWard({ beds: ['never', 'refused', 'late', 'well', 'slow'] });
  await ward.start();
});

afterAll(() => ward.dispose());

const MINUTE = 60_000;

const monitored = (): Record<string, Monitoring> => {
  const snapshot = ward.ingest().live.snapshot('icu');
  if (!snapshot) throw new Error('there is no unit');
  return Object.fromEntries(
    snapshot.beds.map(({ id, patient }) => {
      const device = snapshot.devices.find(({ bed }) => bed === id);
      return [id, monitoringOf({ hasPatient: patient !== null, device, isStandby: false }, ward.now())];
    }),
  );
};

const refuse = (bed: string) => ward.measure(bed, { 'no-such-vital': 1 });
const measureLate = (bed: string) => ward.measure(bed, { spo2: 97 }, { time: ward.now() - 5 * MINUTE });

const sendAll = async (): Promise<void> => {
  await refuse('refused');
  await measureLate('late');
  await ward.measure('well', { 'heart-rate': 70 });
};

test('before a minute is over, a bed whose device never sent is waited for', async () => {
  await sendAll();
  expect(monitored()).toEqual({
    never: 'waiting',
    refused: 'refused',
    late: 'late',
    well: 'monitored',
    slow: 'waiting',
  });
});

test('within a minute a bed whose device never sends, and one whose messages are all refused, say so', async () => {
  ward.advance(MINUTE);
  await sendAll();
  expect(monitored()).toMatchObject({ never: 'not-heard', refused: 'refused', late: 'late', well: 'monitored' });
});

test('a device that was heard and falls silent is lost', async () => {
  ward.advance(20_000);
  await eventually(() => expect(monitored()).toMatchObject({ well: 'lost', never: 'not-heard' }));
});

test('after a restart the same is said anew, within a minute', async () => {
  await ward.crash();
  await ward.start();
  await refuse('refused');
  await ward.measure('well', { 'heart-rate': 70 });
  expect(monitored()).toMatchObject({ never: 'waiting', refused: 'refused', late: 'waiting', well: 'monitored' });
  ward.advance(MINUTE);
  expect(monitored()).toMatchObject({ never: 'not-heard', late: 'not-heard' });
});

test('a device that sends once a minute is shown by spot readings once a person has confirmed it', async () => {
  const device = () =>
    ward
      .ingest()
      .live.snapshot('icu')
      ?.devices.find(({ id }) => id === deviceOf('slow'));
  for (let minute = 0; minute < 5; minute++) {
    ward.advance(MINUTE);
    await ward.measure('slow', { 'heart-rate': 70 });
  }
  expect(device()).toMatchObject({ intervalMs: null, intervalProposedMs: MINUTE });
  await ward.database.pool.query('update devices set expected_interval_ms = $2 where id = $1', [
    deviceOf('slow'),
    MINUTE,
  ]);
  await ward.ingest().reloadRegistry();
  expect(device()).toMatchObject({ intervalMs: MINUTE, intervalProposedMs: null });
  ward.advance(MINUTE);
  expect(monitored()).toMatchObject({ slow: 'spot' });
});

test('once it sends each second it is expected to, on record and after a restart', async () => {
  for (let second = 0; second < 8; second++) {
    ward.advance(1_000);
    await ward.measure('slow', { 'heart-rate': 70 });
  }
  await eventually(async () => {
    const { rows } = await ward.database.pool.query<{ subject: string; actor: string; ms: number | null }>(
      `select subject, actor, expected_interval_ms as ms from audit_log join devices on devices.id = subject
       where action = 'device:interval'`,
    );
    expect(rows).toEqual([{ subject: deviceOf('slow'), actor: 'station', ms: null }]);
    const copy = await readRegistryCopy(join(ward.dataDir(), 'registry.json'));
    expect(copy?.devices).toContainEqual(expect.objectContaining({ id: deviceOf('slow'), intervalMs: null }));
  });
  await ward.crash();
  await ward.start({ withDatabase: false });
  expect(ward.ingest().live.snapshot('icu')?.devices).toContainEqual(
    expect.objectContaining({ id: deviceOf('slow'), intervalMs: null, intervalProposedMs: null }),
  );
});
