import { InvalidArgumentError } from 'commander';

/** Parsers of option values. A value that is refused is wrong use: exit code 2. */

export const parseCount =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
    }
    return value;
  };

/** A simulated ward runs at the speed of life or faster. */
export const parseSpeed = (text: string): number => {
  const value = Number(text);
  if (!(value >= 1) || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number from 1 up.');
  return value;
};

const DURATION_UNITS: Readonly<Record<string, number>> = { s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

export const parseDurationMs = (text: string): number => {
  const [, amount, unit = ''] = /^(\d+)(s|min|h|d)$/.exec(text) ?? [];
  const factor = DURATION_UNITS[unit];
  if (factor === undefined || Number(amount) === 0) {
    throw new InvalidArgumentError('Expected a duration like 30min, 12h or 7d.');
  }
  return Number(amount) * factor;
};
