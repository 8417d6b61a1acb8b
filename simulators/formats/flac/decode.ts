import { createHash } from 'node:crypto';
import { UserError } from '#platform/errors.ts';
import { type Bits, createBits } from './bits.ts';
import { readSubframe } from './subframe.ts';

/** FLAC, as RFC 9639 describes it: what compresses the samples of WFDB records. Written for signals and not for sound. */
export type Decoded = {
  /** The samples of each channel, of the same number. */
  readonly channels: readonly Int32Array[];
  readonly sampleBits: number;
};

type StreamInfo = {
  readonly channels: number;
  readonly sampleBits: number;
  readonly samples: number;
  readonly digest: Buffer;
};

const MARK = 'fLaC';
const STREAM_INFO = 0;
const STREAM_INFO_BYTES = 34;
const SYNC = 0x3ffe;
/** Of all channels together: so much is held in memory at once. */
const MAX_SAMPLES = 2 ** 27;

/** The samples of a block, by the code in its header; 6 and 7 say that the number follows. */
const blockSizeOf = (code: number, bits: Bits): number => {
  if (code === 1) return 192;
  if (code >= 2 && code <= 5) return 576 * 2 ** (code - 2);
  if (code === 6) return bits.unsigned(8) + 1;
  if (code === 7) return bits.unsigned(16) + 1;
  if (code >= 8) return 256 * 2 ** (code - 8);
  throw new RangeError(`a block of size ${code}`);
};

/** The bits of a sample, by the code in the header of a block; 0: as in the stream. */
const SAMPLE_BITS: Readonly<Record<number, number>> = { 1: 8, 2: 12, 4: 16, 5: 20, 6: 24, 7: 32 };

/** Bytes that follow the first one of a number that is coded as in UTF-8. */
const skipNumber = (bits: Bits): void => {
  const first = bits.unsigned(8);
  const following = first < 0xc0 ? 0 : Math.clz32(~(first << 24)) - 1;
  bits.unsigned(8 * Math.min(following, 6));
};

const LEFT_SIDE = 8;
const SIDE_RIGHT = 9;
const MIDDLE_SIDE = 10;

/** Two channels of which one is a difference become two channels. */
const joinStereo = (assignment: number, [first, second]: readonly Int32Array[]): void => {
  if (!first || !second) return;
  for (let place = 0; place < first.length; place += 1) {
    const [one, two] = [first[place] ?? 0, second[place] ?? 0];
    if (assignment === LEFT_SIDE) second[place] = one - two;
    else if (assignment === SIDE_RIGHT) first[place] = one + two;
    else if (assignment === MIDDLE_SIDE) {
      const middle = one * 2 + (two & 1);
      first[place] = (middle + two) / 2;
      second[place] = (middle - two) / 2;
    }
  }
};

/** Which channel is the difference, which takes one bit more; −1: none. */
const sideOf = (assignment: number): number => {
  if (assignment === SIDE_RIGHT) return 0;
  return assignment === LEFT_SIDE || assignment === MIDDLE_SIDE ? 1 : -1;
};

const readBlock = (bits: Bits, info: StreamInfo): readonly Int32Array[] => {
  if (bits.unsigned(14) !== SYNC) throw new RangeError('no block where one should begin');
  bits.unsigned(2);
  const sizeCode = bits.unsigned(4);
  const rateCode = bits.unsigned(4);
  const assignment = bits.unsigned(4);
  const sampleBits = SAMPLE_BITS[bits.unsigned(3)] ?? info.sampleBits;
  bits.unsigned(1);
  skipNumber(bits);
  const count = blockSizeOf(sizeCode, bits);
  bits.unsigned(rateCode === 12 ? 8 : rateCode === 13 || rateCode === 14 ? 16 : 0);
  bits.unsigned(8);
  const channels = assignment < LEFT_SIDE ? assignment + 1 : 2;
  if (channels !== info.channels) throw new RangeError(`a block of ${channels} channels`);
  const side = sideOf(assignment);
  const read = Array.from({ length: channels }, (_, channel) =>
    readSubframe(bits, count, sampleBits + (channel === side ? 1 : 0)),
  );
  joinStereo(assignment, read);
  bits.toByte();
  bits.unsigned(16);
  return read;
};

const readStreamInfo = (bytes: Buffer): { info: StreamInfo; blocksAt: number } => {
  if (bytes.toString('latin1', 0, 4) !== MARK) throw new RangeError(`no ${MARK} at its head`);
  let at = 4;
  let info: StreamInfo | undefined;
  for (let isLast = false; !isLast; ) {
    const type = bytes.readUInt8(at);
    const length = bytes.readUIntBE(at + 1, 3);
    isLast = type >= 128;
    if ((type & 127) === STREAM_INFO) {
      const bits = createBits(bytes.subarray(at + 4, at + 4 + STREAM_INFO_BYTES), 0);
      bits.skip(10);
      bits.unsigned(20);
      const channels = bits.unsigned(3) + 1;
      const sampleBits = bits.unsigned(5) + 1;
      const samples = bits.unsigned(36);
      const digest = bytes.subarray(at + 22, at + 22 + 16);
      info = { channels, sampleBits, samples, digest };
    }
    at += 4 + length;
  }
  if (!info) throw new RangeError('it does not say how many channels it has');
  return { info, blocksAt: at };
};

/** The digest in the head is that of the samples, one after another from each channel, in whole bytes. */
const digestOf = (channels: readonly Int32Array[], sampleBits: number): Buffer => {
  const width = Math.ceil(sampleBits / 8);
  const length = channels[0]?.length ?? 0;
  const hash = createHash('md5');
  const atOnce = 65_536;
  for (let from = 0; from < length; from += atOnce) {
    const count = Math.min(atOnce, length - from);
    const piece = Buffer.alloc(count * channels.length * width);
    for (let place = 0; place < count; place += 1) {
      for (const [channel, samples] of channels.entries()) {
        piece.writeIntLE(samples[from + place] ?? 0, (place * channels.length + channel) * width, width);
      }
    }
    hash.update(piece);
  }
  return hash.digest();
};

const decode = (bytes: Buffer): Decoded => {
  const { info, blocksAt } = readStreamInfo(bytes);
  if (info.samples * info.channels > MAX_SAMPLES) {
    throw new RangeError(`more than ${MAX_SAMPLES} samples: cut the record into several`);
  }
  const channels = Array.from({ length: info.channels }, () => new Int32Array(info.samples));
  const bits = createBits(bytes, blocksAt);
  for (let done = 0; done < info.samples; ) {
    const block = readBlock(bits, info);
    const count = Math.min(block[0]?.length ?? 0, info.samples - done);
    for (const [channel, samples] of block.entries()) channels[channel]?.set(samples.subarray(0, count), done);
    done += count;
  }
  const isDigestKnown = info.digest.some((byte) => byte !== 0);
  if (isDigestKnown && !info.digest.equals(digestOf(channels, info.sampleBits))) {
    throw new RangeError('the samples are not those that its digest is of');
  }
  return { channels, sampleBits: info.sampleBits };
};

/** The samples of a FLAC file, checked by the digest in it. Throws a UserError for what is damaged. */
export const decodeFlac = (path: string, bytes: Buffer): Decoded => {
  try {
    return decode(bytes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${path} cannot be unpacked: ${why}: it is damaged, fetch it again`, { cause });
  }
};
