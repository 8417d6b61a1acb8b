/** A PUBLISH at QoS 1, read where it lies (MQTT 3.1.1, 3.3). Nothing of it is copied. */
export type PublishPacket = {
  readonly topic: string;
  readonly packetId: number;
  readonly payload: Buffer;
  /** It may have been sent long before it arrived: it is marked as sent again, or as retained. */
  readonly isRepeat: boolean;
  /** Where the next packet begins. */
  readonly end: number;
};

/** Where the bytes after the fixed header begin and end, which may be past what is there. */
export type Frame = { readonly from: number; readonly end: number };

/** Type 3 with QoS 1, whatever DUP (bit 3) and RETAIN (bit 0) say. */
const TYPE_AND_QOS = 0b1111_0110;
const PUBLISH_QOS_1 = 0b0011_0010;
const DUP_OR_RETAIN = 0b1001;

const LENGTH_MORE = 0x80;
const MAX_LENGTH_BYTES = 4;
const ID_BYTES = 2;

/** The PUBLISH at QoS 1 that begins at `start`; 'cut': not all of its length is there; undefined: it is something else. */
export const frameOfPublish = (bytes: Buffer, start: number): Frame | 'cut' | undefined => {
  if (((bytes[start] ?? 0) & TYPE_AND_QOS) !== PUBLISH_QOS_1) return undefined;
  let length = 0;
  for (let place = 0; place < MAX_LENGTH_BYTES; place++) {
    const byte = bytes[start + 1 + place];
    if (byte === undefined) return 'cut';
    length += (byte & ~LENGTH_MORE) * 2 ** (7 * place);
    const from = start + 2 + place;
    if (byte < LENGTH_MORE) return { from, end: from + length };
  }
  return undefined;
};

/** Reads the packet in a frame that is wholly there; undefined: it is not well-formed. */
export const readPublish = (bytes: Buffer, start: number, { from, end }: Frame): PublishPacket | undefined => {
  const topicAt = from + ID_BYTES;
  if (topicAt > end) return undefined;
  const idAt = topicAt + bytes.readUInt16BE(from);
  const payloadAt = idAt + ID_BYTES;
  if (payloadAt > end) return undefined;
  const packetId = bytes.readUInt16BE(idAt);
  // MQTT 3.1.1, 2.3.1-1.
  if (packetId === 0) return undefined;
  return {
    // A topic of a device is ASCII. In Latin-1 any other is none of its own, and is read as it should be elsewhere.
    topic: bytes.toString('latin1', topicAt, idAt),
    packetId,
    payload: bytes.subarray(payloadAt, end),
    isRepeat: ((bytes[start] ?? 0) & DUP_OR_RETAIN) !== 0,
    end,
  };
};
