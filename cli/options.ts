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

const parseNumber =
  (isAllowed: (value: number) => boolean, expected: string) =>
  (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value) || !isAllowed(value)) throw new InvalidArgumentError(`Expected ${expected}.`);
    return value;
  };

/** A simulated ward runs at the speed of life or faster. */
export const parseWardSpeed = parseNumber((value) => value >= 1, 'a number from 1 up');
export const parseSpeed = parseNumber((value) => value > 0, 'a number above 0');
export const parseProbability = parseNumber((value) => value >= 0 && value <= 1, 'a probability from 0 to 1');

const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `-` in front is allowed, for a clock that is behind. */
export const parseOffsetMs = (text: string): number =>
  text.startsWith('-') ? -parseDurationMs(text.slice(1)) : parseDurationMs(text);

export const parseDurationMs = (text: string): number => {
  const [, amount, unit = ''] = /^(\d+)(ms|s|min|h|d)$/.exec(text) ?? [];
  const factor = DURATION_UNITS[unit];
  if (factor === undefined || Number(amount) === 0) {
    throw new InvalidArgumentError('Expected a duration like 30min, 12h or 7d.');
  }
  return Number(amount) * factor;
};
