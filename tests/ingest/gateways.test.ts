import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { createIngestWard, deviceOf, type IngestWard, wordsOf } from '../support/ingest-ward.ts';

/** The loss of a gateway on its way through ingest, restarts and changes of the registry: D12 of docs/alarms-spec.md. */

const BEDS = ['bed-1', 'bed-2', 'bed-3'];
const SECOND = 1_000;

let ward: IngestWard;

afterEach(() => ward.dispose());

/** The devices of all beds are listed under the gateway g1. */
const openWard = async () => {
  ward = await createIngestWard({ beds: BEDS });
  await ward.database.pool.query(`
    insert into gateways (id, secret_hash) values ('g1', '');
    update devices set gateway_id = 'g1'`);
  await ward.start();
  ward.ingest().sink.gatewayConnected('g1');
  for (const bed of BEDS) await send(bed);
};

/** A message of the device of the bed, through its gateway; resolves once it is stored. */
const send = (bed: string): Promise<void> =>
  new Promise((resolve) => {
    const device = deviceOf(bed);
    const payload = Buffer.from(JSON.stringify({ time: ward.now(), vitals: { 'heart-rate': 70 + Math.random() } }));
    const topic = `ward/v1/icu/${device}/vitals`;
    const message = { device, via: 'g1', channel: 'vitals' as const, topic, payload, receivedAt: ward.now() };
    ward.ingest().sink.take({ ...message, isRepeat: false }, resolve);
  });

const pass = async (seconds: number): Promise<void> => {
  await ward.later();
  ward.advance(seconds * SECOND);
  await ward.later();
  await new Promise((resolve) => setTimeout(resolve, 120));
};

const station = async () =>
  (await ward.ingest().alarms.active()).station.map(({ condition, gateway, beds }) => [condition, gateway, beds]);
const words = () => wordsOf(ward.allFrames());
const lost = 'gateway-link:g1 onset';
const back = 'gateway-link:g1 ended recovered';

test('a lost gateway is one alarm of the station, over restarts too, and no bed behind it is silent', async () => {
  await openWard();
  ward.ingest().sink.gatewayDisconnected('g1');
  await pass(6);
  await eventually(async () => expect(await station()).toEqual([['gateway-lost', 'g1', 3]]));
  const snapshot = ward.ingest().live.snapshot('icu');
  expect(snapshot?.devices.map(({ state, lostWith }) => [state, lostWith])).toEqual(BEDS.map(() => ['offline', 'g1']));
  expect(snapshot?.stationAlarms).toHaveLength(1);
  await pass(60);
  await ward.crash();
  await ward.start();
  await pass(60);
  expect(await station()).toEqual([['gateway-lost', 'g1', 3]]);
  ward.ingest().sink.gatewayConnected('g1');
  await eventually(async () => expect(await station()).toEqual([]));
  await pass(9);
  for (const bed of BEDS.slice(1)) await send(bed);
  expect(words()).toEqual([lost, back]);
  // The one that is not heard although the gateway is back is silent in its own right.
  await pass(2);
  await eventually(() => expect(words()).toEqual([lost, back, 'device-link onset']));
  expect(ward.alarms('bed-1').map(({ condition }) => condition)).toEqual(['device-silent']);
});

test('a gateway that does not come back after a restart is lost, and its beds are not silent', async () => {
  await openWard();
  await ward.crash();
  await ward.start();
  await pass(6);
  await eventually(async () => expect(await station()).toEqual([['gateway-lost', 'g1', 3]]));
  await pass(60);
  expect(words()).toEqual([lost]);
});

test('a gateway that is cut off without a word is one alarm too, before its beds are silent', async () => {
  await openWard();
  for (let second = 0; second < 35; second++) {
    ward.advance(SECOND);
    for (const bed of BEDS) await send(bed);
  }
  await pass(8);
  await eventually(() =>
    expect(
      ward
        .ingest()
        .live.snapshot('icu')
        ?.devices.map(({ lostWith }) => lostWith),
    ).toEqual(['g1', 'g1', 'g1']),
  );
  await pass(60);
  await eventually(() => expect(words()).toEqual([lost]));
  await send('bed-1');
  await eventually(() => expect(words()).toEqual([lost, back]));
});

test('what is lost stays so when the clock of the station is put forward', async () => {
  await openWard();
  ward.ingest().sink.gatewayDisconnected('g1');
  await pass(6);
  ward.putForward(3_600 * SECOND);
  await pass(60);
  expect(words()).toEqual([lost]);
});

test('a device that is connected by itself is not counted, nor one that is taken from its bed', async () => {
  await openWard();
  ward.ingest().sink.connected(deviceOf('bed-1'));
  ward.ingest().sink.gatewayDisconnected('g1');
  await pass(6);
  await eventually(async () => expect(await station()).toEqual([['gateway-lost', 'g1', 2]]));
  await ward.database.pool.query(`update device_assignments set ended_at = now() where bed_id = 'bed-2'`);
  await ward.ingest().reloadRegistry();
  await eventually(async () => expect(await station()).toEqual([['gateway-lost', 'g1', 1]]));
  ward.ingest().sink.connected(deviceOf('bed-3'));
  await eventually(async () => expect(await station()).toEqual([]));
  expect(words().filter((word) => word.startsWith('gateway'))).toEqual([lost, 'gateway-link:g1 changed', back]);
});

test('a gateway that was removed while the station was not running is lost no more', async () => {
  await openWard();
  ward.ingest().sink.gatewayDisconnected('g1');
  await pass(6);
  await eventually(async () => expect(await station()).toHaveLength(1));
  await ward.database.pool.query('delete from gateways');
  await ward.crash();
  await ward.forgetRegistry();
  await ward.start();
  await eventually(async () => expect(await station()).toEqual([]));
});

test('a bed of which nothing was heard is not lost with a gateway', async () => {
  ward = await createIngestWard({ beds: BEDS });
  await ward.database.pool.query(`
    insert into gateways (id, secret_hash) values ('g1', '');
    update devices set gateway_id = 'g1'`);
  await ward.start();
  await pass(30);
  expect(words()).toEqual([]);
  await pass(31);
  await eventually(() => expect(words()).toEqual(BEDS.map(() => 'device-data onset')));
});
