import type { Directory } from '#contracts/ports/directory.ts';

/**
 * A directory in which every name that begins with m is a device, and every name that begins with g a gateway for the
 * devices m1 and m2, all with the secret `secret`, until something is changed.
 */
export const createFakeDirectory = () => {
  const listeners = new Set<() => void>();
  const secrets = new Map<string, string | undefined>();
  let listed: readonly string[] = ['m1', 'm2'];
  const isKnown = (name: string): boolean => (secrets.has(name) ? secrets.get(name) !== undefined : /^[mg]/.test(name));

  const directory: Directory = {
    async checkSecret(name, secret) {
      if (!isKnown(name) || Buffer.from(secret).toString() !== (secrets.get(name) ?? 'secret')) return undefined;
      return name.startsWith('g') ? { kind: 'gateway', devices: new Set(listed) } : { kind: 'device' };
    },
    isKnown: async (name) => isKnown(name),
    hasDevices: async () => true,
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  return {
    directory,
    /** Lists these devices under every gateway. */
    list(devices: readonly string[]): void {
      listed = devices;
      for (const listener of listeners) listener();
    },
    /** Gives the device or gateway another secret, or none: then it is removed. */
    change(name: string, secret?: string): void {
      secrets.set(name, secret);
      for (const listener of listeners) listener();
    },
    listeners: () => listeners.size,
  };
};
