/** How PostgreSQL writes numbers in its binary formats: big-endian, and times in microseconds since 2000. */

/** Microseconds between 1970-01-01 and 2000-01-01, where PostgreSQL counts from. */
const EPOCH_SHIFT_US = 946_684_800_000_000;
const TWO_TO_32 = 2 ** 32;

export const writeInt64 = (view: DataView, at: number, value: number): void => {
  // The number is written in two halves, because a BigInt for each row costs so much that it shows in a profile.
  const high = Math.floor(value / TWO_TO_32);
  view.setInt32(at, high);
  view.setUint32(at + 4, value - high * TWO_TO_32);
};

/** `epochMs` may have a fraction. */
export const writeTimestamp = (view: DataView, at: number, epochMs: number): void =>
  writeInt64(view, at, Math.round(epochMs * 1_000) - EPOCH_SHIFT_US);
