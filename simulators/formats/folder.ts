import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Bytes, openBytes } from './bytes.ts';

/** The files beside a header, by their bare names. */
export type Folder = {
  readonly has: (name: string) => boolean;
  readonly open: (name: string, unpack?: Unpack) => Bytes;
};

/** Makes of the bytes of a file, which it is given with its path, those that are kept. Always the same for one name. */
export type Unpack = (path: string, bytes: Bytes) => Bytes;

const MAX_FILES = 32;
const MAX_HELD_BYTES = 2 ** 30;

/**
 * A record may have hundreds of files, so only those that were read last are kept. A file may be there compressed, with
 * `.gz` after its name.
 */
export const createFolder = (path: string): Folder => {
  const kept = new Map<string, Bytes>();
  const isTooMuch = (): boolean => {
    const held = [...kept.values()].reduce((sum, { heldBytes }) => sum + heldBytes, 0);
    return kept.size > MAX_FILES || held > MAX_HELD_BYTES;
  };
  const openAt = (file: string): Bytes =>
    openBytes(!existsSync(file) && existsSync(`${file}.gz`) ? `${file}.gz` : file);
  return {
    has: (name) => [name, `${name}.gz`].some((one) => existsSync(join(path, one))),
    open(name, unpack = (_, bytes) => bytes) {
      const bytes = kept.get(name) ?? unpack(join(path, name), openAt(join(path, name)));
      // Put last, where it is dropped last.
      kept.delete(name);
      kept.set(name, bytes);
      for (const oldest of kept.keys()) {
        if (oldest === name || !isTooMuch()) break;
        kept.delete(oldest);
      }
      return bytes;
    },
  };
};
