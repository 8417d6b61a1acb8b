import { type BitReader, type BitWriter, unzigzag, zigzag } from './bits.ts';

/**
 * Golomb-Rice coding of residuals (Rice 1979, as in Shorten and FLAC): the quotient by 2 ** k in ones, a zero, and k bits
 * of the rest. As in JPEG-LS (ITU-T T.87, A.5) k follows a running mean of what came before, so that a QRS complex costs
 * its own bits and not those of the whole block. How quickly the mean follows is chosen for each block.
 */

/** The mean is of about 2 ** memory residuals. */
export const MEMORIES = [0, 1, 2, 4] as const;

/** A quotient of so many ones, without a zero, says that the residual follows in 32 bits. */
const LONGEST_QUOTIENT = 24;
const HALF_WORD = 16;

/** What a single residual adds to the mean at most: it stays in the 32 bits of an integer. */
const MOST = 2 ** 20;
const FIRST_MEAN_OF = 8;
export const FIRST_K_BITS = 5;

/** Residuals are less than this from 0, so that all that is done with them stays in the 32 bits of an integer. */
export const RESIDUAL_BOUND = 2 ** 30;

/** Of a geometric distribution the best k is the number of bits of about ln 2 of the mean. */
const kOf = (sum: number, memory: number): number => 32 - Math.clz32((sum * 11) >> (4 + memory));
const sumOf = (firstK: number, memory: number): number => Math.min(1 << firstK, MOST) << memory;
const follow = (sum: number, value: number, memory: number): number => sum + Math.min(value, MOST) - (sum >> memory);

/** The k that suits the first residuals, for want of any before them. */
export const firstKOf = (residuals: Int32Array): number => {
  const count = Math.min(residuals.length, FIRST_MEAN_OF);
  let sum = 0;
  for (let index = 0; index < count; index++) sum += zigzag(residuals[index] ?? 0);
  return 32 - Math.clz32(Math.min(MOST, Math.floor((sum * 0.69) / count)));
};

/** How many bits `writeResiduals` takes. */
export const costOf = (residuals: Int32Array, firstK: number, memory: number): number => {
  let sum = sumOf(firstK, memory);
  let bits = 0;
  for (let index = 0; index < residuals.length; index++) {
    const value = zigzag(residuals[index] ?? 0);
    const k = kOf(sum, memory);
    const quotient = value >> k;
    bits += quotient < LONGEST_QUOTIENT ? quotient + 1 + k : LONGEST_QUOTIENT + 2 * HALF_WORD;
    sum = follow(sum, value, memory);
  }
  return bits;
};

export const writeResiduals = (writer: BitWriter, residuals: Int32Array, firstK: number, memory: number): void => {
  let sum = sumOf(firstK, memory);
  for (let index = 0; index < residuals.length; index++) {
    const value = zigzag(residuals[index] ?? 0);
    const k = kOf(sum, memory);
    const quotient = value >> k;
    if (quotient < LONGEST_QUOTIENT) {
      writer.bits((1 << (quotient + 1)) - 2, quotient + 1);
      writer.bits(value & ((1 << k) - 1), k);
    } else {
      writer.bits((1 << LONGEST_QUOTIENT) - 1, LONGEST_QUOTIENT);
      writer.bits(value >> HALF_WORD, HALF_WORD);
      writer.bits(value & ((1 << HALF_WORD) - 1), HALF_WORD);
    }
    sum = follow(sum, value, memory);
  }
};

export const readResiduals = (reader: BitReader, count: number, firstK: number, memory: number): Int32Array => {
  const residuals = new Int32Array(count);
  let sum = sumOf(firstK, memory);
  for (let index = 0; index < count; index++) {
    const k = kOf(sum, memory);
    let quotient = 0;
    while (quotient < LONGEST_QUOTIENT && reader.bits(1) === 1) quotient += 1;
    const value =
      quotient < LONGEST_QUOTIENT
        ? (quotient << k) | reader.bits(k)
        : (reader.bits(HALF_WORD) << HALF_WORD) | reader.bits(HALF_WORD);
    residuals[index] = unzigzag(value);
    sum = follow(sum, value, memory);
  }
  return residuals;
};
