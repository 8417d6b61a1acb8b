import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Cancel, Clock } from '#platform/clock.ts';
import type { Authenticate } from './auth.ts';

/**
 * Whether a device could connect now, found out by connecting as one does: over the network, through the listener, to
 * the answer to CONNECT. That the process is alive says nothing about it.
 */
export type Probe = {
  readonly start: (port: number) => void;
  readonly stop: () => void;
  /** Lets the probe in beside those whom `authenticate` lets in. */
  readonly besides: (authenticate: Authenticate) => Authenticate;
  /** Why no device could connect, of the last try. */
  readonly trouble: () => string | undefined;
};

type ProbeClock = Pick<Clock, 'after'>;

const EVERY_MS = 5_000;
const PATIENCE_MS = 3_000;

/** `$` begins no device's name (ID_PATTERN). */
const PROBE_USER = '$probe';

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
};

/** MQTT 3.1.1, 3.1: user name, password, clean session, a keepalive of a minute, a client id of the broker's choice. */
const connectPacket = (username: string, password: string): Buffer => {
  const body = Buffer.concat([text('MQTT'), Buffer.from([4, 0xc2, 0, 60]), text(''), text(username), text(password)]);
  return Buffer.concat([Buffer.from([0x10, body.length]), body]);
};

const DISCONNECT = Buffer.from([0xe0, 0]);

/** Resolves with what was wrong, or undefined. */
const tryOnce = (host: string, port: number, packet: Buffer, clock: ProbeClock): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (trouble: string | undefined) => {
      cancel();
      resolve(trouble);
      if (trouble === undefined) socket.end(DISCONNECT);
      socket.destroySoon();
    };
    const cancel = clock.after(PATIENCE_MS, () => end('no answer in time'));
    socket.on('connect', () => socket.write(packet));
    socket.on('data', (answer) => end(answer[0] === 0x20 && answer[3] === 0 ? undefined : 'it was refused'));
    socket.on('error', ({ message }) => end(message));
    socket.on('close', () => end('its connection was closed'));
  });

/** An address of this machine that reaches what listens on `host`. */
const reach = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
};

export const createProbe = ({ host, clock }: { host: string; clock: ProbeClock }): Probe => {
  const secret = randomBytes(16).toString('hex');
  const packet = connectPacket(PROBE_USER, secret);
  let trouble: string | undefined;
  let cancel: Cancel | undefined;
  let isStopped = true;

  const go = async (port: number): Promise<void> => {
    const found = await tryOnce(reach(host), port, packet, clock);
    if (isStopped) return;
    trouble = found;
    cancel = clock.after(EVERY_MS, () => void go(port), 'background');
  };

  return {
    start(port) {
      isStopped = false;
      void go(port);
    },
    stop() {
      isStopped = true;
      cancel?.();
    },
    besides: (authenticate) => async (username, password, address) => {
      if (username !== PROBE_USER) return await authenticate(username, password, address);
      return password.toString() === secret ? { kind: 'probe' } : undefined;
    },
    trouble: () => trouble,
  };
};
