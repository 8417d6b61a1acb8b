import type { Ownership } from '#contracts/ports/ownership.ts';

/** A station decides for the whole ward: the lock on its folder and the claim on its database keep others out. */
export const wholeWard: Ownership = { acquire: async () => ({ has: () => true }) };
