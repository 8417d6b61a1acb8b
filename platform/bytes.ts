/** Little-endian binary writing and reading, without a decision about what is written. */

/** Grows as needed; `take` hands out a copy and starts anew. */
export type ByteWriter = {
  readonly u8: (value: number) => void;
  readonly u16: (value: number) => void;
  readonly u32: (value: number) => void;
  readonly i32: (value: number) => void;
  readonly f32: (value: number) => void;
  readonly f64: (value: number) => void;
  /** Text of at most 65,535 bytes of UTF-8. */
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
      buffer[offset] = value;
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

/** Reads in the order of writing. Throws a RangeError past the end. A class: one is made for every journal record. */
export class ByteReader {
  readonly #view: DataView;
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  #advance(count: number): number {
    const start = this.#at;
    this.#at = start + count;
    return start;
  }

  /** Bytes that were not read yet. */
  left(): number {
    return this.#buffer.length - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  f32(): number {
    return this.#view.getFloat32(this.#advance(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  text(): string {
    return this.#slice(this.u16()).toString('utf8');
  }

  skipText(): void {
    this.#advance(this.u16());
  }

  /** How many bytes were read. */
  at(): number {
    return this.#at;
  }

  /** A view, not a copy. */
  bytes(): Buffer {
    return this.#slice(this.u32());
  }

  #slice(length: number): Buffer {
    const start = this.#advance(length);
    if (this.#at > this.#buffer.length) throw new RangeError('record is cut short');
    return this.#buffer.subarray(start, this.#at);
  }
}
