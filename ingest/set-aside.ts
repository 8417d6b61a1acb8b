import { createHash } from 'node:crypto';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Messages that ended the process, whole, each in a file of its own beside the note. */
export type SetAside = {
  /** Reads which there are, and removes the oldest past the bound. */
  readonly read: () => Promise<void>;
  /** Resolves with where it is kept. */
  readonly add: (held: Kept) => Promise<string>;
  /** Where it is kept, if it was set aside. It is asked for every message. */
  readonly find: (held: Kept) => string | undefined;
};

type Kept = { readonly device: string; readonly payload: Uint8Array };

const MAX_SET_ASIDE = 20;

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32);

const nameOf = ({ device, payload }: Kept): string => `${hashOf(Buffer.from(device))}-${hashOf(payload)}`;

export const createSetAside = (folder: string): SetAside => {
  const names = new Set<string>();
  /** Most messages have another length than any of these: they need not be hashed. */
  const lengths = new Set<number>();

  return {
    async read() {
      const found = (await readdir(folder)).filter((name) => name !== 'note');
      const files = await Promise.all(found.map(async (name) => ({ name, ...(await stat(join(folder, name))) })));
      files.sort((a, b) => b.mtimeMs - a.mtimeMs);
      for (const { name } of files.slice(MAX_SET_ASIDE)) await rm(join(folder, name));
      for (const { name, size } of files.slice(0, MAX_SET_ASIDE)) {
        names.add(name);
        lengths.add(size);
      }
    },
    async add(held) {
      const path = join(folder, nameOf(held));
      await writeFile(path, held.payload);
      return path;
    },
    find(held) {
      if (!lengths.has(held.payload.length)) return undefined;
      const name = nameOf(held);
      return names.has(name) ? join(folder, name) : undefined;
    },
  };
};
