import { readCbor } from './cbor.ts';
import { readJson } from './json.ts';
import { PayloadError, type Value } from './value.ts';

const CBOR_FIRST_BYTE = 0x80;
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

export type Parsed = { readonly value: Value } | { readonly why: string };

/** Reads JSON or CBOR into a tree of values, or tells why the bytes are neither. Never throws. */
export const parsePayload = (payload: Buffer): Parsed => {
  const first = payload[0];
  if (first === undefined) return { why: 'empty payload' };
  const isMarked = first === BYTE_ORDER_MARK[0] && payload.subarray(0, 3).equals(BYTE_ORDER_MARK);
  // A CBOR map or array begins at 0x80 or above, JSON text never does, but for a byte order mark.
  const isCbor = first >= CBOR_FIRST_BYTE && !isMarked;
  try {
    // What is not UTF-8 becomes U+FFFD inside a string, which is refused there, and is not well-formed elsewhere.
    return { value: isCbor ? readCbor(payload) : readJson(payload.toString('utf8', isMarked ? 3 : 0)) };
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    return { why: `not ${isCbor ? 'CBOR' : 'JSON'}: ${error.message}` };
  }
};
