import type { Client } from 'aedes';
import type { Identity as TokenIdentity } from '#contracts/ports/identities.ts';
import type { Credential } from './credentials.ts';

/** Who is on the other end of a connection, once it has said so. */
export type Identity =
  | PublisherIdentity
  | IntegrationIdentity
  /** Ourselves, to see whether a device could connect. */
  | { readonly kind: 'probe' };

/** A program that listens, for as long as its token is good. */
export type IntegrationIdentity = { readonly kind: 'integration'; readonly name: string; readonly token: TokenHolder };

/** Whose token it is, and what tells when it is over. */
export type TokenHolder = Pick<TokenIdentity, 'name' | 'onOver'>;

/** A device is its name and its secret. Its unit is not who it is. */
export type DeviceIdentity = {
  readonly kind: 'device';
  readonly device: string;
  readonly credential: Credential;
};

/** One connection that publishes for several devices. */
export type GatewayIdentity = {
  readonly kind: 'gateway';
  readonly gateway: string;
  readonly credential: Credential;
};

/** Whoever may publish. */
export type PublisherIdentity = DeviceIdentity | GatewayIdentity;

export const isPublisher = (identity: Identity): identity is PublisherIdentity =>
  identity.kind === 'device' || identity.kind === 'gateway';

/** The name that a device or a gateway signed in with. */
export const userOf = (identity: PublisherIdentity): string =>
  identity.kind === 'device' ? identity.device : identity.gateway;

const identities = new WeakMap<Client, Identity>();

export const setIdentity = (client: Client, identity: Identity): void => {
  identities.set(client, identity);
};

export const identityOf = (client: Client | null): Identity | undefined =>
  client ? identities.get(client) : undefined;

/** The share of a device, the same whether it connects by itself or its messages come through a gateway. */
export const ownerOfDevice = (device: string): string => `device ${device}`;

const nameOwner = (identity: Identity): string => {
  if (identity.kind === 'device') return ownerOfDevice(identity.device);
  if (identity.kind === 'gateway') return `gateway ${identity.gateway}`;
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
