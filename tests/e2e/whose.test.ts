import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';
import { provision } from '../../simulators/provision.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { createTestStation } from '../support/station.ts';

/** Whose a reading is, through the broker: in the topics of any unit, retained, and after a move. */

const releases = releaseAfterEach();

const placeOf = (unit: string, bed: string, device: string) => ({
  unit: { id: unit, name: unit },
  bed: { id: bed, label: bed },
  device: { id: device, model: 'test' },
});

test('a device that is given to another unit, retains what it sends, or is moved: each reading has its owner or nobody', async () => {
  const database = await createTestDatabase();
  releases.push(database.drop);
  const station = await createTestStation({ databaseUrl: database.url });
  releases.push(station.dispose);
  const { http, mqtt } = await station.start();
  const token = await station.token('operator');
  const since = Date.now() - 60_000;
  const places = [placeOf('icu', 'b1', 'm1'), placeOf('ward', 'b2', 'm2')];
  const secrets = await provision({ stationUrl: http, token, places, since });
  const ask = async (method: string, path: string, body: unknown) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${http}/api/v1/${path}`, { method, headers, body: JSON.stringify(body) });
    expect(response.ok).toBe(true);
  };
  const client = await connectAsync(
    mqtt,
    { clientId: 'm1', username: 'm1', password: secrets.get('m1') ?? '', reconnectPeriod: 0 },
    false,
  );
  releases.push(() => client.endAsync(true));
  let closes = 0;
  client.on('close', () => {
    closes++;
  });
  const send = (unit: string, value: number, message: object, options: object = {}) =>
    client.publishAsync(`ward/v1/${unit}/m1/vitals`, JSON.stringify({ ...message, vitals: { 'heart-rate': value } }), {
      qos: 1,
      ...options,
    });

  await send('icu', 61, { time: Date.now() });
  await ask('PATCH', 'devices/m1', { unit: 'ward' });
  await send('icu', 62, { time: Date.now() });
  await send('elsewhere', 63, { time: Date.now() });
  await send('icu', 64, {}, { retain: true });
  const beforeTheMove = Date.now();
  const { rows: open } = await database.pool.query<{ id: number; device_id: string }>(
    'select id, device_id from device_assignments where ended_at is null',
  );
  const movedAt = new Date(beforeTheMove + 1).toISOString();
  for (const { id } of open) await ask('PATCH', `assignments/${id}`, { end: movedAt });
  await ask('POST', 'assignments', { device: 'm1', bed: 'b2', start: movedAt });
  await send('icu', 65, { time: beforeTheMove });
  await send('icu', 66, { time: Date.now() });

  await eventually(async () => {
    const { rows } = await database.pool.query(
      `select value, bed, late from readings where device = 'm1' order by value`,
    );
    expect(rows.filter(({ value }) => value !== 65)).toEqual([
      { value: 61, bed: 'b1', late: false },
      { value: 62, bed: 'b1', late: false },
      { value: 63, bed: 'b1', late: false },
      { value: 64, bed: null, late: true },
      { value: 66, bed: 'b2', late: false },
    ]);
    const [moved] = rows.filter(({ value }) => value === 65);
    expect(moved?.late).toBe(true);
    expect(moved?.bed).not.toBe('b2');
  });
  const { rows: refused } = await database.pool.query(
    `select reason from rejected_messages where device_id = 'm1' and reason = 'time-unknown'`,
  );
  expect(refused).toHaveLength(1);
  expect(closes).toBe(0);
});
