import { describe, expect, it } from 'vitest';
import { LINK_LOST_AFTER_MS, type ServerFrame } from '#contracts/live.ts';
import { createConnection, type Socket } from '../../web/connection.ts';

type FakeSocket = Socket & { sent: string[]; closed: boolean };

const heartbeat = JSON.stringify({ type: 'heartbeat', time: 1, seq: {}, epoch: {} });

const setUp = () => {
  const time = { now: 0 };
  const sockets: FakeSocket[] = [];
  const frames: ServerFrame[] = [];
  const told = { opened: 0, down: 0, isAlive: true };
  const open = (): Socket => {
    const socket: FakeSocket = {
      sent: [],
      closed: false,
      send(text) {
        socket.sent.push(String(text));
      },
      close() {
        socket.closed = true;
      },
      onopen: null,
      onmessage: null,
      onclose: null,
    };
    sockets.push(socket);
    return socket;
  };
  const connection = createConnection({
    open,
    monotonicMs: () => time.now,
    random: () => 1,
    onOpen: () => {
      told.opened += 1;
    },
    onFrame: (frame) => {
      frames.push(frame);
      return told.isAlive;
    },
    onDown: () => {
      told.down += 1;
    },
  });
  const last = (): FakeSocket => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  };
  const say = (data: string, socket = last()) =>
    socket.onmessage?.call(socket as unknown as WebSocket, { data } as MessageEvent);
  const hangUp = () => last().onclose?.call(last() as unknown as WebSocket, {} as CloseEvent);
  const pass = (ms: number) => {
    time.now += ms;
    connection.check();
  };
  return { connection, sockets, frames, told, last, say, hangUp, pass };
};

describe('connection', () => {
  it('opens one socket however often it is started, and none after it was stopped', () => {
    const { connection, sockets, pass } = setUp();
    connection.start();
    connection.start();
    expect(sockets).toHaveLength(1);
    connection.stop();
    connection.stop();
    pass(60_000);
    expect(sockets).toHaveLength(1);
    expect(sockets[0]?.closed).toBe(true);
  });

  it('gives up a socket that is open and silent, and hears nothing more from it', () => {
    const { connection, sockets, frames, say, pass } = setUp();
    connection.start();
    say(heartbeat);
    pass(LINK_LOST_AFTER_MS);
    expect(sockets[0]?.closed).toBe(false);
    pass(1);
    expect(sockets[0]?.closed).toBe(true);
    if (sockets[0]) say(heartbeat, sockets[0]);
    expect(frames).toHaveLength(1);
    pass(1_000);
    expect(sockets).toHaveLength(2);
  });

  it('gives up a try that is not answered', () => {
    const { connection, sockets, told, pass } = setUp();
    connection.start();
    pass(LINK_LOST_AFTER_MS + 1);
    expect(told.down).toBe(1);
    pass(1_000);
    expect(sockets).toHaveLength(2);
  });

  it('waits longer after each failed try, up to a bound, and starts over after a success', () => {
    const { connection, sockets, hangUp, say, pass } = setUp();
    const waitForNext = () => {
      const before = sockets.length;
      let waitedMs = 0;
      for (; sockets.length === before; waitedMs += 50) pass(50);
      return waitedMs;
    };
    connection.start();
    const waits = Array.from({ length: 8 }, () => {
      hangUp();
      return waitForNext();
    });
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000, 4_000, 4_000]);
    say(heartbeat);
    hangUp();
    expect(waitForNext()).toBe(250);
  });

  it('takes neither garbage nor a frame that proves nothing as a sign of life', () => {
    const { connection, frames, told, say, pass, last } = setUp();
    connection.start();
    const garbage = [
      '',
      'null',
      '{',
      '[]',
      '{"type":"heartbeat"}',
      '{"type":"vitals","beds":{"a":{"spo2":{"value":"99"}}}}',
    ];
    for (const text of garbage) say(text);
    expect(frames).toEqual([]);
    told.isAlive = false;
    pass(LINK_LOST_AFTER_MS);
    say(heartbeat);
    expect(connection.heardAtMs()).toBeUndefined();
    pass(1);
    expect(last().closed).toBe(true);
  });

  it('starts at once on a new socket when told that the old link cannot be trusted', () => {
    const { connection, sockets, say } = setUp();
    connection.start();
    say(heartbeat);
    connection.restart();
    expect(sockets.map((socket) => socket.closed)).toEqual([true, false]);
    expect(connection.heardAtMs()).toBeUndefined();
  });
});
