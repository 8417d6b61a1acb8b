import type { Directory, Publisher } from '#contracts/ports/directory.ts';

/**
 * What devices and gateways sign in with, as the directory knows it. The directory is asked when one signs in, and again
 * for each connection once something has changed; never for a message.
 */
export type Credentials = {
  /** undefined: this is not the secret of that device or gateway. */
  readonly check: (name: string, secret: Uint8Array) => Promise<Credential | undefined>;
  /** `listener` is called after each change, when earlier answers count no more. Returns what ends the calls. */
  readonly onChanged: (listener: () => void) => () => void;
};

/** The secret that a device or a gateway signed in with. */
export type Credential = {
  readonly kind: Publisher['kind'];
  /** Whether this device may be published for, as it was when the secret was last found to be good. */
  readonly mayPublishFor: (device: string) => boolean;
  /** True while nothing has changed since the secret was last found to be good: then nobody need be asked. */
  readonly isFresh: () => boolean;
  /** Asks again. False once there is another secret, or nobody of that name. */
  readonly isCurrent: () => Promise<boolean>;
};

/** Somebody who signs in while a whole ward is set up is asked about again once connected. */
const MAX_TRIES = 5;

export const createCredentials = (directory: Pick<Directory, 'checkSecret' | 'onChanged'>): Credentials => {
  let changes = 0;

  const createCredential = (name: string, secret: Uint8Array, first: Publisher, firstAsOf: number): Credential => {
    let publisher = first;
    let goodAsOf = firstAsOf;
    return {
      kind: first.kind,
      mayPublishFor: (device) => (publisher.kind === 'device' ? device === name : publisher.devices.has(device)),
      isFresh: () => goodAsOf === changes,
      async isCurrent() {
        // An answer that was on its way during a change may be that of before it.
        const asOf = changes;
        const found = await directory.checkSecret(name, secret);
        if (found?.kind !== first.kind) return false;
        goodAsOf = asOf;
        publisher = found;
        return true;
      },
    };
  };

  return {
    async check(name, secret) {
      for (let tries = 1; ; tries++) {
        const asOf = changes;
        const found = await directory.checkSecret(name, secret);
        if (!found) return undefined;
        if (asOf === changes || tries === MAX_TRIES) return createCredential(name, secret, found, asOf);
      }
    },
    onChanged: (listener) =>
      directory.onChanged(() => {
        changes++;
        listener();
      }),
  };
};
