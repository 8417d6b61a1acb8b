import type { Role } from '../roles.ts';

/** Who was let in by a session or a token, and whether that still holds. */
export type Identity = {
  /** Names the session or the token: by it, it can be ended. */
  readonly id: string;
  /** The person or the program it was issued to. */
  readonly name: string;
  readonly role: Role;
  /** Epoch milliseconds. Moves on when a session is renewed. */
  readonly expiresAtMs: () => number;
  /**
   * False once it has expired or was ended. Asks nobody: the database may be away. How long it lasts is counted in time that
   * passes, so that a clock that is put forward by a day darkens no screen.
   */
  readonly isCurrent: () => boolean;
  /**
   * `listener` is called once, within a second after the identity has expired or was ended: what it was let in to is to be closed
   * then. Of one that is over already it is called soon too. A listener must not throw. Returns the function that takes it back.
   */
  readonly onOver: (listener: () => void) => () => void;
};

/** A link that was not used before, and whose it is. */
export type SignInLink = Pick<Identity, 'id' | 'name' | 'role'> & { readonly issuedAtMs: number };

/** The ways in: a browser's cookie, a bearer token over HTTP, and a token over MQTT. */
export const DOORS = ['browser', 'http', 'mqtt'] as const;
export type Door = (typeof DOORS)[number];

export type CameFrom = { readonly door: Door; readonly address: string };

/** A session or a token as those who look after them see it. Times are epoch milliseconds. */
export type KnownIdentity = Pick<Identity, 'id' | 'name' | 'role'> & {
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly lastUsedAtMs: number;
  readonly lastCame: CameFrom;
  /** What it is used for just now: requests under way, live sockets and MQTT connections. */
  readonly open: number;
};

/** The token is not ours, has expired, or was ended. */
export class NotCurrentError extends Error {
  override readonly name = 'NotCurrentError';
}

/**
 * Everybody who signs in by something that the station has issued. It answers from memory and has a copy on disk, so that all
 * of it works with the database away.
 */
export type Identities = {
  /** Rejects with a NotCurrentError. */
  readonly identify: (token: string, came: CameFrom) => Promise<Identity>;
  /** Issues what a browser signs in with from now on. Rejects with a NotCurrentError when the link was ended before its use. */
  readonly begin: (link: SignInLink, lifetimeMs: number, came: CameFrom) => Promise<string>;
  /** The same session for longer: what ends it ends all that was ever issued for it. Rejects when the disk does not take it. */
  readonly renew: (identity: Identity, lifetimeMs: number) => Promise<string>;
  /** Those that are current, the last used first. One that a program was given and never used is not known yet. */
  readonly list: () => readonly KnownIdentity[];
  /**
   * Ends what is chosen at once, and resolves when that is on disk, with how many that were known. Rejects when the disk does not
   * take it: they are over all the same, until the station starts again.
   */
  readonly end: (which: EndIdentities) => Promise<number>;
};

/** One; all of a name, and what was issued to it and never used; or all but one, and whatever was issued and never used. */
export type EndIdentities = { readonly id: string } | { readonly name: string } | { readonly allBut: string };
