import { randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { ROLES, type Role } from '#contracts/roles.ts';
import type { WallClock } from './clock.ts';

/** `access` is a bearer token or session cookie, `link` the code of a one-time sign-in link. */
export type TokenKind = 'access' | 'link';

const Claims = z.object({
  jti: z.string().min(1),
  sub: z.string().min(1),
  role: z.enum(ROLES),
  kind: z.enum(['access', 'link']),
  iat: z.number(),
  exp: z.number(),
});

export type VerifiedToken = {
  readonly id: string;
  /** The person or program it was issued to. */
  readonly name: string;
  readonly role: Role;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
};

/** The token is not one of ours, or it was changed, has expired or is of the other kind. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

export type TokenRequest = {
  /** Left out: one of its own. */
  readonly id?: string;
  readonly name: string;
  readonly role: Role;
  readonly kind: TokenKind;
  readonly expiresInMs: number;
};

export type Tokens = {
  readonly issue: (request: TokenRequest) => Promise<string>;
  /** Rejects with an InvalidTokenError. */
  readonly verify: (token: string, kind: TokenKind) => Promise<VerifiedToken>;
};

/** Signed JSON Web Tokens (RFC 7519, HS256). `key`: the 32 bytes of the secret `token.key`. */
export const createTokens = ({ key, clock }: { key: Uint8Array; clock: WallClock }): Tokens => ({
  issue({ id = randomUUID(), name, role, kind, expiresInMs }) {
    const nowMs = clock.now();
    // Fractions of a second are kept: a link made in the very second of a start must count as made after it.
    return new SignJWT({ role, kind, iat: nowMs / 1_000, exp: (nowMs + expiresInMs) / 1_000 })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(name)
      .setJti(id)
      .sign(key);
  },

  async verify(token, kind) {
    try {
      const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], currentDate: new Date(clock.now()) });
      const claims = Claims.parse(payload);
      if (claims.kind !== kind) throw new InvalidTokenError(`a token for ${claims.kind}, not for ${kind}`);
      // The library compares whole seconds.
      if (claims.exp * 1_000 <= clock.now()) throw new InvalidTokenError('expired');
      return {
        id: claims.jti,
        name: claims.sub,
        role: claims.role,
        issuedAtMs: Math.round(claims.iat * 1_000),
        expiresAtMs: Math.round(claims.exp * 1_000),
      };
    } catch (error) {
      if (error instanceof InvalidTokenError) throw error;
      const expired = error instanceof errors.JWTExpired;
      throw new InvalidTokenError(expired ? 'expired' : 'not a token of this station', { cause: error });
    }
  },
});
