/**
 * What the door for devices asks about them: who may sign in, what is registered, and when that changed. The directory
 * answers from what was known last, so it works with the database away, and no answer rejects. It is asked only for a
 * connection, never for a message.
 */
export type Directory = {
  /**
   * Called when somebody signs in as a device, and again for each connection of a device after a change. True when this
   * is the secret that the device has now; false also when there is no such device.
   */
  readonly checkSecret: (device: string, secret: Uint8Array) => Promise<boolean>;
  /** Called when a peer was refused, to keep the refusal with the device that it named. */
  readonly isDevice: (name: string) => Promise<boolean>;
  /** Called when a node starts. False: no device is registered or known yet, so none could sign in. */
  readonly hasDevices: () => Promise<boolean>;
  /**
   * `listener` is called after each change of what is registered, once the answers above follow the change: a device
   * that can no longer sign in is to be disconnected then. A listener must not throw. Returns the function that ends
   * the calls.
   */
  readonly onChanged: (listener: () => void) => () => void;
};
