import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { addressGroup, createLobby, type LobbyBounds, type TurnedAway } from '#platform/lobby.ts';
import { eventually } from '../support/eventually.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { releaseAfterEach } from '../support/releases.ts';

const releases = releaseAfterEach();

const PATIENCE_MS = 3_000;
/** The lobby looks around a few times a second. */
const A_LOOK_LATER_MS = 1_000;

const open = async (bounds: LobbyBounds) => {
  const clock = createFakeClock();
  const turnedAway: [string, TurnedAway][] = [];
  const lobby = createLobby({
    bounds,
    patienceMs: PATIENCE_MS,
    clock,
    onTurnedAway: (address, reason) => turnedAway.push([address, reason]),
  });
  const entered: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    entered.push(socket);
    lobby.enter(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  releases.push(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    lobby,
    clock,
    entered,
    turnedAway,
    async join(localAddress: string) {
      const before = entered.length;
      const socket = connect({ port, host: '127.0.0.1', localAddress });
      socket.on('error', () => undefined);
      releases.push(() => socket.destroy());
      await once(socket, 'connect');
      await eventually(() => expect(entered.length).toBe(before + 1), { everyMs: 1 });
      return socket;
    },
  };
};

test('the address that has most strangers gives up its oldest when the lobby is full', async () => {
  const { lobby, turnedAway, join } = await open({ maxStrangers: 4, maxOfOneAddress: 100 });
  const lone = await join('127.0.0.2');
  const oldest = await join('127.0.0.1');
  for (let count = 0; count < 2; count++) await join('127.0.0.1');
  const gone = once(oldest, 'close');
  const last = await join('127.0.0.1');
  await gone;
  expect(turnedAway).toEqual([['127.0.0.1', 'full']]);
  expect(lobby.strangers()).toBe(4);
  expect([lone.destroyed, last.destroyed]).toEqual([false, false]);
});

test('who is let in is no stranger any more and is never turned away', async () => {
  const { lobby, entered, join } = await open({ maxStrangers: 2, maxOfOneAddress: 100 });
  const known = await join('127.0.0.1');
  if (entered[0]) lobby.letIn(entered[0]);
  for (let count = 0; count < 5; count++) await join('127.0.0.1');
  expect(lobby.strangers()).toBe(2);
  expect(known.destroyed).toBe(false);
});

test('of one address only so many may keep silent for long, however much room there is', async () => {
  const { lobby, clock, turnedAway, join } = await open({ maxStrangers: 100, maxOfOneAddress: 3 });
  for (let count = 0; count < 8; count++) await join('127.0.0.1');
  await join('127.0.0.2');
  clock.advance(PATIENCE_MS + A_LOOK_LATER_MS);
  expect(lobby.strangers()).toBe(4);
  expect(turnedAway).toEqual(Array.from({ length: 5 }, () => ['127.0.0.1', 'of-one-address']));
});

test('those of one address that come all at once have time to say who they are', async () => {
  const { clock, turnedAway, join } = await open({ maxStrangers: 100, maxOfOneAddress: 3 });
  for (let count = 0; count < 8; count++) await join('127.0.0.1');
  clock.advance(PATIENCE_MS - 1);
  expect(turnedAway).toEqual([]);
  clock.advance(A_LOOK_LATER_MS);
  expect(turnedAway).toHaveLength(5);
});

test('who leaves is forgotten', async () => {
  const { lobby, join } = await open({ maxStrangers: 100, maxOfOneAddress: 100 });
  const socket = await join('127.0.0.1');
  socket.destroy();
  await eventually(() => expect(lobby.strangers()).toBe(0));
});

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1:2%eth0', 'fe80:0:0:0::/64'],
])('%s counts as %s', (address, group) => {
  expect(addressGroup(address)).toBe(group);
});
