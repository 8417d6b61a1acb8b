import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { coerceError, errorCode, UserError } from '#platform/errors.ts';

/** The bytes of a file. A reader takes them piece by piece, so that a file may be larger than the memory. */
export type Bytes = {
  readonly size: number;
  /** How much memory it holds while it is kept. */
  readonly heldBytes: number;
  /** Fewer bytes than asked for at the end of the file. */
  readonly read: (at: number, length: number) => Buffer;
};

const MEBIBYTE = 2 ** 20;
const PIECE_BYTES = MEBIBYTE / 4;
/** A compressed file is unpacked in memory as a whole. */
const MAX_UNPACKED_BYTES = 512 * MEBIBYTE;
/** A text is cut into cells as a whole, which takes many times its size. */
export const MAX_TEXT_BYTES = 128 * MEBIBYTE;

const cannotRead = (path: string, error: unknown): UserError =>
  error instanceof UserError
    ? error
    : new UserError(`${path} cannot be read: ${coerceError(error).message}`, { cause: error });

const readAt = (path: string, at: number, length: number): Buffer => {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, at));
  } finally {
    closeSync(file);
  }
};

/** A device or a pipe has no size and may have no end. */
const sizeOf = (path: string): number => {
  const status = statSync(path);
  if (!status.isFile()) throw new UserError(`${path} is not a file`);
  return status.size;
};

const unpack = (path: string): Buffer => {
  try {
    return gunzipSync(readFileSync(path), { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    const isLarge = errorCode(error) === 'ERR_BUFFER_TOO_LARGE';
    const why = isLarge
      ? `it is larger than ${MAX_UNPACKED_BYTES / MEBIBYTE} MiB: unpack it first, with gunzip`
      : `${coerceError(error).message}: it is damaged, fetch it again`;
    throw new UserError(`${path} cannot be unpacked: ${why}`, { cause: error });
  }
};

export const inMemory = (bytes: Uint8Array): Bytes => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { size: buffer.length, heldBytes: buffer.length, read: (at, length) => buffer.subarray(at, at + length) };
};

/** Keeps the last piece: samples are read in their order. */
const onDisk = (path: string, size: number): Bytes => {
  let piece: Buffer = Buffer.alloc(0);
  let pieceAt = 0;
  return {
    size,
    heldBytes: PIECE_BYTES,
    read(at, length) {
      if (at < pieceAt || at + length > pieceAt + piece.length) {
        const wanted = Math.max(0, Math.min(size - at, Math.max(length, PIECE_BYTES)));
        try {
          piece = readAt(path, at, wanted);
        } catch (error) {
          throw cannotRead(path, error);
        }
        pieceAt = at;
      }
      return piece.subarray(at - pieceAt, at - pieceAt + length);
    },
  };
};

const isCompressed = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b;

/** The bytes of a file, unpacked when it is compressed with gzip, whatever its name is. */
export const openBytes = (path: string): Bytes => {
  try {
    const size = sizeOf(path);
    return isCompressed(readAt(path, 0, 2)) ? inMemory(unpack(path)) : onDisk(path, size);
  } catch (error) {
    throw cannotRead(path, error);
  }
};

/** All of a file as text. */
export const textOf = (path: string, bytes: Bytes): string => {
  if (bytes.size > MAX_TEXT_BYTES) {
    throw new UserError(
      `${path} holds more than ${MAX_TEXT_BYTES / MEBIBYTE} MiB of text: cut it into several files, or convert it to a WFDB record`,
    );
  }
  return bytes.read(0, bytes.size).toString('utf8');
};
