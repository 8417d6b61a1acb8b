import { UserError } from '#platform/errors.ts';
import { type Bytes, inMemory } from '../bytes.ts';
import { decodeFlac } from '../flac/decode.ts';

/** The width of a sample once it is unpacked. */
const SAMPLE_BYTES = 4;

export type Unpacking = {
  /** At most so many bits a sample: the last two digits of the format. */
  readonly maxBits: number;
  readonly channels: number;
  /** Samples of each channel in a frame; a FLAC file has the same number of each. */
  readonly perFrame: number;
  /** Samples of each channel before the first of the record. */
  readonly skipped: number;
};

/**
 * The samples of a FLAC file in the order in which other formats have them: frame by frame, and in a frame signal by signal,
 * each in 32 bits.
 */
export const unpackFlac = (path: string, packed: Bytes, { maxBits, channels, perFrame, skipped }: Unpacking): Bytes => {
  const decoded = decodeFlac(path, packed.read(0, packed.size));
  if (decoded.channels.length !== channels || decoded.sampleBits > maxBits) {
    throw new UserError(
      `${path} has ${decoded.channels.length} channels of ${decoded.sampleBits} bits, and its header says ${channels} of ${maxBits}`,
    );
  }
  const samples = Math.max(0, (decoded.channels[0]?.length ?? 0) - skipped);
  const frames = Math.floor(samples / perFrame);
  const unpacked = Buffer.alloc(frames * perFrame * channels * SAMPLE_BYTES);
  let at = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    for (const channel of decoded.channels) {
      for (let place = 0; place < perFrame; place += 1) {
        at = unpacked.writeInt32LE(channel[skipped + frame * perFrame + place] ?? 0, at);
      }
    }
  }
  return inMemory(unpacked);
};
