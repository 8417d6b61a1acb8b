/** How the journal keeps records together: each with its length before it, one after the other. */

/** A record's place: the segment's number and the place in it. Never used twice for one journal. */
export type Entry = { readonly position: bigint; readonly bytes: Buffer };

/** A position has 16 bits for the place in the segment. */
const PLACE_BITS = 16n;
export const MAX_RECORDS = 0xffff;

const HEADER_BYTES = 4;

/** What records take in a segment. */
export const framedBytes = (records: readonly Buffer[]): number => {
  let bytes = 0;
  for (const record of records) bytes += HEADER_BYTES + record.length;
  return bytes;
};

/** `bytes`: of all of them, framed. */
export const frame = (bundles: readonly { readonly records: readonly Buffer[] }[], bytes: number): Buffer => {
  const segment = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const { records } of bundles) {
    for (const record of records) {
      at = segment.writeUInt32LE(record.length, at);
      segment.set(record, at);
      at += record.length;
    }
  }
  return segment;
};

export const unframe = (segmentNumber: number, segment: Buffer, into: Entry[]): void => {
  let place = 0;
  for (let at = 0; at < segment.length; ) {
    const start = at + HEADER_BYTES;
    at = start + segment.readUInt32LE(at);
    into.push({
      position: (BigInt(segmentNumber) << PLACE_BITS) | BigInt(place++),
      bytes: segment.subarray(start, at),
    });
  }
};
