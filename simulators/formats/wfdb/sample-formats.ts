/** How WFDB writes samples, by the number of the format: WFDB manual, signal(5). */
export type SampleFormat = {
  /** The value that stands for "no sample here"; format 8 has none. */
  readonly missing: number | null;
  /** Samples are packed in blocks. */
  readonly samplesPerBlock: number;
  readonly bytesPerBlock: number;
  /** How many whole samples are in the first bytes of a block. */
  readonly inPart: readonly number[];
  readonly sample: (data: DataView, block: number, place: number) => number;
};

const whole = (bytes: number, missing: number | null, sample: SampleFormat['sample']): SampleFormat => ({
  missing,
  samplesPerBlock: 1,
  bytesPerBlock: bytes,
  inPart: Array.from({ length: bytes }, () => 0),
  sample,
});

/** Two's complement of so many bits. */
const signed = (value: number, bits: number): number => (value << (32 - bits)) >> (32 - bits);

/** Two samples of 12 bits in three bytes: the low bytes are the first and third, the middle one has both high nibbles. */
const FORMAT_212: SampleFormat = {
  missing: -2_048,
  samplesPerBlock: 2,
  bytesPerBlock: 3,
  inPart: [0, 0, 1],
  sample(data, block, place) {
    const middle = data.getUint8(block + 1);
    return place === 0
      ? signed(data.getUint8(block) | ((middle & 0x0f) << 8), 12)
      : signed(data.getUint8(block + 2) | ((middle & 0xf0) << 4), 12);
  },
};

/** Three samples of 10 bits in four bytes: bits 1–10 of each pair of bytes, and the five bits left over in each. */
const FORMAT_310: SampleFormat = {
  missing: -512,
  samplesPerBlock: 3,
  bytesPerBlock: 4,
  inPart: [0, 0, 1, 1],
  sample(data, block, place) {
    const pairs = [data.getUint16(block, true), data.getUint16(block + 2, true)] as const;
    if (place < 2) return signed((place === 0 ? pairs[0] : pairs[1]) >> 1, 10);
    return signed((pairs[0] >> 11) | ((pairs[1] >> 11) << 5), 10);
  },
};

/** Three samples of 10 bits in four bytes, one after another from the lowest bit. */
const FORMAT_311: SampleFormat = {
  missing: -512,
  samplesPerBlock: 3,
  bytesPerBlock: 4,
  inPart: [0, 0, 1, 2],
  sample: (data, block, place) => signed(data.getUint32(block, true) >>> (10 * place), 10),
};

/** In format 8 a sample is what is to be added to the one before. */
export const DIFFERENCES = 8;

const FORMATS: Readonly<Record<number, SampleFormat>> = {
  [DIFFERENCES]: whole(1, null, (data, block) => data.getInt8(block)),
  16: whole(2, -32_768, (data, block) => data.getInt16(block, true)),
  24: whole(3, -8_388_608, (data, block) => data.getUint16(block, true) | (data.getInt8(block + 2) << 16)),
  32: whole(4, -2_147_483_648, (data, block) => data.getInt32(block, true)),
  61: whole(2, -32_768, (data, block) => data.getInt16(block, false)),
  80: whole(1, -128, (data, block) => data.getUint8(block) - 128),
  160: whole(2, -32_768, (data, block) => data.getUint16(block, true) - 32_768),
  212: FORMAT_212,
  310: FORMAT_310,
  311: FORMAT_311,
};

/** Signals compressed with FLAC, of up to so many bits; unpacked they are in 32 bits, and what is missing is as before. */
const COMPRESSED: Readonly<Record<number, { readonly maxBits: number; readonly format: SampleFormat }>> = {
  508: { maxBits: 8, format: whole(4, -128, (data, block) => data.getInt32(block, true)) },
  516: { maxBits: 16, format: whole(4, -32_768, (data, block) => data.getInt32(block, true)) },
  524: { maxBits: 24, format: whole(4, -8_388_608, (data, block) => data.getInt32(block, true)) },
};

/** The most bits of a sample in a compressed format; undefined: the format is not compressed. */
export const compressedBits = (format: number): number | undefined => COMPRESSED[format]?.maxBits;

export const KNOWN_FORMATS = [...Object.keys(FORMATS), ...Object.keys(COMPRESSED)].join(', ');

/** The format, or why it is not read. */
export const findFormat = (format: number): SampleFormat | string =>
  FORMATS[format] ?? COMPRESSED[format]?.format ?? `samples in format ${format} are not read, only in ${KNOWN_FORMATS}`;

/** Whole samples in so many bytes. */
export const samplesIn = ({ samplesPerBlock, bytesPerBlock, inPart }: SampleFormat, bytes: number): number =>
  Math.floor(bytes / bytesPerBlock) * samplesPerBlock + (inPart[bytes % bytesPerBlock] ?? 0);
