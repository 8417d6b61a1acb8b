import { readFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { coerceError, UserError } from '#platform/errors.ts';
import { explainListenError } from '#platform/listen-error.ts';

/** MQTT over TCP, and over TLS when a certificate is configured. */

export type ListenerSettings = {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly port: number; readonly certFile: string; readonly keyFile: string } | undefined;
};

const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Connections that the kernel keeps while the station is busy. A ward of thousands comes back within seconds, and what
 * does not fit is tried again only after one, two and four seconds. The kernel takes less if its own bound is lower.
 */
const WAITING_CONNECTIONS = 4_096;

export type Listeners = {
  readonly start: () => Promise<{ readonly port: number; readonly tlsPort: number | undefined }>;
  /** No new connections from here on. */
  readonly stopListening: () => Promise<void>;
  readonly destroyConnections: () => void;
};

const listen = (server: Server, host: string, port: number, setting: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(explainListenError(error, { host, port, setting }));
    });
    server.listen({ port, host, backlog: WAITING_CONNECTIONS }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });

const readPem = async (file: string, setting: string): Promise<Buffer> => {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UserError(`${file} cannot be read (${coerceError(error).message}): set ${setting} to a PEM file`, {
      cause: error,
    });
  }
};

export const createListeners = ({
  settings,
  onConnection,
  handle,
}: {
  settings: ListenerSettings;
  /** Every connection as it comes, before TLS: also one that says nothing must count. */
  onConnection: (socket: Socket) => void;
  /** Once it can be read from. */
  handle: (socket: Socket) => unknown;
}): Listeners => {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();

  const onSocket = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    handle(socket);
  };

  const open = async (server: Server, port: number, setting: string): Promise<number> => {
    server.prependListener('connection', onConnection);
    servers.push(server);
    return await listen(server, settings.host, port, setting);
  };

  return {
    async start() {
      const { tls } = settings;
      // Without noDelay the worst delivery of four hundred took 45 ms instead of 2 ms.
      const port = await open(createServer({ noDelay: true }, onSocket), settings.port, 'MQTT_PORT');
      if (!tls) return { port, tlsPort: undefined };
      const cert = await readPem(tls.certFile, 'TLS_CERT_FILE');
      const key = await readPem(tls.keyFile, 'TLS_KEY_FILE');
      const handshakeTimeout = HANDSHAKE_TIMEOUT_MS;
      const server = createTlsServer({ cert, key, minVersion: 'TLSv1.2', noDelay: true, handshakeTimeout }, onSocket);
      // A failed handshake concerns its peer alone; the connection under it is closed by then.
      server.on('tlsClientError', (_error, socket) => socket.destroy());
      return { port, tlsPort: await open(server, tls.port, 'MQTTS_PORT') };
    },
    async stopListening() {
      await Promise.all(
        servers.splice(0).map(
          (server) =>
            new Promise<void>((resolve) => {
              // Resolves when the last connection is gone, so it must not be waited for; not listening is enough.
              server.close();
              resolve();
            }),
        ),
      );
    },
    destroyConnections() {
      for (const socket of sockets) socket.destroy();
    },
  };
};
