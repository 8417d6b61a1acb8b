import { finished } from 'node:stream/promises';
import { from } from 'pg-copy-streams';
import type { DatabaseClient } from './database.ts';
import { writeTimestamp } from './pg-binary.ts';

/**
 * Rows for `COPY … FROM STDIN (FORMAT binary)`, which takes half of the time of `unnest` for the same rows. Layout
 * (PostgreSQL's documentation of COPY, "Binary Format"): a header, for each row the number of its fields and each field with its length
 * before it (−1: null), and a row of −1 fields.
 */

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER_BYTES = 2;
const END_OF_ROWS = -1;
const NULL_LENGTH = -1;

/** What a row takes at most, beside the bytes of its values. */
export const copyRowBytes = (fields: number, valueBytes: number): number => 2 + fields * 4 + valueBytes;

/** Each row begins with `row`, and has its fields in the order of the table. A class, because its methods are called for each value. */
export class CopyRows {
  readonly #buffer: Buffer;
  readonly #view: DataView;
  #at: number;

  /** `rowsBytes`: what all rows take at most. */
  constructor(rowsBytes: number) {
    this.#buffer = Buffer.allocUnsafe(HEADER.length + rowsBytes + TRAILER_BYTES);
    this.#view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset, this.#buffer.byteLength);
    this.#at = HEADER.copy(this.#buffer);
  }

  row(fields: number): void {
    this.#view.setInt16(this.#at, fields);
    this.#at += 2;
  }

  #field(bytes: number): number {
    this.#view.setInt32(this.#at, bytes);
    const start = this.#at + 4;
    this.#at = start + bytes;
    return start;
  }

  timestamptz(epochMs: number): void {
    writeTimestamp(this.#view, this.#field(8), epochMs);
  }

  /** NaN is null. */
  float8(value: number): void {
    if (Number.isNaN(value)) {
      this.#view.setInt32(this.#at, NULL_LENGTH);
      this.#at += 4;
    } else this.#view.setFloat64(this.#field(8), value);
  }

  int4(value: number): void {
    this.#view.setInt32(this.#field(4), value);
  }

  int2(value: number): void {
    this.#view.setInt16(this.#field(2), value);
  }

  bool(value: boolean): void {
    this.#view.setUint8(this.#field(1), value ? 1 : 0);
  }

  /** All that was written, ready to be sent. */
  end(): Buffer {
    this.#view.setInt16(this.#at, END_OF_ROWS);
    return this.#buffer.subarray(0, this.#at + TRAILER_BYTES);
  }
}

/** Resolves with the number of rows once the statement, which ends with a COPY, is done. */
export const copyInto = async (client: DatabaseClient, statement: string, rows: Buffer): Promise<number> => {
  const copying = client.query(from(statement));
  // After a time-out the end of the connection is a second error, which nobody waits for any more.
  copying.on('error', () => undefined);
  copying.end(rows);
  await finished(copying);
  return copying.rowCount;
};
