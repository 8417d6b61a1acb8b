import { readTime } from '#domain/measurement-time.ts';
import { createBudget, Fields, Moment, PayloadError, Unreadable, type Value } from './value.ts';

/**
 * CBOR (RFC 8949), as much of it as JSON can say, and the tags of times, of integers up to 64 bits and of CBOR itself. One
 * pass over the bytes: nothing is allocated for a length that the bytes left do not hold, and no payload refers to anything
 * or turns anything on. Throws a PayloadError.
 */

const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6 } as const;
const TAG = { timeText: 0, timeNumber: 1, positive: 2, negative: 3, cbor: 55_799 } as const;
const INDEFINITE = 31;
const BREAK = 0xff;
const NOT_TEXT = 'a key that is not text';

const budget = createBudget();
let bytes: Buffer = Buffer.alloc(0);
let view: DataView = new DataView(new ArrayBuffer(0));
let at = 0;

const take = (count: number): number => {
  const from = at;
  if (count > bytes.length - from) throw new PayloadError('ends too early');
  at += count;
  return from;
};

const argument = (info: number): number => {
  if (info < 24) return info;
  switch (info) {
    case 24:
      return view.getUint8(take(1));
    case 25:
      return view.getUint16(take(2));
    case 26:
      return view.getUint32(take(4));
    case 27:
      return Number(view.getBigUint64(take(8)));
    default:
      throw new PayloadError('a length that does not exist');
  }
};

/** Each item takes a byte at least: a count that the bytes left cannot hold is refused before anything is made for it. */
const countOf = (info: number, bytesEach: number): number => {
  if (info === INDEFINITE) return Number.POSITIVE_INFINITY;
  const count = argument(info);
  if (count > (bytes.length - at) / bytesEach) throw new PayloadError('a length of more than there is');
  return count;
};

const isBreak = (): boolean => {
  if (bytes[at] !== BREAK) return false;
  at++;
  return true;
};

const stringAt = (info: number): number => {
  if (info === INDEFINITE) throw new PayloadError('a string in pieces');
  return argument(info);
};

const readText = (info: number): string => {
  const length = stringAt(info);
  const from = take(length);
  return bytes.toString('utf8', from, at);
};

const readArray = (info: number, depth: number): Value[] => {
  budget.container(depth);
  const values: Value[] = [];
  for (let left = countOf(info, 1); left > 0 && !(info === INDEFINITE && isBreak()); left--) {
    values.push(readValue(depth + 1));
  }
  return values;
};

const readMap = (info: number, depth: number): Fields => {
  budget.container(depth);
  const fields = new Fields();
  for (let left = countOf(info, 2); left > 0 && !(info === INDEFINITE && isBreak()); left--) {
    const key = readValue(depth + 1);
    // An MDC code may be sent as the number that it is.
    fields.keys.push(typeof key === 'string' ? key : Number.isSafeInteger(key) ? String(key) : NOT_TEXT);
    fields.values.push(readValue(depth + 1));
  }
  return fields;
};

const readBigInteger = (isNegative: boolean): Value => {
  const head = view.getUint8(take(1));
  if (head >> 5 !== MAJOR.bytes) throw new PayloadError('a large integer that is not made of bytes');
  const length = stringAt(head & 31);
  const from = take(length);
  if (length > 8) return new Unreadable('an integer of more than 64 bits');
  let value = 0;
  for (let index = from; index < at; index++) value = value * 256 + view.getUint8(index);
  return isNegative ? -1 - value : value;
};

const readTagged = (info: number, depth: number): Value => {
  const tag = argument(info);
  if (tag === TAG.positive || tag === TAG.negative) return readBigInteger(tag === TAG.negative);
  budget.container(depth);
  const content = readValue(depth + 1);
  if (tag === TAG.cbor) return content;
  if (tag === TAG.timeNumber && typeof content === 'number') return new Moment(content * 1_000);
  if (tag === TAG.timeText && typeof content === 'string') {
    const time = readTime(content);
    return typeof time === 'number' ? new Moment(time) : new Unreadable(time.why);
  }
  return new Unreadable(`CBOR tag ${tag}`);
};

/** IEEE 754 binary16. */
const halfFloat = (half: number): number => {
  const exponent = (half >> 10) & 31;
  const fraction = half & 1_023;
  const magnitude =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN
        : (fraction + 1_024) * 2 ** (exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
};

const readSimple = (info: number): Value => {
  switch (info) {
    case 20:
      return false;
    case 21:
      return true;
    case 22:
    case 23:
      return null;
    case 25:
      return halfFloat(view.getUint16(take(2)));
    case 26:
      return view.getFloat32(take(4));
    case 27:
      return view.getFloat64(take(8));
    case INDEFINITE:
      throw new PayloadError('an end of nothing');
    default:
      return new Unreadable(`CBOR simple value ${argument(info)}`);
  }
};

const readValue = (depth: number): Value => {
  budget.value();
  const head = view.getUint8(take(1));
  const info = head & 31;
  switch (head >> 5) {
    case MAJOR.unsigned:
      return argument(info);
    case MAJOR.negative:
      return -1 - argument(info);
    case MAJOR.bytes:
      take(stringAt(info));
      return new Unreadable('bytes');
    case MAJOR.text:
      return readText(info);
    case MAJOR.array:
      return readArray(info, depth);
    case MAJOR.map:
      return readMap(info, depth);
    case MAJOR.tag:
      return readTagged(info, depth);
    default:
      return readSimple(info);
  }
};

export const readCbor = (payload: Buffer): Value => {
  bytes = payload;
  view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  at = 0;
  budget.reset();
  const value = readValue(1);
  if (at < bytes.length) throw new PayloadError('more after its end');
  return value;
};
