import type { Client } from 'aedes';
import type { Acknowledgements } from './acknowledgements.ts';
import { internalsOfClient } from './aedes-internals.ts';
import type { Publications } from './publications.ts';
import { frameOfPublish, readPublish } from './publish-packet.ts';

/**
 * A lane past Aedes for the one packet that nearly all are:
 *
 *   what was read ─┬─ PUBLISH at QoS 1 on a topic of its sender's own ─▶ publications ─▶ … stored … ─▶ PUBACK
 *                  └─ anything else, and all that comes after it in the same piece ─▶ Aedes
 *
 * It keeps the order of a connection, because both ways hand a message on in the turn in which it is read; and as on the
 * way through Aedes, a connection is read no further than one piece while that is not stored (decision 0027).
 */
export type Lane = {
  /** Takes what it can from the front of what was read, and returns what is left for Aedes. */
  readonly take: (bytes: Buffer) => Buffer;
};

export type LaneDependencies = {
  readonly client: Client;
  readonly publications: Pick<Publications, 'own' | 'takeOwn'>;
  readonly acknowledgements: Acknowledgements;
  readonly maxPublishBytes: () => number;
  /** So many bytes of an unfinished packet are being gathered. False: there is no room for them. */
  readonly gather: (bytes: number) => boolean;
};

/** The beginning of a larger packet is left to Aedes: it would be copied with each piece that comes. */
const MAX_KEPT_BYTES = 64 * 1_024;

const NOTHING: Buffer = Buffer.alloc(0);

/** Takes single packets, and has Aedes count them with its own. */
const createTaker = ({ client, publications, acknowledgements, maxPublishBytes }: LaneDependencies) => {
  const internals = internalsOfClient(client);
  let isTaking = false;

  /** Aedes may read on. Not before all that was read is handed on: what needs no storing is done at once. */
  const done = (): void => {
    if (isTaking) setImmediate(done);
    // To ask a connection for what is not there costs as much as to take a message. That it has ended is told without asking.
    else if (client.conn.readableLength > 0) internals._nextBatch();
    else internals._parsingBatch = Math.max(0, internals._parsingBatch - 1);
  };

  /** Where the next packet begins; undefined when this one is not for the lane. */
  const takeOne = (bytes: Buffer, start: number): number | undefined => {
    const frame = frameOfPublish(bytes, start);
    if (!frame || frame === 'cut' || frame.end > bytes.length) return undefined;
    if (frame.end - frame.from > maxPublishBytes()) return undefined;
    const packet = readPublish(bytes, start, frame);
    const own = packet && publications.own(client, packet.topic);
    if (!own) return undefined;
    const { topic, payload, isRepeat, packetId } = packet;
    // Aedes counts what it has in hand, and reads on when that is done: it counts this too.
    internals._parsingBatch++;
    publications.takeOwn(client, own, { topic, payload, isRepeat, qos: 1 }, (error) => {
      if (error) internals._nextBatch(error);
      else acknowledgements.send(client, packetId, done);
    });
    return packet.end;
  };

  /** Takes whole packets off the front, and returns the rest. */
  return (bytes: Buffer): Buffer => {
    let at = 0;
    isTaking = true;
    while (at < bytes.length && !client.closed) {
      const next = takeOne(bytes, at);
      if (next === undefined) break;
      at = next;
    }
    isTaking = false;
    if (at > 0) internals._keepaliveTimer?.refresh();
    return client.closed ? NOTHING : bytes.subarray(at);
  };
};

export const createLane = (deps: LaneDependencies): Lane => {
  const { client, maxPublishBytes, gather } = deps;
  const { _parser: parser } = internalsOfClient(client);
  const takeWhole = createTaker(deps);
  /** The beginning of a packet whose rest was not there yet. */
  let kept = NOTHING;

  const isBeginning = (bytes: Buffer): boolean => {
    const frame = frameOfPublish(bytes, 0);
    if (!frame || frame === 'cut') return frame === 'cut';
    return frame.end > bytes.length && frame.end <= MAX_KEPT_BYTES && frame.end - frame.from <= maxPublishBytes();
  };

  return {
    take(piece) {
      // Before the CONNACK, and in the middle of a packet, all is for Aedes.
      if (!client.connected || parser._list.length > 0 || parser._stateCounter > 0) return piece;
      const rest = takeWhole(kept.length === 0 ? piece : Buffer.concat([kept, piece]));
      const isKept = rest.length > 0 && isBeginning(rest);
      if (!isKept && kept.length === 0) return rest;
      // A copy, because a part of a piece would keep all of the piece in memory.
      kept = isKept ? Buffer.from(rest) : NOTHING;
      if (gather(kept.length)) return isKept ? NOTHING : rest;
      kept = NOTHING;
      return rest;
    },
  };
};
