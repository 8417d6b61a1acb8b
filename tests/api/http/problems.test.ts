import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createDatabase } from '#platform/database.ts';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
afterEach(() => api?.stop());

describe('a request that is wrong', () => {
  it('hears of all its faults at once', async () => {
    api = await startApi();
    const response = await api.ask('/api/v1/patients', {
      method: 'POST',
      body: { name: '', birthDate: 'yesterday', sex: 'x' },
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const problem = await response.json();
    expect(problem).toMatchObject({ type: 'urn:wardwatch:problem:invalid', title: 'Bad Request', status: 400 });
    expect(problem.faults.map((fault: { in: string; at: string }) => `${fault.in}${fault.at}`).sort()).toEqual([
      'body/birthDate',
      'body/name',
      'body/sex',
    ]);
  });

  it('is told of a field that does not exist, and changes nothing', async () => {
    api = await startApi();
    const response = await api.ask('/api/v1/encounters/1', { method: 'PATCH', body: { ends: '2026-01-01T00:00:00Z' } });
    expect(response.status).toBe(400);
    expect((await response.json()).faults[0].message).toContain('ends');
  });

  it.each([
    ['is not JSON', { body: '{"name":' }, 400],
    ['is not said to be JSON', { body: 'name=x', headers: { 'content-type': 'text/plain' } }, 415],
    ['is too large', { body: { name: 'x'.repeat(100_000) } }, 413],
  ])('because it %s is told so as a problem', async (_what, request, status) => {
    api = await startApi();
    const response = await api.ask('/api/v1/patients', { method: 'POST', ...request });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status, detail: expect.any(String) });
  });

  it.each([
    'beds/icu-01/trends?from=yesterday',
    'beds/icu-01/trends?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
    'beds/icu-01/trends?from=2020-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
    'beds/icu-01/trends?from=2026-01-01T00:00:00Z&vitals=heart-rate,shoe-size',
    'beds/icu-01/trends?from=2026-01-01T00:00:00Z&points=1',
    'beds/icu-01/waves?from=2026-01-01T00:00:00Z&signals=ecg-99',
    'encounters?open=perhaps',
    'rejected?limit=0',
    'patients/none',
    'devices/%00',
  ])('as in %s, is a 400', async (path) => {
    api = await startApi();
    expect((await api.ask(`/api/v1/${path}`)).status).toBe(400);
  });

  it('or goes nowhere is a 404 that does not repeat its query', async () => {
    api = await startApi();
    const response = await api.ask('/nothing/here?code=secret');
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('secret');
  });
});

describe('while the database is away', () => {
  it('what needs it answers 503 with a time to come back, and no word of the inside', async () => {
    api = await startApi();
    for (const path of ['units', 'beds/icu-01/trends?from=2026-01-01T00:00:00Z', 'gaps']) {
      const response = await api.ask(`/api/v1/${path}`);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('5');
      const text = await response.text();
      expect(text).toContain('urn:wardwatch:problem:database-away');
      expect(text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|nobody/);
    }
  });

  it('and frozen, it is given up on too', async () => {
    const frozen = createServer(() => undefined);
    await new Promise<void>((resolve) => frozen.listen(0, '127.0.0.1', resolve));
    const address = frozen.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const url = `postgresql://nobody@127.0.0.1:${port}/none`;
    const database = createDatabase({ url, maxConnections: 1, name: 'test', onError: () => undefined });
    api = await startApi({ database });
    expect((await api.ask('/api/v1/units')).status).toBe(503);
    frozen.close();
  });

  it('live goes on', async () => {
    api = await startApi();
    const screen = await api.openScreen();
    screen.subscribe(['icu']);
    await expect.poll(() => screen.ofType('snapshot')).toHaveLength(1);
    screen.leave();
  });
});

describe('a fault of ours', () => {
  it('is a 500 without a word of it, and is in the log with its cause and without the query', async () => {
    const lines: string[] = [];
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        lines.push(String(chunk));
        done();
      },
    });
    const health = () => {
      throw new Error('inner secret', { cause: new Error('the cause') });
    };
    api = await startApi({ log: pino({ level: 'trace' }, sink), health });
    const response = await api.ask('/health/ready?code=hidden');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(lines.join()).toContain('inner secret');
    expect(lines.join()).toContain('the cause');
    expect(lines.join()).not.toContain('hidden');
  });
});

describe('health', () => {
  it('is 200 when all is well; degraded it is 200 with the reasons, and 503 only when nobody can be served', async () => {
    api = await startApi();
    expect((await api.ask('/health/live', { role: 'nobody' })).status).toBe(200);
    expect((await api.ask('/health/ready', { role: 'nobody' })).status).toBe(200);
    api.setHealth({ status: 'degraded', reasons: ['the database is away'] });
    const response = await api.ask('/health/ready', { role: 'nobody' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: 'degraded',
      reasons: ['the database is away'],
      working: expect.any(String),
    });
    api.setHealth({ status: 'unavailable', reasons: ['the station is stopping'] });
    const unavailable = await api.ask('/health/ready', { role: 'nobody' });
    expect(unavailable.status).toBe(503);
    expect(await unavailable.json()).toEqual({ status: 'unavailable', reasons: ['the station is stopping'] });
    expect((await api.ask('/health/live', { role: 'nobody' })).status).toBe(200);
  });

  it('is measured: requests by route, never by address', async () => {
    api = await startApi();
    await api.ask('/api/v1/devices/very-private');
    await api.ask('/made/up');
    const text = await (await api.ask('/metrics', { role: 'nobody' })).text();
    expect(text).toContain(
      'wardwatch_http_request_duration_seconds_count{method="GET",route="/api/v1/devices/:id",status="503"} 1',
    );
    expect(text).toContain('wardwatch_live_screens 0');
    expect(text).not.toMatch(/very-private|made\/up/);
  });
});

describe('the wall', () => {
  it('is at /wall, where / leads to', async () => {
    const webRoot = await mkdtemp(join(tmpdir(), 'wardwatch-web-'));
    await mkdir(join(webRoot, 'assets'));
    await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>wall</title>');
    await writeFile(join(webRoot, 'assets', 'wall-1.js'), 'start()');
    api = await startApi({ webRoot });
    expect((await api.ask('/', { role: 'nobody' })).headers.get('location')).toBe('/wall');
    const page = await api.ask('/wall', { role: 'nobody' });
    expect(await page.text()).toContain('<title>wall</title>');
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await (await api.ask('/assets/wall-1.js', { role: 'nobody' })).text()).toBe('start()');
    expect((await api.ask('/assets/none.js', { role: 'nobody' })).status).toBe(404);
    expect((await api.ask('/..%2f..%2fetc%2fpasswd', { role: 'nobody' })).status).not.toBe(200);
    await rm(webRoot, { recursive: true });
  });

  it('that is not built says how to build it', async () => {
    api = await startApi();
    const page = await api.ask('/wall', { role: 'nobody' });
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('npm run build');
  });
});

describe('MQTT over WebSocket', () => {
  const close = (protocols: string[]) =>
    new Promise<{ code: number; reason: string; protocol: string }>((resolve, reject) => {
      const socket = new WebSocket(`${api.url.replace('http', 'ws')}/mqtt`, protocols);
      socket.on('error', reject);
      socket.on('close', (code, reason) => resolve({ code, reason: String(reason), protocol: socket.protocol }));
    });

  it('is handed over when the subprotocol is mqtt, and refused otherwise', async () => {
    api = await startApi();
    expect(await close(['mqtt'])).toEqual({ code: 1000, reason: 'taken', protocol: 'mqtt' });
    expect((await close([])).code).toBe(1008);
  });

  it('is no page', async () => {
    api = await startApi();
    expect((await api.ask('/mqtt', { role: 'nobody' })).status).toBe(426);
    expect((await api.ask('/api/v1/live')).status).toBe(426);
  });
});

describe('start and stop', () => {
  it('may be called twice, and a taken port is an error that says so', async () => {
    api = await startApi();
    expect((await api.start()).url).toBe(api.url);
    await expect(startApi({ port: Number(new URL(api.url).port) })).rejects.toThrow('is taken');
    await api.stop();
    await api.stop();
    await expect(api.ask('/health/live')).rejects.toThrow();
  });

  it('lets screens go with 1001', async () => {
    api = await startApi();
    const screen = await api.openScreen();
    await api.stop();
    expect(await screen.closed).toEqual({ code: 1001, reason: 'stopping' });
  });
});
