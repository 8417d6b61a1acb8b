import type { IncomingMessage } from 'node:http';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Registry } from 'prom-client';
import type { WebSocket } from 'ws';
import type { BusEvents } from '#contracts/bus.ts';
import type { Review } from '#contracts/http/review.ts';
import type { AlarmDesk } from '#contracts/ports/alarm-desk.ts';
import type { RefusalRecord } from '#contracts/ports/refusal-record.ts';
import type { LiveState } from '#contracts/ports/ward-feed.ts';
import type { Bus } from '#platform/bus.ts';
import type { WallClock } from '#platform/clock.ts';
import type { Database } from '#platform/database.ts';
import { explainListenError } from '#platform/listen-error.ts';
import type { Lobby } from '#platform/lobby.ts';
import type { Logger } from '#platform/log.ts';
import type { Tokens } from '#platform/tokens.ts';
import { alarmSettingsRoutes } from './alarm-settings/routes.ts';
import { alarmActionRoutes } from './alarms/actions.ts';
import { alarmRoutes } from './alarms/routes.ts';
import { annotationRoutes } from './annotations/routes.ts';
import { bedRoutes } from './beds/routes.ts';
import { createRegistryWriter } from './database/registry-writer.ts';
import { deviceRoutes } from './devices/routes.ts';
import { edfRoutes } from './history/edf/routes.ts';
import { historyRoutes } from './history/routes.ts';
import { createGuests } from './http/guests.ts';
import { healthRoutes, type StationHealth } from './http/health.ts';
import { createGatekeeper } from './http/identity.ts';
import { describeApi } from './http/openapi.ts';
import { answerFrameworkError, answerWithProblems } from './http/problems.ts';
import { createRequestMetrics, measureRequests, type RequestMetrics } from './http/request-metrics.ts';
import { acceptSockets, liveRoute, mqttRoute } from './http/sockets.ts';
import { demandStrictRequests } from './http/strict-requests.ts';
import { serveWall } from './http/wall.ts';
import { createHub, type Hub } from './live/hub.ts';
import { liveLimits } from './live/limits.ts';
import { createLiveMetrics } from './live/metrics.ts';
import { refusalRoutes } from './losses/refusals.ts';
import { lossRoutes } from './losses/routes.ts';
import { patientRoutes } from './patients/routes.ts';
import { reviewRoutes } from './review/routes.ts';
import { sessionRoutes, signInPage } from './session/routes.ts';
import { createSignIn } from './session/sign-in.ts';
import { assignmentRoutes } from './stays/assignments.ts';
import { encounterRoutes } from './stays/encounters.ts';
import { unitRoutes } from './units/routes.ts';

export type { StationHealth } from './http/health.ts';

export type ApiDeps = {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Where browsers reach the station, when that is not where it listens. */
  readonly publicUrl?: string | undefined;
  readonly live: { readonly tickMs?: number; readonly maxBufferedBytes: number; readonly maxScreensPerName?: number };
  /** Where connections wait until they have signed in, those of other listeners with ours. */
  readonly lobby: Lobby;
  /** Connections that are signed in. */
  readonly maxConnections: number;
  readonly refusals: RefusalRecord;
  readonly log: Logger;
  readonly clock: WallClock;
  /** May be away: what needs it answers 503, all else goes on. */
  readonly database: Database;
  /** Called after each write of the registry and before its reply; resolves when the station works by it. */
  readonly registryChanged: (reason: string) => Promise<void>;
  readonly liveState: LiveState;
  readonly alarms: AlarmDesk;
  readonly review: Review;
  readonly bus: Bus<BusEvents>;
  readonly health: () => StationHealth;
  readonly metrics: Registry;
  readonly tokens: Tokens;
  readonly version: string;
  /** The folder of the built wall display; need not exist. */
  readonly webRoot: string;
  /** Takes over a WebSocket that speaks MQTT. */
  readonly mqttOverWebSocket: (socket: WebSocket, request: IncomingMessage) => void;
  readonly mqttMaxPayloadBytes?: number;
};

export type Api = {
  /** Throws a UserError when the port cannot be had. */
  readonly start: () => Promise<{ readonly url: string }>;
  /** Lets screens go with code 1001, and requests under way finish. */
  readonly stop: () => Promise<void>;
};

/** The ids of alarms are the longest. What is longer is refused by the schema, with the field, or not routed at all. */
const MAX_PARAM_LENGTH = 300;

const MAX_BODY_BYTES = 64 * 1_024;

/** For a request to arrive, not for its answer. */
const REQUEST_TIMEOUT_MS = 30_000;

/** For its head, and for a connection to begin one. */
const HEADERS_TIMEOUT_MS = 10_000;
const HEADERS_CHECK_MS = 2_000;

/** For a connection on which nothing moves, such as an export that is no longer taken. WebSockets have their own. */
const IDLE_TIMEOUT_MS = 120_000;

/** An export that somebody stopped taking must not hold up the station's end. */
const STOP_PATIENCE_MS = 3_000;

export const createApi = (deps: ApiDeps): Api => {
  const { clock, liveState, bus, version, live, metrics } = deps;
  const hub = createHub({
    liveState,
    bus,
    clock,
    version,
    limits: liveLimits(live),
    metrics: createLiveMetrics(metrics),
    log: deps.log,
    onShown: (frame) => deps.alarms.shown(frame.alarms),
  });
  const requestMetrics = createRequestMetrics(metrics);
  let app: FastifyInstance | undefined;
  let url = '';

  const stop = async (): Promise<void> => {
    hub.stop();
    const closing = app;
    app = undefined;
    if (!closing) return;
    const patience = setTimeout(() => closing.server.closeAllConnections(), STOP_PATIENCE_MS);
    await closing.close().finally(() => clearTimeout(patience));
  };

  return {
    async start() {
      if (app) return { url };
      app = await buildApp(deps, hub, requestMetrics);
      hub.start();
      try {
        url = await app.listen({ host: deps.host, port: deps.port });
      } catch (error) {
        await stop();
        throw explainListenError(error, { host: deps.host, port: deps.port, setting: 'HTTP_PORT' });
      }
      return { url };
    },
    stop,
  };
};

const buildApp = async (deps: ApiDeps, hub: Hub, requestMetrics: RequestMetrics): Promise<FastifyInstance> => {
  const { log, database, clock, tokens, publicUrl, registryChanged, alarms, liveState } = deps;
  const app: FastifyInstance = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    // Addresses may carry the code of a sign-in link.
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: answerFrameworkError,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: IDLE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: HEADERS_CHECK_MS },
  });
  const guests = createGuests({ lobby: deps.lobby, maxConnections: deps.maxConnections, log, metrics: deps.metrics });
  app.server.prependListener('connection', guests.enter);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  answerWithProblems(app);
  measureRequests(app, requestMetrics);
  await app.register(cookie);
  await app.register(helmet, SECURITY_HEADERS);
  await acceptSockets(app, { maxPayloadBytes: deps.mqttMaxPayloadBytes ?? 1_048_576 });
  await describeApi(app, deps.version);

  const isSecure = publicUrl?.startsWith('https:') ?? false;
  const signIn = createSignIn({ tokens, clock });
  const write = createRegistryWriter({ database, registryChanged });
  await app.register(
    async (api) => {
      demandStrictRequests(api);
      api.decorateRequest('identity', null);
      api.addHook('onRequest', createGatekeeper({ tokens, publicUrl, guests }));
      api.addHook('onRequest', async (_request, reply) => {
        // Patients' data belongs in no cache.
        reply.header('cache-control', 'no-store');
      });
      liveRoute(api, hub);
      await api.register(sessionRoutes({ signIn, tokens, clock, isSecure }));
      await api.register(unitRoutes({ database, write }));
      await api.register(bedRoutes({ database, write }));
      await api.register(deviceRoutes({ database, clock, alarms, write }));
      await api.register(patientRoutes({ database, clock, write }));
      await api.register(encounterRoutes({ database, clock, write }));
      await api.register(assignmentRoutes({ database, clock, write }));
      await api.register(historyRoutes({ database, clock }));
      await api.register(edfRoutes({ database, clock }));
      await api.register(annotationRoutes({ database, clock }));
      await api.register(lossRoutes({ database }));
      await api.register(refusalRoutes({ refusals: deps.refusals }));
      await api.register(alarmRoutes({ database, alarms, liveState }));
      await api.register(alarmActionRoutes({ alarms, clock }));
      await api.register(alarmSettingsRoutes({ database, alarms, write }));
      await api.register(reviewRoutes({ database, clock, review: deps.review }));
    },
    { prefix: '/api/v1' },
  );
  await app.register(signInPage({ signIn, isSecure }));
  await app.register(healthRoutes({ health: deps.health, metrics: deps.metrics }));
  mqttRoute(app, deps.mqttOverWebSocket);
  await serveWall(app, deps.webRoot);
  return app;
};

/** Everything from here, nothing inline, in nobody's frame. No upgrade to https: a station on a ward's net has none. */
const SECURITY_HEADERS = {
  // Whether all of a host is https is for who runs it, and its proxy, to say.
  strictTransportSecurity: false,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
} as const;
