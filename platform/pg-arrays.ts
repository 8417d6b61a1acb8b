/**
 * Arrays in PostgreSQL's binary format, as parameters of `unnest($1::type[], …)`. Text arrays cost more time than the
 * insert itself: every value is printed here and parsed there.
 * Layout (array_send in PostgreSQL's arrayfuncs.c): dimensions, has-nulls, element type, length, lower bound, then for
 * each element its length (−1: null) and its bytes, all big-endian.
 */

const HEADER_BYTES = 20;

type ElementType<Value> = {
  readonly oid: number;
  readonly bytes: number;
  readonly write: (buffer: Buffer, value: Value, at: number) => void;
  readonly isNull?: (value: Value) => boolean;
};

/** Microseconds between 1970-01-01 and 2000-01-01, where PostgreSQL counts from. */
const EPOCH_SHIFT_US = 946_684_800_000_000;
const TWO_TO_32 = 2 ** 32;

const writeInt64 = (buffer: Buffer, value: number, at: number): void => {
  // Two halves: a BigInt for each row is what a profile would show.
  const high = Math.floor(value / TWO_TO_32);
  buffer.writeInt32BE(high, at);
  buffer.writeUInt32BE(value - high * TWO_TO_32, at + 4);
};

const ELEMENTS = {
  bool: {
    oid: 16,
    bytes: 1,
    write: (buffer, value, at) => buffer.writeUInt8(value ? 1 : 0, at),
  } as ElementType<boolean>,
  int2: { oid: 21, bytes: 2, write: (buffer, value, at) => buffer.writeInt16BE(value, at) } as ElementType<number>,
  int4: { oid: 23, bytes: 4, write: (buffer, value, at) => buffer.writeInt32BE(value, at) } as ElementType<number>,
  int8: { oid: 20, bytes: 8, write: writeInt64 } as ElementType<number>,
  float4: { oid: 700, bytes: 4, write: (buffer, value, at) => buffer.writeFloatBE(value, at) } as ElementType<number>,
  /** NaN is null. */
  float8: {
    oid: 701,
    bytes: 8,
    write: (buffer, value, at) => buffer.writeDoubleBE(value, at),
    isNull: Number.isNaN,
  } as ElementType<number>,
  /** From epoch milliseconds. */
  timestamptz: {
    oid: 1184,
    bytes: 8,
    write: (buffer, value, at) => writeInt64(buffer, Math.round(value * 1_000) - EPOCH_SHIFT_US, at),
  } as ElementType<number>,
};

const encodeArray = <Value>(element: ElementType<Value>, values: ArrayLike<Value>): Buffer => {
  const { bytes, write, isNull } = element;
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + values.length * (4 + bytes));
  let hasNulls = 0;
  let at = HEADER_BYTES;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as Value;
    if (isNull?.(value)) {
      hasNulls = 1;
      at = buffer.writeInt32BE(-1, at);
    } else {
      at = buffer.writeInt32BE(bytes, at);
      write(buffer, value, at);
      at += bytes;
    }
  }
  buffer.writeInt32BE(values.length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(hasNulls, 4);
  buffer.writeUInt32BE(element.oid, 8);
  buffer.writeInt32BE(values.length, 12);
  buffer.writeInt32BE(1, 16);
  return values.length === 0 ? buffer.subarray(0, 12) : buffer.subarray(0, at);
};

export const pgArray = {
  bool: (values: ArrayLike<boolean>): Buffer => encodeArray(ELEMENTS.bool, values),
  int2: (values: ArrayLike<number>): Buffer => encodeArray(ELEMENTS.int2, values),
  int4: (values: ArrayLike<number>): Buffer => encodeArray(ELEMENTS.int4, values),
  int8: (values: ArrayLike<number>): Buffer => encodeArray(ELEMENTS.int8, values),
  float4: (values: ArrayLike<number>): Buffer => encodeArray(ELEMENTS.float4, values),
  float8: (values: ArrayLike<number>): Buffer => encodeArray(ELEMENTS.float8, values),
  timestamptz: (values: ArrayLike<number>): Buffer => encodeArray(ELEMENTS.timestamptz, values),
};
