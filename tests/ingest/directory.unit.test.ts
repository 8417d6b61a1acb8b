import { createHash } from 'node:crypto';
import { createDirectory } from '../../ingest/directory.ts';
import { indexRegistry } from '../../ingest/registry.ts';
import { describeDirectory } from '../contracts/ports/directory.ts';

const hash = (secret: string): string => createHash('sha256').update(secret).digest('hex');

describeDirectory('of the registry in force', async () => {
  let registry = indexRegistry();
  const listeners = new Set<() => void>();
  return {
    directory: createDirectory({
      current: () => registry,
      onChanged(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    }),
    async registerGateway(id, secret, devices) {
      const gateways = [{ id, secretHash: hash(secret), devices: [...devices] }];
      registry = indexRegistry({ ...registry.data, gateways });
      for (const listener of listeners) listener();
    },
    async register(id, secret) {
      const secretHash = hash(secret);
      registry = indexRegistry({ ...registry.data, devices: [{ id, unit: 'icu', secretHash }] });
      for (const listener of listeners) listener();
    },
  };
});
