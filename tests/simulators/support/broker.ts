import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Aedes, type Client } from 'aedes';

export type Received = {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retain: boolean;
  readonly client: string;
};

/**
 * A real Aedes on a free port that remembers what it was sent. `acknowledge` decides what becomes of a publish:
 * return a promise to hold its PUBACK. `freeze` stops answering and breaks every connection.
 */
export const startBroker = async ({ port = 0 }: { port?: number } = {}) => {
  const received: Received[] = [];
  const listeners = new Set<() => void>();
  const sockets = new Set<Socket>();
  let admit: (message: Received) => Promise<void> = () => Promise.resolve();

  const broker = await Aedes.createBroker({
    authorizePublish: (client: Client | null, packet, callback) => {
      const message = {
        topic: packet.topic,
        payload: Buffer.from(packet.payload),
        retain: packet.retain,
        client: client?.id ?? '',
      };
      admit(message).then(
        () => {
          received.push(message);
          for (const listener of listeners) listener();
          callback(null);
        },
        () => client?.close(),
      );
    },
  });
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;

  return {
    url: `mqtt://127.0.0.1:${address.port}`,
    port: address.port,
    received,
    on: (channel: string) => received.filter(({ topic }) => topic.endsWith(`/${channel}`)),
    /** Resolves once the condition holds; looked at with every message received. */
    until: (condition: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!condition()) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      }),
    admitWith: (next: (message: Received) => Promise<void>) => {
      admit = next;
    },
    dropConnections: () => {
      for (const socket of sockets) socket.destroy();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => broker.close(resolve));
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

export type TestBroker = Awaited<ReturnType<typeof startBroker>>;
