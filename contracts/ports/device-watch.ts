import type { DeviceRhythm } from '../http/device-rhythm.ts';
import type { MessageFate } from '../http/message-fate.ts';

/** What a person who sets up a device may look at. It comes from memory, so it works with the database stopped. */
export type DeviceWatch = {
  /** Called when somebody looks at a device; undefined when no such device is registered. */
  readonly rhythm: (device: string) => Promise<DeviceRhythm | undefined>;
  /**
   * From now on the listener gets the fate of each message of the device, in their order. While nobody follows a device
   * nothing is gathered of it. A listener must not throw. Returns the function that ends this.
   */
  readonly follow: (device: string, listener: (fate: MessageFate) => void) => () => void;
};
