import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Page, WebSocketRoute } from 'playwright-core';
import { HEARTBEAT_MS, type LiveBed, type LiveDevice, type ServerFrame } from '#contracts/live.ts';

/**
 * The built pages in a real browser before a stage: no station stands behind them, and a ward is whatever a test says it
 * is. For what a screen looks like in states that a station reaches only in minutes.
 */

const DIST = join(import.meta.dirname, '../../web/dist');
const ADDRESS = 'http://ward.test';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export type StagedUnit = {
  readonly id: string;
  readonly name: string;
  readonly beds: readonly LiveBed[];
  readonly devices: readonly LiveDevice[];
};

/** What the station answers over HTTP; undefined: 404. */
export type StagedAnswer = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly json: unknown;
};
export type StagedApi = (request: {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}) => StagedAnswer | undefined;

type Staging = { readonly role?: 'viewer' | 'operator'; readonly api?: StagedApi };

export type StagedWard = {
  /** Opens a page of the screens, and puts these units on it. */
  readonly open: (path: string, units: readonly StagedUnit[]) => Promise<void>;
  /** The ward is now this. */
  readonly put: (units: readonly StagedUnit[]) => void;
  readonly stop: () => void;
};

const EPOCH = 'staged';

export const stageWard = async (page: Page, { role = 'operator', api = () => undefined }: Staging = {}) => {
  const sockets = new Set<WebSocketRoute>();
  let units: readonly StagedUnit[] = [];
  let seq = 0;

  const send = (socket: WebSocketRoute, frame: ServerFrame): void => socket.send(JSON.stringify(frame));
  const welcome = (socket: WebSocketRoute): void =>
    send(socket, {
      type: 'welcome',
      time: Date.now(),
      heartbeatMs: HEARTBEAT_MS,
      version: 'staged',
      units: units.map(({ id, name }) => ({ id, name })),
    });
  const snapshot = (socket: WebSocketRoute): void => {
    seq += 1;
    for (const { id, name, beds, devices } of units) {
      const frame = { unit: id, name, seq, epoch: EPOCH, time: Date.now(), stationAlarms: [] };
      send(socket, { type: 'snapshot', ...frame, beds: [...beds], devices: [...devices] });
    }
  };
  const heartbeat = setInterval(() => {
    const seqs = Object.fromEntries(units.map(({ id }) => [id, seq]));
    const epochs = Object.fromEntries(units.map(({ id }) => [id, EPOCH]));
    for (const socket of sockets) send(socket, { type: 'heartbeat', time: Date.now(), seq: seqs, epoch: epochs });
  }, HEARTBEAT_MS / 2);

  await page.route(`${ADDRESS}/**`, async (route) => {
    const { pathname, search } = new URL(route.request().url());
    if (pathname === '/api/v1/session') return route.fulfill({ json: { name: 'Ann', role } });
    if (pathname.startsWith('/api/v1/')) {
      const request = route.request();
      const path = pathname.slice('/api/v1/'.length) + search;
      const answer = api({ method: request.method(), path, headers: request.headers(), body: request.postData() });
      const { status = 200, headers = {}, json } = answer ?? { status: 404, json: { detail: 'not on this stage' } };
      return route.fulfill({ status, headers, json });
    }
    const file = extname(pathname) === '' ? '/index.html' : pathname;
    const body = await readFile(join(DIST, file)).catch(() => undefined);
    return route.fulfill(body ? { body, contentType: TYPES[extname(file)] ?? 'text/plain' } : { status: 404 });
  });
  await page.routeWebSocket(/\/api\/v1\/live$/, (socket) => {
    sockets.add(socket);
    socket.onClose(() => sockets.delete(socket));
    socket.onMessage((text) => {
      if (JSON.parse(String(text)).type === 'subscribe') snapshot(socket);
    });
    welcome(socket);
  });

  return {
    async open(path: string, next: readonly StagedUnit[]) {
      units = next;
      await page.goto(ADDRESS + path);
    },
    put(next: readonly StagedUnit[]) {
      const isSame = next.map(({ id }) => id).join() === units.map(({ id }) => id).join();
      units = next;
      for (const socket of sockets) {
        if (!isSame) welcome(socket);
        snapshot(socket);
      }
    },
    stop: () => clearInterval(heartbeat),
  } satisfies StagedWard;
};
