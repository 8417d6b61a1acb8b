import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { provision } from '../../simulators/provision.ts';
import { asLines, createTestBeds, storedReadings } from '../support/beds.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { makeGarbage } from '../support/garbage.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { createTestStation } from '../support/station.ts';

/** Bad input gets a clear reason and costs nobody else anything. */

const releases = releaseAfterEach();

const Counted = z.array(z.object({ reason: z.string(), count: z.number() }));

test('a thousand garbage payloads: each acknowledged, counted and kept with its reason, and no honest bed notices', async () => {
  const database = await createTestDatabase();
  releases.push(database.drop);
  const station = await createTestStation({ databaseUrl: database.url });
  releases.push(station.dispose);
  await station.start();
  const honest = await createTestBeds({ station, count: 20 });
  releases.push(honest.stop);
  const publishing = setInterval(() => honest.publishAll(Date.now()), 50);
  releases.push(() => clearInterval(publishing));

  const { http, mqtt } = station.addresses();
  const device = { id: 'vandal', model: 'test' };
  const place = { unit: { id: 'icu', name: 'Intensive care' }, bed: { id: 'bed-x', label: 'X' }, device };
  const token = await station.token('operator');
  const secrets = await provision({ stationUrl: http, token, places: [place], since: Date.now() });
  const vandal = await connectAsync(mqtt, {
    clientId: 'vandal',
    username: 'vandal',
    password: secrets.get('vandal') ?? '',
    reconnectPeriod: 0,
  });
  releases.push(() => vandal.endAsync(true));
  let closed = false;
  vandal.on('close', () => {
    closed = true;
  });

  const garbage = makeGarbage(1_000, 1);
  // Resolves with the PUBACK: what is refused is acknowledged too, or it would come for ever.
  for (const { payload } of garbage) await vandal.publishAsync('ward/v1/icu/vandal/vitals', payload, { qos: 1 });
  expect(closed).toBe(false);

  const expected = new Map<string, number>();
  for (const { reason } of garbage) expected.set(reason, (expected.get(reason) ?? 0) + 1);
  await eventually(async () => {
    const { rows } = await database.pool.query(
      `select reason, count(*)::int as count from rejected_messages where device_id = 'vandal' group by reason`,
    );
    expect(new Map(Counted.parse(rows).map(({ reason, count }) => [reason, count]))).toEqual(expected);
  });
  const metrics = await (await fetch(`${http}/metrics`)).text();
  for (const [reason, count] of expected)
    expect(metrics).toContain(`wardwatch_rejected_total{reason="${reason}"} ${count}`);
  const { rows: kept } = await database.pool.query(`select from readings where device = 'vandal'`);
  expect(kept).toEqual([]);

  clearInterval(publishing);
  await honest.drained();
  expect(honest.clients.map((client) => client.counts().connects)).toEqual(honest.clients.map(() => 1));
  const acknowledged = asLines(honest.acknowledged());
  await eventually(async () => expect(await storedReadings(database.pool, 'bed')).toEqual(acknowledged));
});

test('who publishes as somebody else is closed, who connects as somebody else is not let in, and the other notices nothing', async () => {
  const database = await createTestDatabase();
  releases.push(database.drop);
  const station = await createTestStation({ databaseUrl: database.url });
  releases.push(station.dispose);
  await station.start();
  const { http, mqtt } = station.addresses();
  const beds = await createTestBeds({ station, count: 1 });
  releases.push(beds.stop);
  const place = {
    unit: { id: 'icu', name: 'Intensive care' },
    bed: { id: 'bed-x', label: 'X' },
    device: { id: 'vandal', model: 'test' },
  };
  const secrets = await provision({
    stationUrl: http,
    token: await station.token('operator'),
    places: [place],
    since: Date.now(),
  });
  const password = secrets.get('vandal') ?? '';
  const connectAs = (clientId: string, username: string) =>
    connectAsync(mqtt, { clientId, username, password, reconnectPeriod: 0 }, false);

  await expect(connectAs('bed-monitor-1', 'bed-monitor-1')).rejects.toThrow(/password/);

  const vandal = await connectAs('bed-monitor-1', 'vandal');
  const closed = new Promise<void>((resolve) => vandal.once('close', () => resolve()));
  vandal.publish(
    'ward/v1/icu/bed-monitor-1/vitals',
    JSON.stringify({ vitals: { spo2: 50 } }),
    { qos: 1 },
    () => undefined,
  );
  await closed;
  vandal.end(true);

  beds.publishAll(Date.now());
  await beds.drained();
  await eventually(async () => {
    expect(await storedReadings(database.pool, 'bed')).toEqual(asLines(beds.acknowledged()));
    const { rows } = await database.pool.query('select device_id, reason from rejected_messages');
    expect(rows).toEqual([{ device_id: 'vandal', reason: 'topic-not-yours' }]);
  });
  expect(beds.clients[0]?.counts().connects).toBe(1);
});
