import { writeInt64, writeTimestamp } from './pg-binary.ts';

/**
 * Arrays in PostgreSQL's binary format, as parameters of `unnest($1::type[], …)`. Text arrays cost more time than the
 * insert itself: every value is printed here and parsed there.
 * Layout (array_send in PostgreSQL's arrayfuncs.c): dimensions, has-nulls, element type, length, lower bound, then for
 * each element its length (−1: null) and its bytes, all big-endian.
 */

const HEADER_BYTES = 20;
const EMPTY_HEADER_BYTES = 12;
const NULL_LENGTH = -1;

type ElementType<Value> = {
  readonly oid: number;
  readonly bytes: number;
  readonly write: (view: DataView, at: number, value: Value) => void;
  readonly isNull?: (value: Value) => boolean;
};

const BOOL: ElementType<boolean | number> = {
  oid: 16,
  bytes: 1,
  write: (view, at, value) => view.setUint8(at, value ? 1 : 0),
};
const INT2: ElementType<number> = { oid: 21, bytes: 2, write: (view, at, value) => view.setInt16(at, value) };
const INT4: ElementType<number> = { oid: 23, bytes: 4, write: (view, at, value) => view.setInt32(at, value) };
const INT8: ElementType<number> = { oid: 20, bytes: 8, write: writeInt64 };
const FLOAT4: ElementType<number> = { oid: 700, bytes: 4, write: (view, at, value) => view.setFloat32(at, value) };
const FLOAT8: ElementType<number> = {
  oid: 701,
  bytes: 8,
  write: (view, at, value) => view.setFloat64(at, value),
  isNull: Number.isNaN,
};
const TIMESTAMPTZ: ElementType<number> = {
  oid: 1184,
  bytes: 8,
  write: writeTimestamp,
};

const encodeArray = <Value>(element: ElementType<Value>, values: ArrayLike<Value>): Buffer => {
  const { oid, bytes, write, isNull } = element;
  const { length } = values;
  // The memory is its own and not a part of Node's pool, because the view must begin where the buffer does.
  const memory = new ArrayBuffer(HEADER_BYTES + length * (4 + bytes));
  const view = new DataView(memory);
  let hasNulls = 0;
  let at = HEADER_BYTES;
  for (let index = 0; index < length; index++) {
    const value = values[index] as Value;
    if (isNull?.(value)) {
      hasNulls = 1;
      view.setInt32(at, NULL_LENGTH);
      at += 4;
    } else {
      view.setInt32(at, bytes);
      write(view, at + 4, value);
      at += 4 + bytes;
    }
  }
  view.setInt32(0, length === 0 ? 0 : 1);
  view.setInt32(4, hasNulls);
  view.setUint32(8, oid);
  view.setInt32(12, length);
  view.setInt32(16, 1);
  return Buffer.from(memory, 0, length === 0 ? EMPTY_HEADER_BYTES : at);
};

export const pgArray = {
  bool: (values: ArrayLike<boolean | number>): Buffer => encodeArray(BOOL, values),
  int2: (values: ArrayLike<number>): Buffer => encodeArray(INT2, values),
  int4: (values: ArrayLike<number>): Buffer => encodeArray(INT4, values),
  int8: (values: ArrayLike<number>): Buffer => encodeArray(INT8, values),
  float4: (values: ArrayLike<number>): Buffer => encodeArray(FLOAT4, values),
  /** NaN is null. */
  float8: (values: ArrayLike<number>): Buffer => encodeArray(FLOAT8, values),
  /** The values are epoch milliseconds. */
  timestamptz: (values: ArrayLike<number>): Buffer => encodeArray(TIMESTAMPTZ, values),
};
