import type { Directory } from '#contracts/ports/directory.ts';

/** A directory in which every name that begins with m is a device with the secret `secret`, until something is changed. */
export const createFakeDirectory = () => {
  const listeners = new Set<() => void>();
  const secrets = new Map<string, string | undefined>();
  const isDevice = (name: string): boolean =>
    secrets.has(name) ? secrets.get(name) !== undefined : name.startsWith('m');

  const directory: Directory = {
    checkSecret: async (device, secret) =>
      isDevice(device) && Buffer.from(secret).toString() === (secrets.get(device) ?? 'secret'),
    isDevice: async (name) => isDevice(name),
    hasDevices: async () => true,
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  return {
    directory,
    /** Gives the device another secret, or none: then it is removed. */
    change(device: string, secret?: string): void {
      secrets.set(device, secret);
      for (const listener of listeners) listener();
    },
    listeners: () => listeners.size,
  };
};
