/** How a number was shortened before it was sent: not at all, to decimals, or to significant digits. */
export type Rounding = { readonly to: 'nothing' | 'decimals' | 'digits'; readonly count: number };

/** Powers that a double holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, power) => 10 ** power);

/** The decimals that leave so many significant digits of a value. */
const decimalsFor = (value: number, digits: number): number => {
  const size = Math.abs(value);
  let decimals = digits;
  for (let power = 0; size >= (POWERS[power] ?? Number.POSITIVE_INFINITY); power++) decimals -= 1;
  for (let least = 0.1; size < least && size > 0 && decimals < POWERS.length - 1; least /= 10) decimals += 1;
  return decimals;
};

export const rounded = (value: number, { to, count }: Rounding): number => {
  if (to === 'nothing') return value;
  const decimals = to === 'decimals' ? count : decimalsFor(value, count);
  const scale = POWERS[decimals];
  return scale === undefined ? value : Math.round(value * scale) / scale;
};
