import type { Client } from 'aedes';
import type { Credential } from './credentials.ts';

/** Who is on the other end of a connection, once it has said so. */
export type Identity =
  | DeviceIdentity
  | { readonly kind: 'integration'; readonly name: string }
  /** Ourselves, to see whether a device could connect. */
  | { readonly kind: 'probe' };

/** A device is its name and its secret. Its unit is not who it is. */
export type DeviceIdentity = {
  readonly kind: 'device';
  readonly device: string;
  readonly credential: Credential;
};

const identities = new WeakMap<Client, Identity>();

export const setIdentity = (client: Client, identity: Identity): void => {
  identities.set(client, identity);
};

export const identityOf = (client: Client | null): Identity | undefined =>
  client ? identities.get(client) : undefined;

const nameOwner = (identity: Identity): string => {
  if (identity.kind === 'device') return `device ${identity.device}`;
  return identity.kind === 'integration' ? `integration ${identity.name}` : identity.kind;
};

/** Made once: it is asked for every message. */
const owners = new WeakMap<Identity, string>();

/** Whose share of places, memory and sessions it uses. */
export const ownerOf = (identity: Identity): string => {
  const known = owners.get(identity);
  if (known !== undefined) return known;
  const owner = nameOwner(identity);
  owners.set(identity, owner);
  return owner;
};
