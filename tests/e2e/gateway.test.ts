import { connectAsync, type MqttClient } from 'mqtt';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { verifySubject } from '../../review/verify.ts';
import { provision } from '../../simulators/provision.ts';
import { createStationApi } from '../../simulators/station-api.ts';
import { watchLive } from '../support/alarm-channels.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { createTestStation } from '../support/station.ts';

/** Forty devices that come through one gateway, with the real station: the loss of the gateway is one alarm. */

const BEDS = 40;
const SENDING_EVERY_MS = 1_000;

/** Longer than the delays of device-silent (10 s) and of a vital that is not heard (15 s). */
const LOST_FOR_MS = 20_000;

const releases = releaseAfterEach();

const devices = Array.from({ length: BEDS }, (_, place) => `m${String(place + 1).padStart(2, '0')}`);
const Credentials = z.object({ username: z.string(), secret: z.string() });

const openWard = async () => {
  const database = await createTestDatabase();
  releases.push(database.drop);
  const station = await createTestStation({ databaseUrl: database.url });
  releases.push(station.dispose);
  const { http, mqtt } = await station.start();
  const token = await station.token('operator');
  const places = [...devices, 'other'].map((device) => ({
    unit: { id: 'icu', name: 'icu' },
    bed: { id: `bed-${device}`, label: device },
    device: { id: device, model: 'test' },
  }));
  await provision({ stationUrl: http, token, places, since: Date.now() - 600_000 });
  const { request } = createStationApi({ url: http, token });
  const { secret } = await request(Credentials, 'POST', 'gateways', { id: 'g1', unit: 'icu', devices });
  await request(Credentials, 'POST', 'gateways', { id: 'g2', devices: ['other'] });
  const channel = await watchLive(station, 'icu');
  releases.push(async () => channel.stop());
  const connect = async (password = secret): Promise<MqttClient> => {
    const client = await connectAsync(mqtt, { username: 'g1', password, reconnectPeriod: 0 }, false);
    client.on('error', () => undefined);
    releases.push(() => client.endAsync(true));
    return client;
  };
  return { database, request, connect, channel };
};

const send = (client: MqttClient, device: string, value: number, time = Date.now()) =>
  client.publishAsync(`ward/v1/icu/${device}/vitals`, JSON.stringify({ time, vitals: { 'heart-rate': value } }), {
    qos: 1,
  });

const sendAll = (client: MqttClient, value: number, time?: number) =>
  Promise.all(devices.map((device) => send(client, device, value, time)));

/** Sends for all devices as they do, again and again, until it is ended. */
const keepSending = (client: MqttClient): (() => void) => {
  const timer = setInterval(() => void sendAll(client, 80).catch(() => undefined), SENDING_EVERY_MS);
  releases.push(async () => clearInterval(timer));
  return () => clearInterval(timer);
};

const waitFor = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a gateway with forty devices that is lost is one alarm, and what it kept meanwhile is stored when it is back', async () => {
  const { database, request, connect, channel } = await openWard();
  const since = Date.now();
  const told = () => channel.events.flatMap((event) => ('alarm' in event ? [`${event.type} ${event.alarm.kind}`] : []));
  const client = await connect();
  await sendAll(client, 80);
  const stop = keepSending(client);
  await eventually(() => expect(channel.watched).toHaveLength(1));

  // It must be lost for as long as would make every device silent.
  stop();
  client.stream.destroy();
  const lostAt = Date.now();
  await eventually(() => expect(told()).toEqual(['onset gateway-link:g1']));
  const [onset] = channel.events;
  expect(onset && 'alarm' in onset && onset.alarm).toMatchObject({
    condition: 'gateway-lost',
    priority: 'medium',
    gateway: 'g1',
    beds: BEDS,
  });
  await waitFor(lostAt + LOST_FOR_MS - Date.now());
  expect(told()).toEqual(['onset gateway-link:g1']);
  const listed = await request(z.array(z.object({ id: z.string(), state: z.string() })), 'GET', 'gateways');
  expect(listed).toMatchObject([
    { id: 'g1', state: 'offline' },
    { id: 'g2', state: 'unknown' },
  ]);

  const again = await connect();
  await eventually(() => expect(told()).toEqual(['onset gateway-link:g1', 'ended gateway-link:g1']));
  for (let second = 1; second <= 15; second++) await sendAll(again, 60 + second, lostAt + second * 1_000);
  keepSending(again);
  // By now each device would be silent if it had not been given its whole time again.
  await waitFor(12_000);
  expect(told()).toEqual(['onset gateway-link:g1', 'ended gateway-link:g1']);
  await eventually(async () => {
    const { rows } = await database.pool.query<{ count: number }>(
      'select count(*)::int as count from readings where time > $1 and time <= $2',
      [new Date(lostAt + 900), new Date(lostAt + 15_000)],
    );
    expect(rows[0]?.count).toBe(BEDS * 15);
  });

  await eventually(async () => {
    const alarm = await request(z.object({ alarms: z.array(z.looseObject({})) }), 'GET', 'alarms?kind=gateway-link');
    expect(alarm.alarms).toMatchObject([{ state: 'ended', gateway: 'g1', beds: BEDS, bed: null }]);
  });
  for (const subject of [null, 'bed-m01']) {
    const verdict = await verifySubject(database.pool, subject, { fromMs: since, toMs: Date.now() });
    expect(verdict.differences).toEqual([]);
    expect(verdict.judged).not.toBeNull();
  }
});

test('a device of another gateway is refused with a trace, and a gateway whose secret is renewed, or that is deleted, is cut off', async () => {
  const { request, connect } = await openWard();
  const client = await connect();
  await send(client, 'other', 80);
  await send(client, 'm01', 80);
  const Refusals = z.array(z.object({ reason: z.string(), name: z.string() }));
  for (const path of ['gateways/g1', 'devices/other']) {
    await eventually(async () =>
      expect(await request(Refusals, 'GET', `${path}/refusals`)).toMatchObject([
        { reason: 'topic-not-listed', name: 'g1' },
      ]),
    );
  }
  await eventually(async () => {
    const kept = await request(z.array(z.looseObject({})), 'GET', 'rejected?device=g1');
    expect(kept).toMatchObject([{ device: 'g1', reason: 'topic-not-yours' }]);
  });

  const cut = new Promise<void>((resolve) => client.once('close', () => resolve()));
  const { secret } = await request(Credentials, 'POST', 'gateways/g1/secret');
  await cut;
  await expect(connect()).rejects.toThrow('Bad username or password');
  const next = await connect(secret);
  const cutAgain = new Promise<void>((resolve) => next.once('close', () => resolve()));
  await request(z.unknown(), 'DELETE', 'gateways/g1');
  await cutAgain;
  await expect(connect(secret)).rejects.toThrow('Bad username or password');
});
