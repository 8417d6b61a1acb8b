/** A measured value and its unit, with as many digits as mean something. */
export const amount = (value: number, unit: string): string => {
  if (!Number.isFinite(value)) return 'nothing';
  const digits = value >= 1_000 ? 0 : value >= 100 ? 1 : 3;
  const text = value >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toFixed(digits)));
  return unit ? `${text} ${unit}` : text;
};
