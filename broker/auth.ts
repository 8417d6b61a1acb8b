import { LIVE_TOPIC_PREFIX } from '#contracts/mqtt/topics.ts';
import type { Credentials } from './credentials.ts';
import type { Identity, TokenHolder } from './identity.ts';

/** Who may connect, and what they may subscribe to. */

/** Devices and gateways name themselves by their id and prove it by their secret; integrations say `token` and bring one. */
export const TOKEN_USER = 'token';

/** Answers whose token it is, or undefined when it is not good. */
export type CheckToken = (token: string, address: string) => Promise<TokenHolder | undefined>;

/** `address`: where it comes from. */
export type Authenticate = (username: string, password: Buffer, address: string) => Promise<Identity | undefined>;

export const createAuthenticate =
  ({ credentials, checkToken }: { credentials: Pick<Credentials, 'check'>; checkToken: CheckToken }): Authenticate =>
  async (username, password, address) => {
    if (username === TOKEN_USER) {
      const token = await checkToken(password.toString('utf8'), address);
      return token && { kind: 'integration', name: token.name, token };
    }
    const credential = await credentials.check(username, password);
    if (!credential) return undefined;
    return credential.kind === 'gateway'
      ? { kind: 'gateway', gateway: username, credential }
      : { kind: 'device', device: username, credential };
  };

const MAX_FILTER_LENGTH = 256;

export const maySubscribe = (identity: Identity | undefined, filter: string): boolean =>
  identity?.kind === 'integration' && filter.startsWith(LIVE_TOPIC_PREFIX) && filter.length <= MAX_FILTER_LENGTH;
