import { type Identity, ownerOf } from './identity.ts';

/**
 * The places for those who are signed in. Nobody may take the places of all, and integrations may not take those of
 * devices: a token that connects without end must leave room for every bed.
 */
export type Seats = {
  /** Takes a place. Answers why there is none, or undefined. `isReplacing`: the new connection ends one of the same owner. */
  readonly take: (identity: Identity, isReplacing: boolean) => NoSeat | undefined;
  readonly release: (identity: Identity) => void;
  readonly areFull: () => boolean;
  readonly integrations: () => number;
};

export type NoSeat = 'too-many-connections' | 'too-many-connections-of-one';

/** A device or a gateway needs one connection, and a second while it is replaced; the rest is room to spare. */
export const MAX_OF_ONE = 16;

export const createSeats = ({ max }: { max: number }): Seats => {
  const byOwner = new Map<string, number>();
  const maxIntegrations = Math.max(MAX_OF_ONE, Math.floor(max / 5));
  let all = 0;
  let integrations = 0;
  return {
    take(identity, isReplacing) {
      if (identity.kind === 'probe') return undefined;
      const owner = ownerOf(identity);
      const ofOne = byOwner.get(owner) ?? 0;
      const isIntegration = identity.kind === 'integration';
      if (!isReplacing) {
        if (all >= max || (isIntegration && integrations >= maxIntegrations)) return 'too-many-connections';
        if (ofOne >= MAX_OF_ONE) return 'too-many-connections-of-one';
      }
      byOwner.set(owner, ofOne + 1);
      all++;
      if (isIntegration) integrations++;
      return undefined;
    },
    release(identity) {
      if (identity.kind === 'probe') return;
      const owner = ownerOf(identity);
      const left = (byOwner.get(owner) ?? 1) - 1;
      if (left > 0) byOwner.set(owner, left);
      else byOwner.delete(owner);
      all--;
      if (identity.kind === 'integration') integrations--;
    },
    areFull: () => all >= max,
    integrations: () => integrations,
  };
};
