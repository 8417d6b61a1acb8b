import { connect, type Socket } from 'node:net';
import { deferred } from '../support/deferred.ts';
import { CONNACK_BYTES, connectPacket, PUBACK_BYTES } from './packets.ts';

/** One bed's MQTT connection, as raw as can be: it writes PUBLISH packets and counts PUBACKs. */
export type BedLink = {
  /** Resolves when the broker has let it in. */
  readonly opened: Promise<void>;
  /** Writes a packet that is due at `dueMs` (performance.now()); its PUBACK is timed from then. */
  readonly publish: (dueMs: number, fill: (packetId: number) => Buffer) => void;
  readonly acked: () => number;
  readonly close: () => void;
};

/** Packets in flight of one bed whose due times are remembered. */
const REMEMBERED = 2_048;
const PACKET_IDS = 65_535;

export const openBedLink = ({
  port,
  username,
  password,
  onAck,
  onLost,
}: {
  port: number;
  username: string;
  password: string;
  onAck: (dueMs: number) => void;
  onLost: (reason: string) => void;
}): BedLink => {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const due = new Float64Array(REMEMBERED);
  const opened = deferred<void>();
  let nextId = 1;
  let acked = 0;
  let isOpen = false;
  let isClosing = false;
  let carry: Buffer = Buffer.alloc(0);

  const lost = (reason: string): void => {
    if (isClosing) return;
    isClosing = true;
    opened.reject(new Error(reason));
    onLost(reason);
  };
  socket.write(connectPacket(username, password));
  socket.on('data', (data) => {
    const bytes = carry.length === 0 ? data : Buffer.concat([carry, data]);
    let at = 0;
    if (!isOpen) {
      if (bytes.length < CONNACK_BYTES) {
        carry = bytes;
        return;
      }
      if (bytes[3] !== 0) return lost(`${username} was refused with code ${bytes[3]}`);
      isOpen = true;
      at = CONNACK_BYTES;
      opened.resolve();
    }
    // A bed that subscribes to nothing is sent nothing but PUBACKs, of four bytes each.
    for (; at + PUBACK_BYTES <= bytes.length; at += PUBACK_BYTES) {
      acked++;
      onAck(due[bytes.readUInt16BE(at + 2) % REMEMBERED] ?? 0);
    }
    carry = bytes.subarray(at);
  });
  socket.on('error', (error) => lost(error.message));
  socket.on('close', () => lost('the station closed the connection'));

  return {
    opened: opened.promise,
    publish(dueMs, fill) {
      const id = nextId;
      nextId = id === PACKET_IDS ? 1 : id + 1;
      due[id % REMEMBERED] = dueMs;
      socket.write(fill(id));
    },
    acked: () => acked,
    close() {
      isClosing = true;
      socket.destroy();
    },
  };
};
