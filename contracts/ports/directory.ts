/**
 * What the door for devices asks about them: who may sign in, what is registered, and when that changed. The directory
 * answers from what was known last, so it works with the database away, and no answer rejects. It is asked only for a
 * connection, never for a message.
 */
export type Directory = {
  /**
   * Called when somebody signs in as a device or a gateway, and again for each such connection after a change. Gives who
   * that is when this is the secret that it has now; undefined also when nobody has that name.
   */
  readonly checkSecret: (name: string, secret: Uint8Array) => Promise<Publisher | undefined>;
  /** Called when a peer was refused, to keep the refusal with the device or the gateway that it named. */
  readonly isKnown: (name: string) => Promise<boolean>;
  /** Called when a node starts. False: no device is registered or known yet, so none could sign in. */
  readonly hasDevices: () => Promise<boolean>;
  /**
   * `listener` is called after each change of what is registered, once the answers above follow the change: a device
   * that can no longer sign in is to be disconnected then. A listener must not throw. Returns the function that ends
   * the calls.
   */
  readonly onChanged: (listener: () => void) => () => void;
};

/** A device publishes for itself, a gateway for the devices that are listed under it. */
export type Publisher =
  | { readonly kind: 'device' }
  | { readonly kind: 'gateway'; readonly devices: ReadonlySet<string> };
