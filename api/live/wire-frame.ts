/**
 * A frame as it goes through the socket: a text message that is whole and not masked, as a server sends it (RFC 6455 section 5.2).
 * It is made once for all screens that get it, which is why `ws` does not make it: it would make, and write, a header for each.
 */
export type WireFrame = { readonly bytes: Buffer };

const FINAL_TEXT = 0x81;

/** Up to this length it is told in the second byte; up to the next in two bytes more, else in eight. */
const SHORT = 125;
const MEDIUM = 0xff_ff;
const MEDIUM_FOLLOWS = 126;
const LONG_FOLLOWS = 127;

export const wireFrame = (text: string): WireFrame => {
  const length = Buffer.byteLength(text);
  const headerBytes = length <= SHORT ? 2 : length <= MEDIUM ? 4 : 10;
  const bytes = Buffer.allocUnsafe(headerBytes + length);
  bytes[0] = FINAL_TEXT;
  if (headerBytes === 2) bytes[1] = length;
  else if (headerBytes === 4) {
    bytes[1] = MEDIUM_FOLLOWS;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = LONG_FOLLOWS;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  bytes.write(text, headerBytes);
  return { bytes };
};
