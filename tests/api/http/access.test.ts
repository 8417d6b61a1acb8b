import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createTokens } from '#platform/tokens.ts';
import { openScreen, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
afterEach(() => api?.stop());

const cookieOf = (response: Response): string => response.headers.get('set-cookie')?.split(';')[0] ?? '';
const signInLink = (station: TestApi, role: 'viewer' | 'operator' = 'operator') =>
  station.tokens.issue({ name: 'sister', role, kind: 'link', expiresInMs: 600_000 });
const signIn = async (station: TestApi, code: string) => station.ask(`/sign-in?code=${code}`, { role: 'nobody' });

describe('without a valid token', () => {
  it('every address of the API answers 401 as a problem, also when the database is away', async () => {
    api = await startApi();
    const foreign = await createTokens({ key: randomBytes(32), clock: { now: Date.now } }).issue({
      name: 'x',
      role: 'operator',
      kind: 'access',
      expiresInMs: 60_000,
    });
    for (const headers of [{}, { authorization: 'Bearer nonsense' }, { authorization: `Bearer ${foreign}` }]) {
      for (const path of ['units', 'patients', 'session', 'beds/icu-01/readings.csv?from=2026-01-01T00:00:00Z']) {
        const response = await api.ask(`/api/v1/${path}`, { role: 'nobody', headers });
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toBe('Bearer');
        expect(await response.json()).toMatchObject({ type: 'urn:wardwatch:problem:unauthorized', status: 401 });
      }
    }
  });

  it('the live socket is refused with 401', async () => {
    api = await startApi();
    await expect(openScreen(api.url, {})).rejects.toThrow('401');
  });

  it('an unknown address of the API is not told apart from others by its body', async () => {
    api = await startApi();
    const response = await api.ask('/api/v1/nothing', { role: 'nobody' });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  it('a sign-in link is no bearer token', async () => {
    api = await startApi();
    const code = await signInLink(api);
    const response = await api.ask('/api/v1/session', { role: 'nobody', headers: { authorization: `Bearer ${code}` } });
    expect(response.status).toBe(401);
  });
});

describe('a sign-in link', () => {
  it('sets a cookie scripts cannot read and goes on to the wall', async () => {
    api = await startApi();
    const response = await signIn(api, await signInLink(api));
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/wall');
    expect(response.headers.get('set-cookie')).toMatch(/^wardwatch_session=.*HttpOnly.*SameSite=Strict/);
    const session = await api.ask('/api/v1/session', { role: 'nobody', headers: { cookie: cookieOf(response) } });
    expect(await session.json()).toMatchObject({ name: 'sister', role: 'operator' });
  });

  it('works once, even when it is opened twice at the same time', async () => {
    api = await startApi();
    const code = await signInLink(api);
    const statuses = await Promise.all([signIn(api, code), signIn(api, code), signIn(api, code)]);
    expect(statuses.map(({ status }) => status).sort()).toEqual([303, 401, 401]);
    expect((await api.ask('/api/v1/session', { method: 'POST', body: { code }, role: 'nobody' })).status).toBe(401);
  });

  it('is not used up by a HEAD request', async () => {
    api = await startApi();
    const code = await signInLink(api);
    await api.ask(`/sign-in?code=${code}`, { method: 'HEAD', role: 'nobody' });
    expect((await signIn(api, code)).status).toBe(303);
  });

  it('does not work again after a restart', async () => {
    const key = randomBytes(32);
    api = await startApi({ key });
    const [used, unused] = [await signInLink(api), await signInLink(api)];
    expect((await signIn(api, used)).status).toBe(303);
    await api.stop();
    api = await startApi({ key });
    expect((await signIn(api, used)).status).toBe(401);
    expect((await signIn(api, unused)).status).toBe(401);
    expect((await signIn(api, await signInLink(api))).status).toBe(303);
  });

  it('is Secure when the station is reached by https', async () => {
    api = await startApi({ publicUrl: 'https://ward.example' });
    const response = await signIn(api, await signInLink(api));
    expect(response.headers.get('set-cookie')).toContain('Secure');
  });

  it('that is guessed too often is slowed down, while a good one still works', async () => {
    api = await startApi();
    const statuses: number[] = [];
    for (let tries = 0; tries < 12; tries++) statuses.push((await signIn(api, 'guess')).status);
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
    expect(statuses.at(-1)).toBe(429);
    expect((await signIn(api, await signInLink(api))).status).toBe(303);
  });
});

describe('a session', () => {
  it('is ended by signing out', async () => {
    api = await startApi();
    const response = await api.ask('/api/v1/session', { method: 'DELETE', role: 'nobody' });
    expect(response.status).toBe(204);
    expect(response.headers.get('set-cookie')).toMatch(/^wardwatch_session=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/);
  });

  it('of a wall that is in use is renewed before it runs out', async () => {
    let nowMs = Date.now();
    api = await startApi({ clock: { now: () => nowMs } });
    const cookie = cookieOf(await signIn(api, await signInLink(api)));
    const fresh = await api.ask('/api/v1/session', { role: 'nobody', headers: { cookie } });
    expect(fresh.headers.get('set-cookie')).toBeNull();
    nowMs += 20 * 24 * 3_600_000;
    const old = await api.ask('/api/v1/session', { role: 'nobody', headers: { cookie } });
    expect(cookieOf(old)).toMatch(/^wardwatch_session=ey/);
    expect(Date.parse((await old.json()).expiresAt)).toBe(nowMs + 30 * 24 * 3_600_000);
  });
});

describe('a request by cookie', () => {
  const signedIn = async () => {
    api = await startApi();
    return cookieOf(await signIn(api, await signInLink(api)));
  };

  it('may not write from another page, nor from an unknown one', async () => {
    const cookie = await signedIn();
    for (const origin of ['http://evil.example', 'null', undefined]) {
      const response = await api.ask('/api/v1/units/icu', {
        method: 'PUT',
        body: { name: 'x' },
        role: 'nobody',
        headers: { cookie, ...(origin ? { origin } : {}) },
      });
      expect(response.status).toBe(403);
    }
  });

  it('may write from our own page: then only the database is in the way', async () => {
    const cookie = await signedIn();
    const response = await api.ask('/api/v1/units/icu', {
      method: 'PUT',
      body: { name: 'x' },
      role: 'nobody',
      headers: { cookie, origin: api.url },
    });
    expect(response.status).toBe(503);
  });

  it('opens the live socket from our own page only', async () => {
    const cookie = await signedIn();
    await expect(openScreen(api.url, { cookie, origin: 'http://evil.example' })).rejects.toThrow('403');
    await expect(openScreen(api.url, { cookie })).rejects.toThrow('403');
    const screen = await openScreen(api.url, { cookie, origin: api.url });
    expect(screen.socket.readyState).toBe(screen.socket.OPEN);
    screen.leave();
  });
});

describe('the page of another origin', () => {
  it('is accepted when it is the public address of the station', async () => {
    api = await startApi({ publicUrl: 'https://ward.example' });
    const cookie = cookieOf(await signIn(api, await signInLink(api)));
    const status = await new Promise((resolve, reject) => {
      httpRequest(
        `${api.url}/api/v1/units/icu`,
        { method: 'PUT', headers: { cookie, origin: 'https://ward.example', 'content-type': 'application/json' } },
        (response) => resolve(response.resume().statusCode),
      )
        .on('error', reject)
        .end('{"name":"x"}');
    });
    expect(status).toBe(503);
  });
});
