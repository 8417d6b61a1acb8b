import { createBudget, Fields, PayloadError, type Value } from './value.ts';

/**
 * JSON (RFC 8259), and the bare `NaN` and `Infinity` that some libraries write: one such value is then refused
 * where it stands, not with all that is beside it. JSON.parse cannot do that, and keeps the last of two equal keys unsaid.
 * Throws a PayloadError.
 */

const CHAR = {
  quote: 0x22,
  plus: 0x2b,
  comma: 0x2c,
  minus: 0x2d,
  point: 0x2e,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  openArray: 0x5b,
  backslash: 0x5c,
  closeArray: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
/** Numbers that are none, as JavaScript, Python and C print them. */
const NUMBER_WORDS: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['-nan', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
]);
const WORD = /-?[A-Za-z]{1,8}/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const HEX = /[0-9a-fA-F]{4}/y;
const ESCAPES: ReadonlyMap<string, string> = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }),
);

/** Up to 15 digits are exact as an integer, and so is what a power of ten up to 22 makes of them. */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

const budget = createBudget();
let text = '';
let at = 0;

const fail = (): never => {
  throw new PayloadError(at >= text.length ? 'ends too early' : 'not well-formed');
};

/** The next character that is no white space; NaN at the end. */
const next = (): number => {
  let char = text.charCodeAt(at);
  while (char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09) char = text.charCodeAt(++at);
  return char;
};

const isDigit = (char: number): boolean => char >= CHAR.zero && char <= CHAR.nine;

const match = (pattern: RegExp): string => {
  pattern.lastIndex = at;
  const [found] = pattern.exec(text) ?? [];
  if (found === undefined) return fail();
  at += found.length;
  return found;
};

const readNumber = (): number => {
  const from = at;
  let char = text.charCodeAt(at);
  const isNegative = char === CHAR.minus;
  if (isNegative) char = text.charCodeAt(++at);
  const first = char;
  let mantissa = 0;
  const firstAt = at;
  while (isDigit(char)) {
    mantissa = mantissa * 10 + (char - CHAR.zero);
    char = text.charCodeAt(++at);
  }
  const whole = at - firstAt;
  let fraction = 0;
  if (char === CHAR.point) {
    const pointAt = at;
    char = text.charCodeAt(++at);
    while (isDigit(char)) {
      mantissa = mantissa * 10 + (char - CHAR.zero);
      char = text.charCodeAt(++at);
    }
    fraction = at - pointAt - 1;
    if (fraction === 0) return fail();
  }
  const isPlain = whole > 0 && whole + fraction <= EXACT_DIGITS && (char | 0x20) !== 0x65;
  if (isPlain && (first !== CHAR.zero || whole === 1)) {
    const magnitude = fraction === 0 ? mantissa : mantissa / (POWERS[fraction] ?? 1);
    return isNegative ? -magnitude : magnitude;
  }
  at = from;
  return Number(match(NUMBER));
};

const readWord = (): Value => {
  const word = match(WORD);
  const value = WORDS.get(word) ?? NUMBER_WORDS.get(word.toLowerCase());
  return value === undefined && word !== 'null' ? fail() : (value ?? null);
};

const readEscape = (): string => {
  const code = text[at++] ?? '';
  if (code === 'u') return String.fromCharCode(Number.parseInt(match(HEX), 16));
  return ESCAPES.get(code) ?? fail();
};

const readEscaped = (from: number): string => {
  let result = text.slice(from, at);
  for (;;) {
    const char = text.charCodeAt(at);
    if (!(char >= 0x20)) return fail();
    at++;
    if (char === CHAR.quote) return result;
    result += char === CHAR.backslash ? readEscape() : text[at - 1];
  }
};

const readString = (): string => {
  const from = ++at;
  let char = text.charCodeAt(at);
  while (char !== CHAR.quote && char !== CHAR.backslash && char >= 0x20) char = text.charCodeAt(++at);
  return char === CHAR.quote ? text.slice(from, at++) : readEscaped(from);
};

const readArray = (depth: number): Value[] => {
  budget.container(depth);
  at++;
  const values: Value[] = [];
  if (next() === CHAR.closeArray) {
    at++;
    return values;
  }
  for (;;) {
    values.push(readValue(depth + 1));
    const char = next();
    if (char !== CHAR.comma && char !== CHAR.closeArray) return fail();
    at++;
    if (char === CHAR.closeArray) return values;
  }
};

const readObject = (depth: number): Fields => {
  budget.container(depth);
  at++;
  const fields = new Fields();
  if (next() === CHAR.closeObject) {
    at++;
    return fields;
  }
  for (;;) {
    if (next() !== CHAR.quote) return fail();
    fields.keys.push(readString());
    if (next() !== CHAR.colon) return fail();
    at++;
    fields.values.push(readValue(depth + 1));
    const char = next();
    if (char !== CHAR.comma && char !== CHAR.closeObject) return fail();
    at++;
    if (char === CHAR.closeObject) return fields;
  }
};

const readValue = (depth: number): Value => {
  budget.value();
  const char = next();
  if (isDigit(char)) return readNumber();
  switch (char) {
    case CHAR.quote:
      return readString();
    case CHAR.openObject:
      return readObject(depth);
    case CHAR.openArray:
      return readArray(depth);
    case CHAR.minus:
      return isDigit(text.charCodeAt(at + 1)) ? readNumber() : readWord();
    default:
      return readWord();
  }
};

export const readJson = (payload: string): Value => {
  text = payload;
  at = 0;
  budget.reset();
  try {
    const value = readValue(1);
    if (!Number.isNaN(next())) fail();
    return value;
  } finally {
    text = '';
  }
};
