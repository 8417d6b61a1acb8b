import type { Directory } from '#contracts/ports/directory.ts';

/**
 * What devices sign in with, as the directory knows it. The directory is asked when a device signs in, and again for each
 * connection once something has changed; never for a message.
 */
export type Credentials = {
  /** undefined: this is not the secret of the device. */
  readonly check: (device: string, secret: Uint8Array) => Promise<Credential | undefined>;
  /** `listener` is called after each change, when earlier answers count no more. Returns what ends the calls. */
  readonly onChanged: (listener: () => void) => () => void;
};

/** The secret that a device signed in with. */
export type Credential = {
  /** True while nothing has changed since the secret was last found to be good: then nobody need be asked. */
  readonly isFresh: () => boolean;
  /** Asks again. False once the device was given another secret, or is gone. */
  readonly isCurrent: () => Promise<boolean>;
};

export const createCredentials = (directory: Pick<Directory, 'checkSecret' | 'onChanged'>): Credentials => {
  let changes = 0;

  const createCredential = (device: string, secret: Uint8Array): Credential => {
    let goodAsOf = -1;
    return {
      isFresh: () => goodAsOf === changes,
      async isCurrent() {
        // An answer that was on its way during a change may be that of before it.
        const asOf = changes;
        const isGood = await directory.checkSecret(device, secret);
        if (isGood) goodAsOf = asOf;
        return isGood;
      },
    };
  };

  return {
    async check(device, secret) {
      const credential = createCredential(device, secret);
      return (await credential.isCurrent()) ? credential : undefined;
    },
    onChanged: (listener) =>
      directory.onChanged(() => {
        changes++;
        listener();
      }),
  };
};
