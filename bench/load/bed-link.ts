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
const READ_BYTES = 1_024;
const NOTHING: Buffer = Buffer.alloc(0);

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
  // Its answers are read into one small buffer: a stream for each would cost the machine as much as to send.
  const socket: Socket = connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    onread: {
      buffer: Buffer.alloc(READ_BYTES),
      callback: (count, read) => hear(Buffer.from(read.buffer, read.byteOffset, count)),
    },
  });
  const due = new Float64Array(REMEMBERED);
  const opened = deferred<void>();
  let nextId = 1;
  let acked = 0;
  let isOpen = false;
  let isClosing = false;
  let carry = NOTHING;

  const lost = (reason: string): void => {
    if (isClosing) return;
    isClosing = true;
    opened.reject(new Error(reason));
    onLost(reason);
  };
  socket.write(connectPacket(username, password));
  const hear = (data: Buffer): boolean => {
    const bytes = carry.length === 0 ? data : Buffer.concat([carry, data]);
    let at = 0;
    if (!isOpen) {
      if (bytes.length < CONNACK_BYTES) {
        carry = Buffer.from(bytes);
        return true;
      }
      if (bytes[3] !== 0) {
        lost(`${username} was refused with code ${bytes[3]}`);
        return false;
      }
      isOpen = true;
      at = CONNACK_BYTES;
      opened.resolve();
    }
    // A bed that subscribes to nothing is sent nothing but PUBACKs, of four bytes each.
    for (; at + PUBACK_BYTES <= bytes.length; at += PUBACK_BYTES) {
      acked++;
      onAck(due[bytes.readUInt16BE(at + 2) % REMEMBERED] ?? 0);
    }
    carry = at === bytes.length ? NOTHING : Buffer.from(bytes.subarray(at));
    return true;
  };
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
