import { UnreadableWavesError } from './errors.ts';

/**
 * Bytes and bits one after another, the highest bit of a byte first. Numbers of unknown size are varints: seven bits a
 * byte, the lowest first, and the eighth bit says that another byte follows.
 */

/** So many bits at once always fit the 32 of an integer beside what is left of a byte. */
export const MAX_BITS = 24;
const LENGTH_BITS = 5;

/** Signed to unsigned, small stays small: 0, −1, 1, −2 become 0, 1, 2, 3. For less than 2 ** 30 from 0. */
export const zigzag = (value: number): number => (value << 1) ^ (value >> 31);
export const unzigzag = (value: number): number => (value >>> 1) ^ -(value & 1);

const scratch = new DataView(new ArrayBuffer(8));
const HALF_WORD = 16;

/** Grows as needed. A class: it is called for every sample. */
export class BitWriter {
  #bytes = new Uint8Array(512);
  #at = 0;
  #held = 0;
  #heldBits = 0;

  /** A whole number below 2 ** `count`; at most `MAX_BITS` bits. */
  bits(value: number, count: number): void {
    this.#held = (this.#held << count) | value;
    this.#heldBits += count;
    while (this.#heldBits >= 8) {
      this.#heldBits -= 8;
      this.byte(this.#held >>> this.#heldBits);
    }
    this.#held &= (1 << this.#heldBits) - 1;
  }

  /** A whole number of at most `MAX_BITS` bits: how many they are, and they. */
  number(value: number): void {
    const count = 32 - Math.clz32(value);
    this.bits(count, LENGTH_BITS);
    this.bits(value, count);
  }

  double(value: number): void {
    scratch.setFloat64(0, value);
    for (let place = 0; place < 8; place += 2) this.bits(scratch.getUint16(place), HALF_WORD);
  }

  /** Fills the byte in hand with zeros. Bytes and varints are written only after it, or before any bits. */
  align(): void {
    if (this.#heldBits > 0) this.bits(0, 8 - this.#heldBits);
  }

  byte(value: number): void {
    if (this.#at === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }

  varint(value: number): void {
    let left = value;
    for (; left >= 0x80; left = Math.floor(left / 0x80)) this.byte((left % 0x80) | 0x80);
    this.byte(left);
  }

  /** A float of 32 bits, the lowest byte first. */
  float(value: number): void {
    scratch.setFloat32(0, value, true);
    for (let place = 0; place < 4; place++) this.byte(scratch.getUint8(place));
  }

  bytes(values: Uint8Array): void {
    for (const value of values) this.byte(value);
  }

  /** What was written. To be called once, at the end. */
  take(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }
}

/** Reads in the order of writing. Throws an UnreadableWavesError past the end. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #held = 0;
  #heldBits = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes of which nothing was read yet. */
  left(): number {
    return this.#bytes.length - this.#at;
  }

  bits(count: number): number {
    while (this.#heldBits < count) {
      this.#held = (this.#held << 8) | this.byte();
      this.#heldBits += 8;
    }
    this.#heldBits -= count;
    const value = this.#held >>> this.#heldBits;
    this.#held &= (1 << this.#heldBits) - 1;
    return value;
  }

  number(): number {
    const count = this.bits(LENGTH_BITS);
    if (count > MAX_BITS) throw new UnreadableWavesError('a number is larger than any that is written');
    return this.bits(count);
  }

  double(): number {
    for (let place = 0; place < 8; place += 2) scratch.setUint16(place, this.bits(HALF_WORD));
    return scratch.getFloat64(0);
  }

  /** Leaves out what is left of the byte in hand. */
  align(): void {
    this.#held = 0;
    this.#heldBits = 0;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new UnreadableWavesError('packed waveforms are cut short');
    this.#at += 1;
    return value;
  }

  varint(): number {
    let value = 0;
    for (let weight = 1; ; weight *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * weight;
      if (value > Number.MAX_SAFE_INTEGER)
        throw new UnreadableWavesError('a number is larger than any that is written');
      if (byte < 0x80) return value;
    }
  }

  float(): number {
    for (let place = 0; place < 4; place++) scratch.setUint8(place, this.byte());
    return scratch.getFloat32(0, true);
  }

  /** A view, not a copy. */
  bytes(count: number): Uint8Array {
    if (count > this.left()) throw new UnreadableWavesError('packed waveforms are cut short');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}
