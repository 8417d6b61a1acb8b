import type { Client } from 'aedes';
import { createCorks } from '#platform/corks.ts';
import { internalsOfClient } from './aedes-internals.ts';

/** Sends PUBACKs: those of one connection that come in one turn of the event loop are one write. */
export type Acknowledgements = {
  /** `done` is called when the peer has read enough that more may be sent to it: nearly always at once. */
  readonly send: (client: Client, packetId: number, done: () => void) => void;
};

const PUBACK = 0x40;
const PUBACK_BYTES = 4;

const encode = (packetId: number): Buffer => {
  const bytes = Buffer.allocUnsafe(PUBACK_BYTES);
  bytes[0] = PUBACK;
  bytes[1] = PUBACK_BYTES - 2;
  bytes.writeUInt16BE(packetId, 2);
  return bytes;
};

export const createAcknowledgements = (): Acknowledgements => {
  const corks = createCorks(process.nextTick);

  return {
    send(client, packetId, done) {
      const { conn } = client;
      if (!client.connected || conn.destroyed) return done();
      // What Aedes writes is corked too: all goes out in the order in which it was written.
      corks.hold(conn);
      // A peer that does not read its acknowledgements is closed after a while, as by Aedes.
      if (conn.write(encode(packetId))) done();
      else internalsOfClient(client).waitForDrain(done);
    },
  };
};
