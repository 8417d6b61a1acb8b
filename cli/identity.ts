import { access } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#platform/clock.ts';
import { UserError } from '#platform/errors.ts';
import { readOrCreateSecret } from '#platform/secrets.ts';
import { createTokens, type Tokens } from '#platform/tokens.ts';

const KEY = 'token.key';

/** Issues tokens of the station that lives in a DATA_DIR. Throws a UserError when none has ever run there. */
export const tokensOf = async (dataDir: string): Promise<Tokens> => {
  const key = join(dataDir, 'secrets', KEY);
  await access(key).catch((error: unknown) => {
    throw new UserError(`cannot read ${key}: start a station on this folder first, or name its folder by --data-dir`, {
      cause: error,
    });
  });
  return createTokens({ key: await readOrCreateSecret(dataDir, KEY), clock: systemClock });
};

/** Who the audit log says it was: the account at the keyboard. A container may run as a user without a name. */
export const operatorName = (): string => {
  try {
    return `${userInfo().username} (command line)`;
  } catch {
    return 'command line';
  }
};
