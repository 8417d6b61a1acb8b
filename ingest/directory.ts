import type { Directory } from '#contracts/ports/directory.ts';
import type { RegistryKeeper } from './registry-keeper.ts';

/** The devices and gateways of the registry that is in force. */
export const createDirectory = ({ current, onChanged }: Pick<RegistryKeeper, 'current' | 'onChanged'>): Directory => ({
  async checkSecret(name, secret) {
    const registry = current();
    if (!registry.authenticate(name, secret)) return undefined;
    const gateway = registry.gateway(name);
    return gateway ? { kind: 'gateway', devices: new Set(gateway.devices) } : { kind: 'device' };
  },
  isKnown: async (name) => (current().device(name) ?? current().gateway(name)) !== undefined,
  hasDevices: async () => current().data.devices.length > 0,
  onChanged,
});
