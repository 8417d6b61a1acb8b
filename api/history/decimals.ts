/** Every decimal of so many digits has a float of its own; nine tell any float from every other. */
const DIGITS = [6, 7, 8, 9] as const;

/** The shortest decimal of a float of 32 bits, as PostgreSQL prints it: 0.1 and not 0.10000000149011612. */
export const decimalOf = (float: number): number => {
  for (const digits of DIGITS) {
    const decimal = Number(float.toPrecision(digits));
    if (Math.fround(decimal) === float) return decimal;
  }
  return float;
};
