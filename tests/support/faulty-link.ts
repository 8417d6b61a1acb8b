import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP relay that can be cut (both sides reset), down (cut, and refusing) or frozen (open, and silent). */
export type FaultyLink = {
  /** The address to use instead of the target's. */
  readonly url: string;
  readonly cut: () => void;
  readonly down: () => void;
  readonly up: () => void;
  readonly freeze: () => void;
  readonly thaw: () => void;
  readonly stop: () => Promise<void>;
};

export const createFaultyLink = async (targetUrl: string): Promise<FaultyLink> => {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let frozen = false;
  let down = false;

  const track = (socket: Socket, peer: () => Socket) => {
    sockets.add(socket);
    if (frozen) socket.pause();
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => peer().write(chunk));
    socket.on('close', () => {
      sockets.delete(socket);
      peer().destroy();
    });
  };

  const server = createServer((near) => {
    if (down) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    track(near, () => far);
    track(far, () => near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const relayed = new URL(targetUrl);
  relayed.hostname = '127.0.0.1';
  relayed.port = String(port);
  return {
    url: relayed.href.replace(/\/$/, ''),
    cut,
    down() {
      down = true;
      cut();
    },
    up() {
      down = false;
    },
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
