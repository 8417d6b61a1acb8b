import type { TokenHolder } from '../../../broker/identity.ts';

/** A token that nobody ends. */
export const endlessToken = (name: string): TokenHolder => ({ name, onOver: () => () => undefined });
