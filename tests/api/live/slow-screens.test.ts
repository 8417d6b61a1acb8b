import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createLiveWard, type LiveWard } from '../../support/live-ward.ts';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await api?.stop();
});

const BEDS = Array.from({ length: 100 }, (_, index) => `bed-${index}`);
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Changes of some 70 bytes a bed, a turn of the event loop each, as ticks of ingest would bring them. */
const publish = async (ward: LiveWard, count: number): Promise<void> => {
  for (let value = 0; value < count; value++) {
    for (const bed of BEDS) ward.measure('icu', bed, { 'heart-rate': { value, time: value } });
    await nextTurn();
  }
};

const startBusyWard = async (maxBufferedBytes: number) => {
  const ward = createLiveWard(['icu']);
  for (const bed of BEDS) ward.addBed('icu', bed);
  api = await startApi({ ward, maxBufferedBytes });
  return ward;
};

/** A screen whose process is stopped: connected, subscribed, and nothing is read or answered any more. */
const openFrozenScreen = async (): Promise<Socket> => {
  const { hostname, port } = new URL(api.url);
  const headers = Object.entries(await api.authorization('viewer')).map(([name, value]) => `${name}: ${value}`);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.write(
    [
      'GET /api/v1/live HTTP/1.1',
      `Host: ${hostname}:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      ...headers,
      '',
      '',
    ].join('\r\n'),
  );
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  const payload = Buffer.from('{"type":"subscribe","units":["icu"]}');
  // A client's frame: final, text, masked with zeros (RFC 6455 section 5.2).
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]));
  return socket;
};

const metric = async (name: string): Promise<string> => {
  const text = await api.metrics.metrics();
  return text
    .split('\n')
    .filter((line) => line.startsWith(name))
    .join('\n');
};

describe('a screen that reads slowly', () => {
  it('is skipped while it is behind, then shows the present, and costs the others nothing', async () => {
    const ward = await startBusyWard(512 * 1_024);
    const [slow, quick] = [await api.openScreen(), await api.openScreen()];
    for (const screen of [slow, quick]) screen.subscribe(['icu']);
    await expect.poll(() => [slow, quick].map((screen) => screen.ofType('snapshot').length)).toEqual([1, 1]);
    slow.socket.pause();
    // Loopback holds some megabytes by itself before anything waits in the station.
    const skipped = () => metric('wardwatch_live_frames_skipped_total{type="vitals"}');
    for (let rounds = 0; rounds < 200 && !/ [1-9]/.test(await skipped()); rounds++) await publish(ward, 20);
    expect(await skipped()).toMatch(/ [1-9]/);

    const present = () => ward.present('icu').seq;
    await expect.poll(() => quick.ofType('vitals').at(-1)?.seq).toBe(present());
    expect(quick.ofType('snapshot')).toHaveLength(1);

    slow.socket.resume();
    await expect.poll(() => slow.ofType('snapshot').at(-1)?.seq, { timeout: 10_000 }).toBe(present());
    expect(slow.ofType('vitals').length).toBeLessThan(quick.ofType('vitals').length);
    await publish(ward, 1);
    await expect.poll(() => slow.ofType('vitals').at(-1)?.seq).toBe(present());
    expect(await metric('wardwatch_live_resyncs_total')).toMatch(/ [1-9]/);
    for (const screen of [slow, quick]) screen.leave();
  });
});

describe('a screen that is frozen', () => {
  it('with much to read is bounded, then closed, while another gets everything', async () => {
    const ward = await startBusyWard(256 * 1_024);
    const quick = await api.openScreen();
    quick.subscribe(['icu']);
    await expect.poll(() => quick.ofType('snapshot')).toHaveLength(1);
    const firstSeq = ward.present('icu').seq;
    const frozen = await openFrozenScreen();
    await expect.poll(() => metric('wardwatch_live_screens')).toContain('wardwatch_live_screens 2');
    let isClosed = false;
    frozen.on('close', () => {
      isClosed = true;
    });
    while (!(await metric('wardwatch_live_closed_total')).includes('reason="slow"')) await publish(ward, 5);
    await expect.poll(() => metric('wardwatch_live_screens')).toContain('wardwatch_live_screens 1');
    frozen.resume();
    await expect.poll(() => isClosed, { timeout: 10_000 }).toBe(true);

    const lastSeq = ward.present('icu').seq;
    await expect.poll(() => quick.ofType('vitals').at(-1)?.seq).toBe(lastSeq);
    expect(quick.ofType('vitals')).toHaveLength(lastSeq - firstSeq);
    quick.leave();
  }, 60_000);

  it('with nothing to read is noticed by its silence', async () => {
    await startBusyWard(256 * 1_024);
    await openFrozenScreen();
    await expect.poll(() => metric('wardwatch_live_screens')).toContain('wardwatch_live_screens 1');
    await expect.poll(() => metric('wardwatch_live_closed_total'), { timeout: 30_000 }).toContain('reason="silent"');
    expect(await metric('wardwatch_live_screens')).toContain('wardwatch_live_screens 0');
  }, 60_000);
});
