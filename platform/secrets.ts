import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, UserError } from './errors.ts';

const SECRET_BYTES = 32;

/** A secret to hand to somebody: 256 random bits, base64url. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

/** SHA-256 of the secret's text. A slow hash would add cost and no safety: there is nothing to guess. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret, 'utf8').digest();

/** Compares in a time that says nothing about where they differ. */
export const secretMatches = (secret: string, hash: Uint8Array): boolean => {
  const given = hashSecret(secret);
  return given.length === hash.length && timingSafeEqual(given, hash);
};

/**
 * The 32 bytes of `DATA_DIR/secrets/<name>`, created on first use and readable by the owner alone.
 * Two processes that start at once get the same bytes. Throws a UserError when the file is damaged.
 */
export const readOrCreateSecret = async (dataDir: string, name: string): Promise<Buffer> => {
  const folder = join(dataDir, 'secrets');
  const file = join(folder, name);
  const existing = await readIfPresent(file);
  if (existing) return existing;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await createWhole(file);
  const secret = await readIfPresent(file);
  if (!secret) throw new UserError(`${file} cannot be read after it was written: check the disk`);
  return secret;
};

const readIfPresent = async (file: string): Promise<Buffer | undefined> => {
  const content = await readFile(file).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new UserError(`${file} cannot be read: make it readable for the user who runs the station`, { cause: error });
  });
  if (content && content.length !== SECRET_BYTES) {
    throw new UserError(`${file} is damaged: delete it, a new one is made and everybody signs in again`);
  }
  return content;
};

/** Written aside and linked into place, so that nobody ever reads half a secret and the first one wins. */
const createWhole = async (file: string): Promise<void> => {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(randomBytes(SECRET_BYTES));
    await handle.sync();
    await link(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await handle.close();
    await rm(draft, { force: true });
  }
};
