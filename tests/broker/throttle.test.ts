import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { connectBytes, openBroker, publishBytes, type TestBroker } from './support/test-broker.ts';

/** More is sent than can be stored: connections are read more slowly, and none is closed for it. */

const releases = releaseAfterEach();

const ROOM = 32 * 2 ** 20;
/** What an empty message costs in the hold, roughly. */
const MESSAGE_BYTES = 1_024;

const message = (device: string, id: number, payload = ''): Buffer =>
  publishBytes(`ward/v1/icu/${device}/vitals`, payload, id);

/** A sink that settles what it has taken when told to, oldest first. */
const openSlowly = async () => {
  const unsettled: (() => void)[] = [];
  const taken: string[] = [];
  const shown: string[] = [];
  let settled = 0;
  const station = await openBroker({
    bounds: { maxPacketBytes: 100_000, maxConnections: 200, maxHeldBytes: ROOM, maxKeepaliveMs: 60_000 },
    sink: {
      take({ device }, settle) {
        taken.push(device);
        unsettled.push(settle);
      },
      show: ({ device }) => shown.push(device),
    },
  });
  const settle = (count: number): void => {
    const end = Math.min(unsettled.length, settled + count);
    while (settled < end) unsettled[settled++]?.();
  };
  /** So many each few milliseconds, until the test is over. */
  const settleSteadily = (count: number): void => {
    const timer = setInterval(() => settle(count), 2);
    releases.push(() => clearInterval(timer));
  };
  releases.push(station.close);
  return { station, taken, shown, settle, settleSteadily };
};

const countTimers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
const waitingOf = (station: TestBroker): Promise<number> => station.metric('wardwatch_mqtt_throttled');

/** A device that sends what it is given, and counts what it was acknowledged. */
const signIn = async (station: TestBroker, name: string, keepaliveSeconds = 60) => {
  const socket: Socket = station.dial();
  socket.write(connectBytes({ name, keepaliveSeconds }));
  const [connack] = (await once(socket, 'data')) as [Buffer];
  expect([...connack]).toEqual([0x20, 2, 0, 0]);
  const device = { socket, acknowledgedBytes: 0 };
  socket.on('data', (bytes: Buffer) => {
    device.acknowledgedBytes += bytes.length;
  });
  return device;
};

/** Devices whose messages fill the room for what is measured now, and are settled slowly. */
const fillRoom = async (station: TestBroker): Promise<void> => {
  const fillers = await Promise.all(Array.from({ length: 20 }, (_, index) => signIn(station, `m${100 + index}`)));
  fillers.forEach(({ socket }, index) => {
    const filler = `m${100 + index}`;
    socket.write(Buffer.concat(Array.from({ length: 1_200 }, (_, id) => message(filler, id + 1))));
  });
  await eventually(async () => expect(await waitingOf(station)).toBeGreaterThan(0), { everyMs: 5 });
};

test('devices that send three times as much as there is room for are all read, acknowledged, and none is closed', async () => {
  const { station, taken, settleSteadily } = await openSlowly();
  const names = Array.from({ length: 60 }, (_, index) => `m${index}`);
  const devices = await Promise.all(names.map((name) => signIn(station, name)));
  const each = Math.ceil((3 * ROOM) / MESSAGE_BYTES / devices.length);
  devices.forEach(({ socket }, index) => {
    socket.write(Buffer.concat(Array.from({ length: each }, (_, id) => message(names[index] ?? '', id + 1))));
  });
  await eventually(async () => expect(await waitingOf(station)).toBeGreaterThan(0), { everyMs: 5 });
  expect(station.broker.troubles().join()).toMatch(/more is sent than can be stored: \d+ connections wait/);
  settleSteadily(100);
  const timers = countTimers();
  let mostTimers = 0;
  await eventually(() => {
    mostTimers = Math.max(mostTimers, countTimers());
    for (const { acknowledgedBytes } of devices) expect(acknowledgedBytes).toBe(each * 4);
  });
  // None is left of each look whether there is room.
  expect(mostTimers).toBeLessThan(timers + 20);
  expect(taken).toHaveLength(each * devices.length);
  expect(await station.metric('wardwatch_mqtt_closed_total')).toBe(0);
  expect(station.broker.troubles()).toEqual([]);
});

test('those that wait are read in the order in which they came, and who comes when there is room again comes after them', async () => {
  const { station, taken, settle } = await openSlowly();
  const names = ['m5', 'm4', 'm3', 'm2', 'm1'];
  const devices = await Promise.all(names.map((name) => signIn(station, name)));
  const late = await signIn(station, 'm9');
  await fillRoom(station);
  for (const [index, { socket }] of devices.entries()) {
    const before = await waitingOf(station);
    socket.write(message(names[index] ?? '', 1));
    await eventually(async () => expect(await waitingOf(station)).toBe(before + 1), { everyMs: 2 });
  }
  late.socket.write(message('m9', 1));
  settle(5_000);
  const inOrder = (): string[] => taken.filter((device) => [...names, 'm9'].includes(device));
  await eventually(() => expect(inOrder()).toEqual([...names, 'm9']));
});

test('what is measured now is read while backlogs wait', async () => {
  const { station, taken, settle } = await openSlowly();
  const bed = await signIn(station, 'm1');
  const names = Array.from({ length: 60 }, (_, index) => `m${100 + index}`);
  const behind = await Promise.all(names.map((name) => signIn(station, name)));
  behind.forEach(({ socket }, index) => {
    const backlog = 'x'.repeat(60_000);
    for (let id = 1; id <= 20; id++) socket.write(message(names[index] ?? '', id, backlog));
  });
  await eventually(async () => expect(await waitingOf(station)).toBeGreaterThan(0), { everyMs: 5 });
  for (let id = 1; id <= 30; id++) {
    const before = taken.length;
    bed.socket.write(message('m1', id));
    await eventually(() => expect(taken.slice(before)).toContain('m1'), { everyMs: 1 });
    settle(1);
  }
  expect(await waitingOf(station)).toBeGreaterThan(0);
});

test('a backlog is read now and then although much is measured now', async () => {
  const { station, taken, settle } = await openSlowly();
  const behind = await signIn(station, 'm1');
  const timer = setInterval(() => settle(1), 100);
  releases.push(() => clearInterval(timer));
  behind.socket.write(message('m1', 1, 'x'.repeat(9_000)));
  await eventually(() => expect(taken).toEqual(['m1']));
  const fillers = await Promise.all(Array.from({ length: 20 }, (_, index) => signIn(station, `m${100 + index}`)));
  // Between a quarter and half of the room.
  fillers.forEach(({ socket }, index) => {
    socket.write(Buffer.concat(Array.from({ length: 500 }, (_, id) => message(`m${100 + index}`, id + 1))));
  });
  await eventually(async () => expect(await station.metric('wardwatch_mqtt_held')).toBeGreaterThan(9_900));
  for (let id = 2; id < 6; id++) behind.socket.write(message('m1', id, 'x'.repeat(9_000)));
  await eventually(() => expect(taken.filter((device) => device === 'm1')).toHaveLength(5));
  expect((await station.metric('wardwatch_mqtt_held')) * MESSAGE_BYTES).toBeGreaterThan(ROOM / 4);
});

test('when hundreds have sent something the event loop goes round while they are read', async () => {
  const WORK_MS = 1;
  let taken = 0;
  let turns = 0;
  const turnsAt: number[] = [];
  const station = await openBroker({
    sink: {
      take(_message, settle) {
        for (const until = performance.now() + WORK_MS; performance.now() < until; );
        turnsAt[taken++] = turns;
        settle();
      },
    },
  });
  releases.push(station.close);
  const names = Array.from({ length: 150 }, (_, index) => `m${index}`);
  const devices = await Promise.all(names.map((name) => signIn(station, name)));
  let isOver = false;
  const goRound = (): void => {
    turns++;
    if (!isOver) setImmediate(goRound);
  };
  for (const [index, { socket }] of devices.entries()) socket.write(message(names[index] ?? '', 1));
  goRound();
  await eventually(() => expect(taken).toBe(names.length));
  isOver = true;
  const first = turnsAt[0] ?? 0;
  const last = turnsAt.at(-1) ?? 0;
  // Of five milliseconds each, and as many again that those who waited are read in.
  expect(last - first).toBeGreaterThan((names.length * WORK_MS) / 20);
});

test('who waits is not taken for silent', async () => {
  const { station, settle } = await openSlowly();
  const waiting = await signIn(station, 'm1', 1);
  await fillRoom(station);
  waiting.socket.write(message('m1', 1));
  // Slower than what waits: nobody is read, and something is stored all the while.
  const timer = setInterval(() => settle(1), 100);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  clearInterval(timer);
  expect(waiting.socket.destroyed).toBe(false);
  expect(await station.metric('wardwatch_mqtt_closed_total{reason="silent"}')).toBe(0);
});

test('while nothing is stored at all everybody is read, until the room is full, and what is read then is shown', async () => {
  const { station, shown } = await openSlowly();
  const bed = await signIn(station, 'm1');
  await fillRoom(station);
  for (let id = 1; id <= 5; id++) bed.socket.write(message('m1', id));
  await eventually(async () => expect(await waitingOf(station)).toBe(0));
  const names = Array.from({ length: 40 }, (_, index) => `m${index + 2}`);
  const more = await Promise.all(names.map((name) => signIn(station, name)));
  more.forEach(({ socket }, index) => {
    socket.write(Buffer.concat(Array.from({ length: 800 }, (_, id) => message(names[index] ?? '', id + 1))));
  });
  await eventually(() => expect(shown.length).toBeGreaterThan(0));
});

test('who goes while it waits is waited for no longer', async () => {
  const { station, settle } = await openSlowly();
  const gone = await signIn(station, 'm1');
  await fillRoom(station);
  const before = await waitingOf(station);
  gone.socket.write(message('m1', 1));
  await eventually(async () => expect(await waitingOf(station)).toBe(before + 1), { everyMs: 2 });
  settle(1);
  gone.socket.resetAndDestroy();
  await eventually(async () => expect(await waitingOf(station)).toBe(before), { everyMs: 2 });
});
