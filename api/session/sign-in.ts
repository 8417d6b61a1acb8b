import { type CameFrom, type Identities, NotCurrentError } from '#contracts/ports/identities.ts';
import type { WallClock } from '#platform/clock.ts';
import { InvalidTokenError, type Tokens, type VerifiedToken } from '#platform/tokens.ts';
import { unauthorized } from '../http/identity.ts';
import { ProblemError } from '../http/problems.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Long, for a wall display must not go dark at night; renewed while it is used. */
export const SESSION_MS = 30 * DAY;

const FAILURES_ALLOWED = 10;

/** Turns the code of a sign-in link into a session, once. */
export type SignIn = {
  /** An access token and whose it is. Rejects with 401, or with 429 after too many failures in a minute. */
  readonly redeem: (
    code: string,
    came: CameFrom,
  ) => Promise<{ readonly session: string; readonly link: VerifiedToken }>;
};

export const createSignIn = ({
  tokens,
  identities,
  clock,
}: {
  tokens: Pick<Tokens, 'verify'>;
  identities: Pick<Identities, 'begin'>;
  clock: WallClock;
}): SignIn => {
  // What was used before a restart is forgotten, so links from before it are refused.
  const startedAtMs = clock.now();
  const usedUntilMs = new Map<string, number>();
  let failures = { sinceMs: 0, count: 0 };

  /** Over all callers together: codes cannot be guessed anyway, this only keeps a flood of tries cheap. */
  const countFailure = () => {
    const nowMs = clock.now();
    if (nowMs - failures.sinceMs > MINUTE) failures = { sinceMs: nowMs, count: 0 };
    failures.count += 1;
    if (failures.count > FAILURES_ALLOWED) {
      throw new ProblemError(429, 'too-many-requests', 'too many failed sign-ins', {
        headers: { 'retry-after': '60' },
      });
    }
  };

  const useLink = async (code: string): Promise<VerifiedToken> => {
    const link = await tokens.verify(code, 'link');
    if (link.issuedAtMs < startedAtMs) throw new InvalidTokenError('made before the station started');
    // No await from here on: a link sent twice at once is redeemed once.
    if (usedUntilMs.has(link.id)) throw new InvalidTokenError('used already');
    for (const [id, untilMs] of usedUntilMs) if (untilMs < clock.now()) usedUntilMs.delete(id);
    usedUntilMs.set(link.id, link.expiresAtMs);
    return link;
  };

  const begin = (link: VerifiedToken, came: CameFrom): Promise<string> =>
    identities.begin(link, SESSION_MS, came).catch((error: unknown) => {
      throw error instanceof NotCurrentError ? unauthorized(`the link is not valid: ${error.message}`) : error;
    });

  return {
    async redeem(code, came) {
      let link: VerifiedToken;
      try {
        link = await useLink(code);
      } catch (error) {
        if (!(error instanceof InvalidTokenError)) throw error;
        countFailure();
        throw unauthorized(`the link is not valid: ${error.message}. Make a new one with: wardwatch token --link`);
      }
      return { session: await begin(link, came), link };
    },
  };
};
