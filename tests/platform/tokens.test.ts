import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createTokens, InvalidTokenError, type TokenRequest } from '#platform/tokens.ts';

const key = randomBytes(32);
const clockAt = (startMs: number) => {
  let nowMs = startMs;
  return { now: () => nowMs, advance: (ms: number) => (nowMs += ms) };
};
const request: TokenRequest = { name: 'ward sister', role: 'operator', kind: 'access', expiresInMs: 60_000 };

describe('tokens', () => {
  it('give back who they were issued to, and when to the millisecond', async () => {
    const clock = clockAt(1_800_000_000_123);
    const tokens = createTokens({ key, clock });
    expect(await tokens.verify(await tokens.issue(request), 'access')).toEqual({
      id: expect.any(String),
      name: 'ward sister',
      role: 'operator',
      issuedAtMs: 1_800_000_000_123,
      expiresAtMs: 1_800_000_060_123,
    });
  });

  it('differ each time, even for the same person in the same millisecond', async () => {
    const tokens = createTokens({ key, clock: clockAt(0) });
    expect(await tokens.issue(request)).not.toBe(await tokens.issue(request));
  });

  it('are refused once expired', async () => {
    const clock = clockAt(1_800_000_000_000);
    const tokens = createTokens({ key, clock });
    const token = await tokens.issue(request);
    clock.advance(59_999);
    await expect(tokens.verify(token, 'access')).resolves.toBeDefined();
    clock.advance(1);
    await expect(tokens.verify(token, 'access')).rejects.toThrow('expired');
  });

  it('of one kind are refused as the other', async () => {
    const tokens = createTokens({ key, clock: clockAt(0) });
    const link = await tokens.issue({ ...request, kind: 'link' });
    await expect(tokens.verify(link, 'access')).rejects.toThrow(InvalidTokenError);
    await expect(tokens.verify(link, 'link')).resolves.toBeDefined();
  });

  it('of another key, without a signature, with odd claims, or no token at all are refused', async () => {
    const clock = clockAt(0);
    const tokens = createTokens({ key, clock });
    const foreign = await createTokens({ key: randomBytes(32), clock }).issue(request);
    const [, payload] = (await tokens.issue(request)).split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    const admin = await new SignJWT({ role: 'admin', kind: 'access', sub: 'x', jti: 'x', iat: 0, exp: 9e9 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(key);
    for (const token of [foreign, unsigned, admin, '', 'abc']) {
      await expect(tokens.verify(token, 'access')).rejects.toThrow(InvalidTokenError);
    }
  });
});
