import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Identities, NotCurrentError, type SignInLink } from '#contracts/ports/identities.ts';
import type { Clock } from '#platform/clock.ts';
import type { Logger } from '#platform/log.ts';
import { InvalidTokenError, type Tokens, type VerifiedToken } from '#platform/tokens.ts';
import { type KnownContent, NOTHING_KNOWN, readKnown, writeKnown } from './known-file.ts';
import { createRecording } from './recording.ts';
import { createRegister } from './register.ts';

/**
 * Whoever has the station's key can make a token, and nobody need be told; with its first use it becomes known here, and from
 * then on it is listed and can be ended.
 *
 *   token ─▶ signature, expiry ─▶ ended? ─▶ identity ─▶ door … over ─▶ the door is told, and closes
 */
export type OpenIdentities = Identities & {
  /** Nobody is told any more that something is over. Resolves when what is known is on disk. */
  readonly stop: () => Promise<void>;
};

export type IdentitiesDeps = {
  readonly dataDir: string;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly log: Logger;
};

const FILE = 'identities.json';

const LOOK_EVERY_MS = 250;

/** A crash forgets when something was last used, at most a minute of it. */
const SAVE_USES_EVERY_MS = 60_000;

/** A file that cannot be understood may have told what was ended: nothing that was issued so far is let in again. */
const readOrBeginAnew = async (path: string, { clock, log }: IdentitiesDeps): Promise<KnownContent> => {
  const content = await readKnown(path);
  if (content) return content;
  const keptAs = `${path}.damaged`;
  log.error(
    { path, keptAs },
    'it cannot be read who was signed out: all must sign in again, and tokens must be made anew',
  );
  await rename(path, keptAs);
  const anew = { ...NOTHING_KNOWN, validFromMs: clock.now() };
  await writeKnown(path, anew);
  return anew;
};

const verifyWith = async (tokens: Tokens, token: string): Promise<VerifiedToken> => {
  try {
    return await tokens.verify(token, 'access');
  } catch (error) {
    if (!(error instanceof InvalidTokenError)) throw error;
    throw new NotCurrentError(error.message, { cause: error });
  }
};

export const openIdentities = async (deps: IdentitiesDeps): Promise<OpenIdentities> => {
  const { dataDir, tokens, clock, log } = deps;
  const path = join(dataDir, FILE);
  const register = createRegister({ content: await readOrBeginAnew(path, deps), clock });
  const { save, noteUse, saveUses, settled } = createRecording({
    write: () => writeKnown(path, register.content()),
    log,
  });
  const releases = [
    clock.every(LOOK_EVERY_MS, register.tellOver, 'background'),
    clock.every(SAVE_USES_EVERY_MS, saveUses, 'background'),
  ];

  const letIn = (link: SignInLink): void => {
    const why = register.refuse(link);
    if (why !== undefined) throw new NotCurrentError(why);
    noteUse();
  };

  return {
    async identify(token, came) {
      const verified = await verifyWith(tokens, token);
      letIn(verified);
      return register.note(verified, came);
    },
    async begin(link, expiresInMs, came) {
      letIn(link);
      const { name, role } = link;
      const token = await tokens.issue({ name, role, kind: 'access', expiresInMs });
      register.note(await tokens.verify(token, 'access'), came);
      return token;
    },
    async renew({ id, name, role }, expiresInMs) {
      const token = await tokens.issue({ id, name, role, kind: 'access', expiresInMs });
      // On disk before anybody has it: once ended, it must be known as such for as long as this one lasts.
      register.prolong(id, expiresInMs);
      await save();
      return token;
    },
    list: register.list,
    async end(which) {
      const count = register.end(which);
      await save();
      return count;
    },
    async stop() {
      for (const release of releases) release();
      saveUses();
      await settled();
    },
  };
};
