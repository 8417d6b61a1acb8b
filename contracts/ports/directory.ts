/**
 * The devices of the ward, for the door: who may sign in, what is registered, and that it changed. It answers from what
 * was known last, so it works with the database away, and no answer rejects. Nothing of it is asked for a message, only
 * for a connection.
 */
export type Directory = {
  /**
   * Called when somebody signs in as a device, and again for each connection of a device after a change. True when this is
   * the secret that the device has now; false as well when there is no such device.
   */
  readonly checkSecret: (device: string, secret: Uint8Array) => Promise<boolean>;
  /** Called when a peer was refused, to keep the refusal with the device that it named. */
  readonly isDevice: (name: string) => Promise<boolean>;
  /** Called when a node starts. False: nothing is registered yet, or nothing is known of it, and nobody could be let in. */
  readonly hasDevices: () => Promise<boolean>;
  /**
   * `listener` is called after each change of what is registered, once the answers above are those of after the change:
   * whoever could not sign in any more is to be disconnected then. A listener must not throw. Returns what ends the calls.
   */
  readonly onChanged: (listener: () => void) => () => void;
};
