import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';
import { AlarmFrame } from '#contracts/live.ts';
import { liveTopics } from '#contracts/mqtt/topics.ts';
import { provision } from '../../simulators/provision.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { openScreen } from '../support/screen.ts';
import { createTestStation } from '../support/station.ts';

/** Alarms of a monitor, from its publication to screens, integrations and the record, through a real broker. */

const releases = releaseAfterEach();

const VT = { id: '32', event: 'MDC_EVT_ECG_V_TACHY', text: '*** VTACH', priority: 'high', type: 'SP' };

const openWard = async () => {
  const database = await createTestDatabase();
  releases.push(database.drop);
  const station = await createTestStation({ databaseUrl: database.url });
  releases.push(station.dispose);
  const { http, mqtt } = await station.start();
  const token = await station.token('operator');
  const places = [
    {
      unit: { id: 'icu', name: 'Intensive care' },
      bed: { id: 'b1', label: 'ICU 1' },
      device: { id: 'm1', model: 'test' },
    },
  ];
  const secrets = await provision({ stationUrl: http, token, places, since: Date.now() - 60_000 });
  const device = await connectAsync(
    mqtt,
    { clientId: 'm1', username: 'm1', password: secrets.get('m1') ?? '', reconnectPeriod: 0 },
    false,
  );
  releases.push(() => device.endAsync(true));
  let seq = 0;
  const report = (message: object) =>
    device.publishAsync(
      'ward/v1/icu/m1/alarms',
      JSON.stringify({ time: Date.now(), boot: 'b7', seq: seq++, ...message }),
      { qos: 1 },
    );
  const ask = async (method: string, path: string): Promise<Response> =>
    fetch(`${http}/api/v1/${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  return { database, station, report, ask };
};

const listen = async (station: Awaited<ReturnType<typeof openWard>>['station']) => {
  const client = await connectAsync(
    station.addresses().mqtt,
    { clientId: 'nurse-call', username: 'token', password: await station.token('integration'), reconnectPeriod: 0 },
    false,
  );
  releases.push(() => client.endAsync(true));
  const frames: AlarmFrame[] = [];
  client.on('message', (_topic, payload) => frames.push(AlarmFrame.parse(JSON.parse(payload.toString()))));
  await client.subscribeAsync(liveTopics.alarms('icu'), { qos: 1 });
  return frames;
};

test('a ventricular tachycardia that a monitor reports is on the wall and at the nurse call, is acknowledged, and ends', async () => {
  const { station, report, ask } = await openWard();
  const screen = await openScreen(station, { units: ['icu'] });
  releases.push(screen.close);
  await eventually(() => expect(screen.frames.some(({ type }) => type === 'snapshot')).toBe(true));
  const nurseCall = await listen(station);
  const told = () => screen.frames.flatMap((frame) => (frame.type === 'alarm' ? (frame.monitorEvents ?? []) : []));

  await report({ snapshot: true, alarms: [] });
  await report({ alarms: [{ ...VT, phase: 'start' }] });
  await eventually(() => expect(told()).toHaveLength(1));
  const [onset] = told();
  expect(onset).toMatchObject({
    type: 'onset',
    alarm: { origin: 'monitor', device: 'm1', text: '*** VTACH', priority: 'high', vital: 'heart-rate' },
  });
  await eventually(() => expect(nurseCall.flatMap(({ monitorAlarms = [] }) => monitorAlarms)).toHaveLength(1));
  const id = onset?.alarm.id ?? '';

  const active = await (await ask('GET', 'alarms/active')).json();
  expect(active.beds).toMatchObject([{ bed: 'b1', monitorAlarms: [{ id }] }]);
  expect((await ask('POST', `alarms/${id}/acknowledge`)).status).toBe(204);
  await eventually(() => expect(told().map(({ type }) => type)).toEqual(['onset', 'acknowledged']));

  await report({ alarms: [{ id: '32', phase: 'end' }] });
  await eventually(() => expect(told().map(({ type }) => type)).toEqual(['onset', 'acknowledged', 'ended']));
  expect((await (await ask('GET', 'alarms/active')).json()).beds).toEqual([]);
  await eventually(async () => {
    const stored = await (await ask('GET', `monitor-alarms/${id}`)).json();
    expect(stored).toMatchObject({ state: 'ended', endCause: 'ended', priority: 'high', text: '*** VTACH' });
    expect(stored.events.map(({ type }: { type: string }) => type)).toEqual(['onset', 'acknowledged', 'ended']);
  });
});

test('what the monitor was acknowledged is there after kill -9, and the alarm is announced once', async () => {
  const { station, report } = await openWard();
  const first = await openScreen(station, { units: ['icu'] });
  releases.push(first.close);
  await report({ alarms: [{ ...VT, phase: 'start' }] });
  await station.kill();
  await station.start();
  const screen = await openScreen(station, { units: ['icu'] });
  releases.push(screen.close);
  await eventually(() => {
    const snapshot = screen.frames.find(({ type }) => type === 'snapshot');
    expect(snapshot?.type === 'snapshot' ? snapshot.beds[0]?.monitorAlarms : []).toMatchObject([
      { number: '32', state: 'active' },
    ]);
  });
  const onsets = screen.frames.flatMap((frame) =>
    frame.type === 'alarm' ? (frame.monitorEvents ?? []).filter(({ type }) => type === 'onset') : [],
  );
  expect(onsets).toEqual([]);
});
