import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type IClientOptions } from 'mqtt';
import { expect, test } from 'vitest';
import { provision } from '../../simulators/provision.ts';
import { makeCertificate } from '../support/certificate.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { openScreen } from '../support/screen.ts';
import { createTestStation } from '../support/station.ts';

/** Every way in: TCP, TLS and WebSocket for devices, JSON and CBOR, MQTT out for integrations. */

const releases = releaseAfterEach();

const PLACE = {
  unit: { id: 'icu', name: 'Intensive care' },
  bed: { id: 'b1', label: '1' },
  device: { id: 'm1', model: 'test' },
};

const openStation = async (environment: Record<string, string> = {}) => {
  const database = await createTestDatabase();
  releases.push(database.drop);
  const station = await createTestStation({ databaseUrl: database.url, environment });
  releases.push(station.dispose);
  const { http } = await station.start();
  const secrets = await provision({
    stationUrl: http,
    token: await station.token('operator'),
    places: [PLACE],
    since: Date.now() - 60_000,
  });
  return { station, database, http, password: secrets.get('m1') ?? '' };
};

const join1 = async (url: string, options: IClientOptions) => {
  const client = await connectAsync(url, { reconnectPeriod: 0, ...options }, false);
  releases.push(() => client.endAsync(true));
  return client;
};

const publishReading = async (
  url: string,
  password: string,
  value: number,
  options: IClientOptions = {},
): Promise<void> => {
  const client = await join1(url, { clientId: 'm1', username: 'm1', password, ...options });
  const payload = JSON.stringify({ time: Date.now(), vitals: { 'heart-rate': value } });
  await client.publishAsync('ward/v1/icu/m1/vitals', payload, { qos: 1 });
  await client.endAsync();
};

const expectStored = (database: TestDatabase, values: number[]) =>
  eventually(async () => {
    const { rows } = await database.pool.query<{ value: number }>('select value from readings order by time');
    expect(rows.map(({ value }) => value)).toEqual(values);
  });

test('MQTT over WebSocket at /mqtt stores as TCP does', async () => {
  const { station, database, http, password } = await openStation();
  await publishReading(station.addresses().mqtt, password, 61);
  await publishReading(`${http.replace('http', 'ws')}/mqtt`, password, 62);
  await expectStored(database, [61, 62]);
});

test('MQTT over TLS stores as TCP does', async ({ skip }) => {
  const folder = await mkdtemp(join(tmpdir(), 'wardwatch-tls-'));
  releases.push(() => rm(folder, { recursive: true, force: true }));
  const certificate = makeCertificate(folder);
  if (!certificate) return skip('no openssl on this machine to make a certificate with');
  const { station, database, password } = await openStation({
    TLS_CERT_FILE: certificate.certFile,
    TLS_KEY_FILE: certificate.keyFile,
    MQTTS_PORT: '0',
  });
  const { mqtts } = JSON.parse(readFileSync(join(station.dataDir, 'station.json'), 'utf8'));
  await expect(publishReading(mqtts, password, 60)).rejects.toThrow(/certificate/);
  await publishReading(mqtts, password, 63, { ca: readFileSync(certificate.certFile) });
  await expectStored(database, [63]);
});

test('an integration with a token hears what screens are shown', async () => {
  const { station, password } = await openStation();
  const { mqtt } = station.addresses();
  const integration = await join1(mqtt, {
    clientId: 'token:nurse-call',
    username: 'token',
    password: await station.token('integration'),
  });
  await integration.subscribeAsync('live/v1/icu/#');
  const heard = new Map<string, unknown>();
  integration.on('message', (topic, payload) => heard.set(topic, JSON.parse(String(payload))));
  const device = await join1(mqtt, { clientId: 'm1', username: 'm1', password });
  const wave = { rate: 4, samples: [0.1, 0.2, 0.3, 0.4] };
  await device.publishAsync('ward/v1/icu/m1/vitals', JSON.stringify({ vitals: { spo2: 96 } }), { qos: 1 });
  await device.publishAsync('ward/v1/icu/m1/waves', JSON.stringify({ waves: { 'ecg-ii': wave } }), { qos: 1 });
  await eventually(() => {
    expect(heard.get('live/v1/icu/vitals')).toMatchObject({ beds: { b1: { spo2: { value: 96 } } } });
    expect(heard.get('live/v1/icu/waves/b1')).toMatchObject({ waves: { 'ecg-ii': wave } });
    expect(heard.get('live/v1/icu/devices')).toMatchObject({ device: { id: 'm1', state: 'online' } });
  });
  await expect(
    connectAsync(
      mqtt,
      { clientId: 'token:x', username: 'token', password: await station.token('viewer'), reconnectPeriod: 0 },
      false,
    ),
  ).rejects.toThrow(/password/);
});

const deviceStates = (frames: readonly { type: string; device?: unknown }[]): string[] =>
  frames.flatMap(({ type, device }) => (type === 'device' ? [(device as { state: string }).state] : []));

test('a device that vanishes is shown as offline by its Will, and a bed that was never late shows no late value', async () => {
  const { station, password } = await openStation();
  const { mqtt } = station.addresses();
  const screen = await openScreen(station, { units: ['icu'] });
  releases.push(() => screen.close());
  const topic = 'ward/v1/icu/m1/status';
  const will = { topic, payload: Buffer.from(JSON.stringify({ state: 'offline' })), qos: 1 as const, retain: true };
  const device = await join1(mqtt, { clientId: 'm1', username: 'm1', password, will });
  await device.publishAsync(topic, JSON.stringify({ state: 'online', battery: 55 }), { qos: 1, retain: true });
  const late = { time: Date.now() - 45_000, vitals: { 'heart-rate': 33 } };
  const backfill = JSON.stringify([late, { time: Date.now(), vitals: { spo2: 95 } }]);
  await device.publishAsync('ward/v1/icu/m1/vitals', backfill, { qos: 1 });
  await eventually(() => expect(JSON.stringify(screen.frames)).toContain('"spo2":{"value":95'));
  device.stream.destroy();
  await eventually(() => expect(deviceStates(screen.frames).at(-1)).toBe('offline'));
  expect(deviceStates(screen.frames)).toContain('online');
  expect(JSON.stringify(screen.frames)).not.toContain('"value":33');
});
