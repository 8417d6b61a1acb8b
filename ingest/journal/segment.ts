import type { Checkpoint, Entry } from '#contracts/ports/journal.ts';

/** How the journal keeps records together: each with its length before it, one after the other. */

/** What is stored together or not at all. */
export type Bundle = { readonly records: readonly Buffer[]; readonly checkpoint: Checkpoint | undefined };

/**
 * Larger values need longer runs of free pages, which a log that is written and trimmed for months runs out of. Only a
 * bundle that is larger by itself makes a larger segment.
 */
const MAX_SEGMENT_BYTES = 256 * 1_024;

/** A position has 16 bits for the place in the segment. */
const PLACE_BITS = 16n;
export const MAX_RECORDS = 0xffff;

const HEADER_BYTES = 4;

const framedBytes = (records: readonly Buffer[]): number => {
  let bytes = 0;
  for (const record of records) bytes += HEADER_BYTES + record.length;
  return bytes;
};

/** The first of the bundles that go together, at least one, and the bytes of their segment. */
export const nextGroup = <Waiting extends Bundle>(bundles: readonly Waiting[]): { group: Waiting[]; bytes: number } => {
  let count = 0;
  let recordCount = 0;
  let bytes = 0;
  let checkpointBytes = 0;
  for (const { records, checkpoint } of bundles) {
    recordCount += records.length;
    const framed = framedBytes(records);
    checkpointBytes += checkpoint?.value.length ?? 0;
    const isFull = recordCount > MAX_RECORDS || bytes + framed + checkpointBytes > MAX_SEGMENT_BYTES;
    if (count > 0 && isFull) break;
    bytes += framed;
    count++;
  }
  return { group: bundles.slice(0, count), bytes };
};

/** `bytes`: of all of them, framed. */
export const frame = (bundles: readonly Pick<Bundle, 'records'>[], bytes: number): Buffer => {
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

/** The first record of a segment, which must have one. */
export const firstRecord = (segment: Uint8Array): Uint8Array => segment.subarray(HEADER_BYTES);

/**
 * The rest of a damaged segment, where no length makes sense, becomes its last record: nobody can read it, but it is
 * not lost.
 */
export const unframe = (segmentNumber: number, segment: Buffer, into: Entry[]): void => {
  let place = 0;
  for (let at = 0; at < segment.length; ) {
    const hasLength = at + HEADER_BYTES <= segment.length;
    const end = hasLength ? at + HEADER_BYTES + segment.readUInt32LE(at) : Number.POSITIVE_INFINITY;
    const isWhole = end <= segment.length;
    into.push({
      position: (BigInt(segmentNumber) << PLACE_BITS) | BigInt(place++),
      bytes: segment.subarray(isWhole ? at + HEADER_BYTES : at, isWhole ? end : segment.length),
    });
    at = isWhole ? end : segment.length;
  }
};
