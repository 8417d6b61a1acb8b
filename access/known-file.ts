import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { DOORS } from '#contracts/ports/identities.ts';
import { ROLES } from '#contracts/roles.ts';
import { errorCode, UserError } from '#platform/errors.ts';

/** The file that remembers which sessions and tokens are known, and above all which were ended. */

const FORMAT = 1;

const EpochMs = z.number();

/** A session or a token that was used at least once. */
const Known = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  issuedAtMs: EpochMs,
  expiresAtMs: EpochMs,
  lastUsedAtMs: EpochMs,
  lastCame: z.object({ door: z.enum(DOORS), address: z.string() }),
  /** null: it was not ended. */
  endedAtMs: EpochMs.nullable(),
});
export type Known = z.infer<typeof Known>;

const Content = z.object({
  format: z.literal(FORMAT),
  /** What was issued before, and is not known, is refused. */
  validFromMs: EpochMs,
  /** The same for what was issued to one name. */
  validFromOf: z.array(z.object({ name: z.string(), validFromMs: EpochMs })),
  identities: z.array(Known),
});
export type KnownContent = Omit<z.infer<typeof Content>, 'format'>;

export const NOTHING_KNOWN: KnownContent = { validFromMs: 0, validFromOf: [], identities: [] };

const OfAnyFormat = z.object({ format: z.number() });

/** undefined: what is there cannot be understood. Throws a UserError for the file of a newer release. */
export const readKnown = async (path: string): Promise<KnownContent | undefined> => {
  let stored: unknown;
  try {
    stored = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return NOTHING_KNOWN;
    if (error instanceof SyntaxError) return undefined;
    throw new UserError(`${path} cannot be read: make it readable for the user who runs the station`, { cause: error });
  }
  const format = OfAnyFormat.safeParse(stored).data?.format ?? FORMAT;
  if (format > FORMAT) throw new UserError(`${path} was made by a newer wardwatch: start the newer version again`);
  return Content.safeParse(stored).data;
};

const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
};

/** Resolves when it is on disk: after a crash the old content is there or the new, never half of one. */
export const writeKnown = async (path: string, content: KnownContent): Promise<void> => {
  const draft = await open(`${path}.new`, 'w', 0o600);
  try {
    await draft.writeFile(JSON.stringify({ format: FORMAT, ...content } satisfies z.input<typeof Content>));
    await draft.sync();
  } finally {
    await draft.close();
  }
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
};
