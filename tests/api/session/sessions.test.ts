import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KnownSession } from '#contracts/http/sessions.ts';
import type { Role } from '#contracts/roles.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openScreen, startApi, type TestApi } from '../support/api.ts';
import { RHYTHM } from '../support/rhythm.ts';

/** The database is away all the while: who is let in does not depend on it. */

const folders = temporaryFolder();
let api: TestApi;
beforeEach(async () => {
  api = await startApi({ deviceWatch: { rhythm: async () => RHYTHM, follow: () => () => undefined } });
});
afterEach(() => api.stop());

const tokenOf = (name: string, role: Role = 'operator') =>
  api.tokens.issue({ name, role, kind: 'access', expiresInMs: 3_600_000 });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const ask = (path: string, headers: Record<string, string>, method = 'GET') =>
  api.ask(`/api/v1/${path}`, { method, role: 'nobody', headers });

const signIn = async (name: string, role: Role = 'operator'): Promise<Record<string, string>> => {
  const code = await api.tokens.issue({ name, role, kind: 'link', expiresInMs: 600_000 });
  const response = await api.ask(`/sign-in?code=${code}`, { role: 'nobody' });
  return { cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '', origin: api.url };
};

const list = async (headers: Record<string, string>) =>
  KnownSession.array().parse(await (await ask('sessions', headers)).json());

const idOf = async (name: string, headers: Record<string, string>): Promise<string> =>
  (await list(headers)).find((known) => known.name === name)?.id ?? 'unknown';

describe('signing out', () => {
  it('ends the session for whoever has a copy of its cookie, and closes its live sockets within a second', async () => {
    const browser = await signIn('sister');
    const copied = await openScreen(api.url, browser);
    expect((await ask('session', browser, 'DELETE')).status).toBe(204);
    const askedAt = performance.now();
    expect(await copied.closed).toEqual({ code: 1008, reason: 'ended' });
    expect(performance.now() - askedAt).toBeLessThan(1_000);
    expect((await ask('session', browser)).status).toBe(401);
    expect((await ask('sessions', browser)).status).toBe(401);
    await expect(openScreen(api.url, browser)).rejects.toThrow('401');
  });

  it('does not end a program by its token, nor fail for who is not signed in', async () => {
    const program = bearer(await tokenOf('report'));
    expect((await ask('session', program, 'DELETE')).status).toBe(204);
    expect((await ask('session', program)).status).toBe(200);
    expect((await ask('session', { cookie: 'wardwatch_session=nonsense' }, 'DELETE')).status).toBe(204);
  });
});

describe('the list', () => {
  it('names who is signed in, where from, and what is open', async () => {
    const browser = await signIn('sister');
    const screen = await openScreen(api.url, await signIn('wall', 'viewer'));
    const known = await list(browser);
    expect(known.map(({ name, role, door, open, isOwn }) => ({ name, role, door, open, isOwn }))).toEqual([
      { name: 'sister', role: 'operator', door: 'browser', open: 1, isOwn: true },
      { name: 'wall', role: 'viewer', door: 'browser', open: 1, isOwn: false },
    ]);
    expect(known[0]?.address).toMatch(/127\.0\.0\.1$/);
    screen.leave();
    await expect.poll(async () => (await list(browser))[1]?.open).toBe(0);
  });

  it('and ending is for operators alone', async () => {
    const wall = await signIn('wall', 'viewer');
    expect((await ask('sessions', wall)).status).toBe(403);
    expect((await ask(`sessions/${await idOf('wall', await signIn('sister'))}`, wall, 'DELETE')).status).toBe(403);
    expect((await ask('sessions', wall, 'DELETE')).status).toBe(403);
    expect((await ask('session', wall)).status).toBe(200);
  });
});

describe('one that is ended', () => {
  it('is out within a second: requests, live sockets, and answers that are still being sent', async () => {
    const browser = await signIn('sister');
    const stolen = bearer(await tokenOf('thief'));
    const screen = await openScreen(api.url, stolen);
    const following = await ask('devices/monitor-01/messages', stolen);
    const reader = following.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    expect((await ask(`sessions/${await idOf('thief', browser)}`, browser, 'DELETE')).status).toBe(204);
    const endedAt = performance.now();
    expect((await screen.closed).reason).toBe('ended');
    await expect(reader?.read()).rejects.toThrow();
    expect(performance.now() - endedAt).toBeLessThan(1_000);
    expect((await ask('units', stolen)).status).toBe(401);
    expect((await ask('session', browser)).status).toBe(200);
  });

  it('is out although the request says that it wants to speak something else', async () => {
    const browser = await signIn('sister');
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const head = `Host: x\r\nUpgrade: nonsense\r\nAuthorization: Bearer ${await tokenOf('thief')}`;
    socket.write(`GET /api/v1/devices/monitor-01/messages HTTP/1.1\r\n${head}\r\n\r\n`);
    await expect.poll(() => answer).toContain('200 OK');
    expect((await ask(`sessions/${await idOf('thief', browser)}`, browser, 'DELETE')).status).toBe(204);
    await closed;
  });

  it('is out on a connection that stays open, from the next request on', async () => {
    const browser = await signIn('sister');
    const token = await tokenOf('thief');
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    let answers = '';
    socket.on('data', (data) => {
      answers += data;
    });
    const request = `GET /api/v1/session HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    socket.write(request);
    await expect.poll(() => answers).toContain('200 OK');
    await ask(`sessions/${await idOf('thief', browser)}`, browser, 'DELETE');
    socket.write(request);
    await expect.poll(() => answers).toContain('401 Unauthorized');
    socket.destroy();
  });

  it('that has expired is out of an open socket within a second', async () => {
    const token = await api.tokens.issue({ name: 'short', role: 'viewer', kind: 'access', expiresInMs: 700 });
    const screen = await openScreen(api.url, bearer(token));
    const openedAt = performance.now();
    expect(await screen.closed).toEqual({ code: 1008, reason: 'ended' });
    expect(performance.now() - openedAt).toBeLessThan(1_700);
  });

  it('may be the one that asks, who still gets the answer', async () => {
    const browser = await signIn('sister');
    const screen = await openScreen(api.url, browser);
    expect((await ask(`sessions/${await idOf('sister', browser)}`, browser, 'DELETE')).status).toBe(204);
    expect((await screen.closed).reason).toBe('ended');
    expect((await ask('session', browser)).status).toBe(401);
  });

  it('is not found again, and neither is one that never was', async () => {
    const browser = await signIn('sister');
    const id = await idOf('wall', browser);
    await signIn('wall', 'viewer');
    const wall = await idOf('wall', browser);
    expect((await ask(`sessions/${wall}`, browser, 'DELETE')).status).toBe(204);
    for (const gone of [id, wall]) expect((await ask(`sessions/${gone}`, browser, 'DELETE')).status).toBe(404);
  });

  it('is out after a restart too', async () => {
    const key = Buffer.alloc(32, 3);
    const folder = await folders.make();
    const first = await startApi({ key, dataDir: folder });
    const token = await first.tokens.issue({ name: 'thief', role: 'operator', kind: 'access', expiresInMs: 60_000 });
    const { id } = await first.identities.identify(token, { door: 'http', address: '::1' });
    await first.identities.end({ id });
    await first.stop();
    const second = await startApi({ key, dataDir: folder });
    const answer = await second.ask('/api/v1/session', { role: 'nobody', headers: bearer(token) });
    expect(answer.status).toBe(401);
    await second.stop();
    await folders.remove();
  });
});

describe('many at once', () => {
  it('all of a name, and all but the one that asks', async () => {
    const browser = await signIn('sister');
    const [first, second] = [await signIn('wall', 'viewer'), await signIn('wall', 'viewer')];
    const report = bearer(await tokenOf('report'));
    await ask('session', report);
    expect(await (await ask('sessions?name=wall', browser, 'DELETE')).json()).toEqual({ ended: 2 });
    expect((await ask('session', first)).status).toBe(401);
    expect((await ask('session', second)).status).toBe(401);
    expect((await ask('session', report)).status).toBe(200);
    expect(await (await ask('sessions', browser, 'DELETE')).json()).toEqual({ ended: 1 });
    expect((await ask('session', report)).status).toBe(401);
    expect((await ask('session', browser)).status).toBe(200);
  });
});

describe('a token of an integration', () => {
  it('is for MQTT: over HTTP nothing is read by it, and no live socket opens', async () => {
    const integration = bearer(await tokenOf('nurse call', 'integration'));
    for (const path of ['session', 'units', 'patients', 'beds', 'alarms/active']) {
      expect((await ask(path, integration)).status).toBe(403);
    }
    await expect(openScreen(api.url, integration)).rejects.toThrow('403');
  });
});
