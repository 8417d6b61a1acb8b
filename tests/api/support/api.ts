import { randomBytes } from 'node:crypto';
import { Registry } from 'prom-client';
import { WebSocket } from 'ws';
import type { ServerFrame } from '#contracts/live.ts';
import type { Role } from '#contracts/roles.ts';
import { systemClock, type WallClock } from '#platform/clock.ts';
import { createDatabase, type Database } from '#platform/database.ts';
import { createLobby } from '#platform/lobby.ts';
import { createLog } from '#platform/log.ts';
import { createTokens } from '#platform/tokens.ts';
import { openIdentities } from '../../../access/identities.ts';
import { type ApiDeps, createApi, type StationHealth } from '../../../api/app.ts';
import { createArchiveHere } from '../../support/archive-here.ts';
import { createLiveWard, type LiveWard } from '../../support/live-ward.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { createDesk } from './desk.ts';

/** Nothing listens there: a database that is away. */
export const awayDatabase = (): Database =>
  createDatabase({ url: 'postgresql://nobody@127.0.0.1:1/none', maxConnections: 2, name: 'test', onError: () => {} });

type Ask = { method?: string; body?: unknown; role?: Role | 'nobody'; headers?: Record<string, string> };

/** A running API on a free port, and a client of it. Stop it afterwards. */
export const startApi = async ({
  database = awayDatabase(),
  ward = createLiveWard(['icu']),
  clock = systemClock,
  key = randomBytes(32),
  maxBufferedBytes = 8 * 2 ** 20,
  dataDir,
  ...rest
}: Omit<Partial<ApiDeps>, 'clock'> & {
  ward?: LiveWard;
  clock?: WallClock;
  key?: Uint8Array;
  maxBufferedBytes?: number;
  /** Where sessions and tokens are remembered. Default: a folder of its own. */
  dataDir?: string;
} = {}) => {
  const tokens = createTokens({ key, clock });
  const folder = temporaryFolder();
  const log = createLog({ level: 'silent' });
  const identities = await openIdentities({
    dataDir: dataDir ?? (await folder.make()),
    tokens,
    clock: { ...systemClock, ...clock },
    log,
  });
  const metrics = new Registry();
  const registryChanges: string[] = [];
  let health: StationHealth = { status: 'ready', reasons: [] };
  const api = createApi({
    host: '127.0.0.1',
    port: 0,
    live: { tickMs: 20, maxBufferedBytes },
    lobby: createLobby({ bounds: { maxStrangers: 1_000, maxOfOneAddress: 1_000 }, onTurnedAway: () => undefined }),
    maxConnections: 1_000,
    gateways: { presenceOf: async () => ({ isConnected: false, since: null, heardAt: null }) },
    refusals: { ofDevice: () => [], ofOthers: () => [] },
    deviceWatch: { rhythm: async () => undefined, follow: () => () => undefined },
    mqttPorts: { port: 1883, tlsPort: undefined },
    log,
    clock: { ...systemClock, ...clock },
    database,
    registryChanged: async (reason) => {
      registryChanges.push(reason);
    },
    feed: ward.feed,
    alarms: createDesk().desk,
    ...createArchiveHere(database),
    health: () => health,
    metrics,
    tokens,
    identities,
    version: '1.2.3',
    webRoot: '/nowhere/web',
    mqttOverWebSocket: (socket) => socket.close(1000, 'taken'),
    ...rest,
  });
  const stop = async (): Promise<void> => {
    await api.stop();
    await identities.stop();
    await folder.remove();
  };
  const { url } = await api.start().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const bearer = (role: Role) => tokens.issue({ name: `a ${role}`, role, kind: 'access', expiresInMs: 3_600_000 });
  const authorization = async (role: Role | 'nobody'): Promise<Record<string, string>> =>
    role === 'nobody' ? {} : { authorization: `Bearer ${await bearer(role)}` };

  return {
    url,
    ward,
    tokens,
    metrics,
    registryChanges,
    stop,
    identities,
    start: api.start,
    setHealth: (next: StationHealth) => {
      health = next;
    },
    authorization,
    /** Asks as an operator, unless `role` is another. */
    async ask(path: string, { method = 'GET', body, role = 'operator', headers = {} }: Ask = {}): Promise<Response> {
      const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
      return fetch(`${url}${path}`, {
        method,
        headers: { ...(await authorization(role)), ...type, ...headers },
        redirect: 'manual',
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
    },
    async openScreen(headers?: Record<string, string>) {
      return openScreen(url, headers ?? (await authorization('viewer')));
    },
  };
};

export type TestApi = Awaited<ReturnType<typeof startApi>>;

/** A screen that keeps every frame. Resolves when it is open; rejects when it was refused. */
export const openScreen = async (url: string, headers: Record<string, string>) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/live`, { headers });
  const frames: ServerFrame[] = [];
  const texts: string[] = [];
  socket.on('message', (data) => {
    texts.push(String(data));
    frames.push(JSON.parse(String(data)));
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    socket,
    frames,
    texts,
    closed,
    ofType: <Type extends ServerFrame['type']>(type: Type) =>
      frames.filter((frame): frame is Extract<ServerFrame, { type: Type }> => frame.type === type),
    subscribe: (units: string[], waves: string[] = []) =>
      socket.send(JSON.stringify({ type: 'subscribe', units, waves })),
    show: (alarms: string[]) => socket.send(JSON.stringify({ type: 'shown', alarms })),
    leave: () => socket.terminate(),
  };
};

export type TestScreen = Awaited<ReturnType<typeof openScreen>>;
