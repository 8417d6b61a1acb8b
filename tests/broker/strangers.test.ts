import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { makeCertificate } from '../support/certificate.ts';
import { eventually } from '../support/eventually.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { connectBytes, openBroker, packet, readToEnd } from './support/test-broker.ts';

/** Peers that have not said who they are cost little, and never the place of a bed. */

const releases = releaseAfterEach();
const open = async (...args: Parameters<typeof openBroker>) => {
  const station = await openBroker(...args);
  releases.push(station.close);
  return station;
};

const BOUNDS = { maxPacketBytes: 8 * 2 ** 20, maxConnections: 50, maxHeldBytes: 64 * 2 ** 20, maxKeepaliveMs: 60_000 };
const UPGRADE = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Protocol: mqtt',
];
const TOPIC = 'ward/v1/icu/m1/vitals';

test('a bed gets in and is acknowledged while thousands keep silent, and the station says that it can', async () => {
  const station = await open({ bounds: { ...BOUNDS, strangers: { maxStrangers: 100, maxOfOneAddress: 50 } } });
  const silent: Socket[] = [];
  for (let count = 0; count < 2_000; count++) {
    const socket = station.dial(`127.0.0.${1 + (count % 4)}`);
    silent.push(socket);
    if (count % 100 === 99) await once(socket, 'connect').catch(() => undefined);
  }
  const bed = await station.join('m1');
  await bed.publishAsync(TOPIC, '{}', { qos: 1 });
  expect(await station.metric('wardwatch_strangers')).toBeLessThanOrEqual(100);
  await eventually(() => expect(silent.filter(({ destroyed }) => !destroyed).length).toBeLessThanOrEqual(100));
  expect(station.broker.troubles()).toEqual([]);
  expect(station.broker.refusals.ofOthers()).toContainEqual(expect.objectContaining({ reason: 'no-connect' }));
  expect(bed.connected).toBe(true);
});

test('a CONNECT that announces more than it may need is not waited for', async () => {
  const station = await open({ bounds: BOUNDS });
  const closing = Array.from({ length: 100 }, () => {
    const socket = station.dial();
    // A packet of 8 MiB, of which the peer sends a little.
    socket.write(Buffer.concat([Buffer.from([0x10, 0x80, 0x80, 0x80, 0x04]), Buffer.alloc(1_000)]));
    return readToEnd(socket);
  });
  await Promise.all(closing);
  expect(await station.metric('wardwatch_mqtt_closed_total{reason="packet-too-large"}')).toBe(100);
});

test('a CONNECT that is too long is refused also when it comes in one piece', async () => {
  const station = await open({ bounds: BOUNDS });
  const socket = station.dial();
  socket.write(
    packet(0x10, Buffer.from([0, 4]), Buffer.from('MQTT'), Buffer.from([4, 2, 0, 60, 0, 0]), Buffer.alloc(20_000)),
  );
  expect(await readToEnd(socket)).toEqual(Buffer.alloc(0));
  expect(station.links).toEqual([]);
});

test('who stalls in the handshake of TLS is a stranger too, and who signs in over TLS is none any more', async ({
  skip,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'wardwatch-tls-'));
  releases.push(() => rmSync(folder, { recursive: true, force: true }));
  const certificate = makeCertificate(folder);
  if (!certificate) return skip('no openssl on this machine to make a certificate with');
  const station = await open({ listeners: { host: '127.0.0.1', port: 0, tls: { port: 0, ...certificate } } });
  const stalled = connectTcp(station.tlsPort ?? 0, '127.0.0.1');
  releases.push(() => stalled.destroy());
  await eventually(async () => expect(await station.metric('wardwatch_strangers')).toBe(1));
  const signedIn = connectTls({
    port: station.tlsPort ?? 0,
    host: '127.0.0.1',
    ca: readFileSync(certificate.certFile),
  });
  releases.push(() => signedIn.destroy());
  signedIn.write(connectBytes());
  expect([...(await once(signedIn, 'data'))[0]]).toEqual([0x20, 2, 0, 0]);
  expect(await station.metric('wardwatch_strangers')).toBe(1);
});

test('over WebSocket a stranger has as little room, and a device its own', async () => {
  const station = await open({ bounds: BOUNDS });
  const server = createServer();
  const sockets = new WebSocketServer({ server, maxPayload: 16 * 2 ** 20, handleProtocols: () => 'mqtt' });
  sockets.on('connection', (socket, request) => station.broker.handleWebSocket(socket, request.socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  releases.push(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const url = `ws://127.0.0.1:${port}`;
  const stranger = connectTcp(port, '127.0.0.1');
  releases.push(() => stranger.destroy());
  stranger.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${UPGRADE.join('\r\n')}\r\n\r\n`);
  await once(stranger, 'data');
  const answer = readToEnd(stranger);
  // A binary frame of 8 MiB begins, masked with zeros.
  stranger.write(Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 1, 2, 3]));
  // Close, with code 1009: too big.
  expect([...(await answer)]).toEqual([0x88, 2, 0x03, 0xf1]);
  const bed = await connectAsync(
    url,
    { username: 'm1', clientId: 'm1', password: 'secret', reconnectPeriod: 0 },
    false,
  );
  releases.push(() => bed.endAsync(true));
  await bed.publishAsync(TOPIC, Buffer.alloc(1_000_000), { qos: 1 });
  expect(station.stored).toHaveLength(1);
});

test('integrations, however many, leave room for devices', async () => {
  const station = await open({ bounds: { ...BOUNDS, maxConnections: 40 } });
  const joining = Array.from({ length: 40 }, (_, index) =>
    station.join(`token:${index}`, { token: `token ${index}` }).then(
      () => true,
      () => false,
    ),
  );
  const joined = (await Promise.all(joining)).filter((isIn) => isIn);
  expect(joined.length).toBeLessThan(20);
  for (let count = 0; count < 20; count++) await station.join(`m${count}`);
  await eventually(() => expect(station.links).toHaveLength(20));
});

test('that no device can connect is said, as soon as it is so, and no longer', async () => {
  const station = await open({ bounds: { ...BOUNDS, maxConnections: 1 } });
  const bed = await station.join('m1');
  expect(station.broker.troubles()).toEqual([expect.stringMatching(/all 1 places/)]);
  await bed.endAsync();
  await eventually(() => expect(station.broker.troubles()).toEqual([]));
});
