/** Thrown when what is asked for lies beyond the end. */
export class EndOfBitsError extends Error {
  constructor() {
    super('the bits end early');
    this.name = 'EndOfBitsError';
  }
}

/** Reads numbers of so many bits, the highest first. */
export const createBits = (bytes: Uint8Array, from: number) => {
  let at = from;
  let held = 0;
  let heldBits = 0;
  const fill = (): void => {
    const next = bytes[at];
    if (next === undefined) throw new EndOfBitsError();
    at += 1;
    held = next;
    heldBits = 8;
  };
  const unsigned = (bits: number): number => {
    let value = 0;
    for (let left = bits; left > 0; ) {
      if (heldBits === 0) fill();
      const taken = Math.min(left, heldBits);
      heldBits -= taken;
      // A product, because a shift would lose what is above 31 bits.
      value = value * 2 ** taken + (held >> heldBits);
      held &= (1 << heldBits) - 1;
      left -= taken;
    }
    return value;
  };
  return {
    unsigned,
    signed(bits: number): number {
      const value = unsigned(bits);
      return bits > 0 && value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
    },
    /** How many zeros there are before the next one. */
    zeros(): number {
      let count = 0;
      for (;;) {
        if (heldBits === 0) fill();
        if (held === 0) {
          count += heldBits;
          heldBits = 0;
          continue;
        }
        const leading = Math.clz32(held) - (32 - heldBits);
        heldBits -= leading + 1;
        held &= (1 << heldBits) - 1;
        return count + leading;
      }
    },
    toByte(): void {
      held = 0;
      heldBits = 0;
    },
    skip(count: number): void {
      at += count;
    },
    isAtEnd: (): boolean => at >= bytes.length,
  };
};

export type Bits = ReturnType<typeof createBits>;
