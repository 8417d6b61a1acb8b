/** Little-endian binary writing and reading, without a decision about what is written. */

/** Grows as needed; `take` hands out a copy and starts anew. */
export type ByteWriter = {
  readonly u8: (value: number) => void;
  readonly u16: (value: number) => void;
  readonly u32: (value: number) => void;
  readonly i32: (value: number) => void;
  readonly f32: (value: number) => void;
  readonly f64: (value: number) => void;
  /** At most 65,535 bytes of UTF-8. */
  readonly text: (value: string) => void;
  readonly bytes: (value: Uint8Array) => void;
  readonly take: () => Buffer;
};

export const createByteWriter = (initialBytes = 4_096): ByteWriter => {
  let buffer = Buffer.allocUnsafe(initialBytes);
  let at = 0;
  const reserve = (count: number): number => {
    if (at + count > buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + count));
      buffer.copy(larger, 0, 0, at);
      buffer = larger;
    }
    at += count;
    return at - count;
  };
  // Reserving may replace the buffer, so it comes before the buffer is named.
  return {
    u8(value) {
      const offset = reserve(1);
      buffer.writeUInt8(value, offset);
    },
    u16(value) {
      const offset = reserve(2);
      buffer.writeUInt16LE(value, offset);
    },
    u32(value) {
      const offset = reserve(4);
      buffer.writeUInt32LE(value, offset);
    },
    i32(value) {
      const offset = reserve(4);
      buffer.writeInt32LE(value, offset);
    },
    f32(value) {
      const offset = reserve(4);
      buffer.writeFloatLE(value, offset);
    },
    f64(value) {
      const offset = reserve(8);
      buffer.writeDoubleLE(value, offset);
    },
    text(value) {
      const start = reserve(2 + value.length * 3);
      const length = buffer.write(value, start + 2, 'utf8');
      buffer.writeUInt16LE(length, start);
      at = start + 2 + length;
    },
    bytes(value) {
      const start = reserve(4 + value.length);
      buffer.writeUInt32LE(value.length, start);
      buffer.set(value, start + 4);
    },
    take() {
      const taken = Buffer.from(buffer.subarray(0, at));
      at = 0;
      return taken;
    },
  };
};

/** Reads in the order of writing. Throws a RangeError past the end. */
export type ByteReader = {
  readonly u8: () => number;
  readonly u16: () => number;
  readonly u32: () => number;
  readonly i32: () => number;
  readonly f32: () => number;
  readonly f64: () => number;
  readonly text: () => string;
  /** A view, not a copy. */
  readonly bytes: () => Buffer;
  readonly atEnd: () => boolean;
};

export const createByteReader = (buffer: Buffer): ByteReader => {
  let at = 0;
  const advance = (count: number): number => {
    at += count;
    return at - count;
  };
  const slice = (length: number): Buffer => {
    const start = advance(length);
    if (at > buffer.length) throw new RangeError('record is cut short');
    return buffer.subarray(start, at);
  };
  return {
    u8: () => buffer.readUInt8(advance(1)),
    u16: () => buffer.readUInt16LE(advance(2)),
    u32: () => buffer.readUInt32LE(advance(4)),
    i32: () => buffer.readInt32LE(advance(4)),
    f32: () => buffer.readFloatLE(advance(4)),
    f64: () => buffer.readDoubleLE(advance(8)),
    text: () => slice(buffer.readUInt16LE(advance(2))).toString('utf8'),
    bytes: () => slice(buffer.readUInt32LE(advance(4))),
    atEnd: () => at >= buffer.length,
  };
};
