import type { Directory } from '#contracts/ports/directory.ts';
import type { RegistryKeeper } from './registry-keeper.ts';

/** The devices of the registry that is in force. */
export const createDirectory = ({ current, onChanged }: Pick<RegistryKeeper, 'current' | 'onChanged'>): Directory => ({
  checkSecret: async (device, secret) => current().authenticate(device, secret),
  isDevice: async (name) => current().device(name) !== undefined,
  hasDevices: async () => current().data.devices.length > 0,
  onChanged,
});
