/** Values of a signal as 16-bit numbers. */

/** The lowest digital value is kept for a sample that is missing, as EDF has none for that. */
export const MISSING = -32_768;
const DIGITAL_LOW = -32_767;
export const DIGITAL_HIGH = 32_767;

/** A number in at most 8 characters, not above (or below) what was given. */
const shortNumber = (value: number, round: (value: number) => number): string => {
  for (let decimals = 6; decimals >= 0; decimals -= 1) {
    const text = String(Number((round(value * 10 ** decimals) / 10 ** decimals).toFixed(decimals)));
    if (text.length <= 8 && !text.includes('e')) return text;
  }
  throw new RangeError(`${value} does not fit a field of EDF`);
};

export type Scale = {
  readonly lowText: string;
  readonly highText: string;
  readonly low: number;
  readonly step: number;
};

/** The scale uses the numbers as they stand in the header, so that a reader computes what was meant. */
export const scaleOf = ({ low, high }: { readonly low: number; readonly high: number }): Scale => {
  // A flat line is given a range too, and below the lowest value there is room for missing samples.
  const room = Math.max(high - low, 1e-3) / 1_000;
  const lowText = shortNumber(low - room, Math.floor);
  const highText = shortNumber(high + room, Math.ceil);
  const step = (Number(highText) - Number(lowText)) / (DIGITAL_HIGH - MISSING);
  return { lowText, highText, low: Number(lowText), step };
};

export const digital = (value: number, { low, step }: Scale): number => {
  if (Number.isNaN(value)) return MISSING;
  return Math.min(DIGITAL_HIGH, Math.max(DIGITAL_LOW, Math.round((value - low) / step) + MISSING));
};
