import { encode } from 'uqr';

/** A text as a QR code, with the four empty modules around it that readers need. It is loaded when a code is first drawn. */

const QUIET_MODULES = 4;

export type QrCode = { readonly size: number; readonly path: string };

/** One square for each dark module, row by row. */
const pathOf = (data: readonly (readonly boolean[])[]): string =>
  data.map((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('');

/** undefined: the text is longer than any QR code. */
export const qrOf = (text: string): QrCode | undefined => {
  try {
    const { size, data } = encode(text, { ecc: 'M', border: QUIET_MODULES });
    return { size, path: pathOf(data) };
  } catch {
    return undefined;
  }
};
