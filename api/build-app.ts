import type { IncomingMessage } from 'node:http';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Registry } from 'prom-client';
import type { WebSocket } from 'ws';
import type { Review } from '#contracts/http/review.ts';
import type { AlarmDesk } from '#contracts/ports/alarm-desk.ts';
import type { Archive } from '#contracts/ports/archive.ts';
import type { DeviceWatch } from '#contracts/ports/device-watch.ts';
import type { GatewayPresences } from '#contracts/ports/gateway-presence.ts';
import type { Identities } from '#contracts/ports/identities.ts';
import type { RefusalRecord } from '#contracts/ports/refusal-record.ts';
import type { WardFeed } from '#contracts/ports/ward-feed.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database.ts';
import type { Lobby } from '#platform/lobby.ts';
import type { Logger } from '#platform/log.ts';
import type { Tokens } from '#platform/tokens.ts';
import { createRegistryWriter } from './database/registry-writer.ts';
import { createGuests, type Guests } from './http/guests.ts';
import { healthRoutes, type StationHealth } from './http/health.ts';
import { createGatekeeper } from './http/identity.ts';
import { describeApi } from './http/openapi.ts';
import { answerFrameworkError, answerWithProblems } from './http/problems.ts';
import { measureRequests, type RequestMetrics } from './http/request-metrics.ts';
import type { RouteDeps } from './http/route.ts';
import { applyPermissions } from './http/route-permissions.ts';
import { SECURITY_HEADERS } from './http/security-headers.ts';
import { acceptSockets, liveRoute, mqttRoute } from './http/sockets.ts';
import { demandStrictRequests } from './http/strict-requests.ts';
import { serveWall } from './http/wall.ts';
import type { Hub } from './live/hub.ts';
import { RESOURCES } from './resources.ts';
import { signInPage } from './session/routes.ts';
import { createSignIn } from './session/sign-in.ts';

export type AppDeps = {
  /** Where browsers reach the station, when that is not where it listens. */
  readonly publicUrl?: string | undefined;
  /** Where connections wait until they have signed in, those of other listeners with ours. */
  readonly lobby: Lobby;
  /** Connections that are signed in. */
  readonly maxConnections: number;
  readonly refusals: RefusalRecord;
  readonly deviceWatch: DeviceWatch;
  /** Where the broker listens; `tlsPort` undefined: it has no certificate. */
  readonly mqttPorts: { readonly port: number; readonly tlsPort: number | undefined };
  readonly gateways: GatewayPresences;
  readonly log: Logger;
  readonly clock: Clock;
  /** May be away: what needs it answers 503, all else goes on. */
  readonly database: Database;
  /** Called after each write of the registry and before its reply; resolves when the station works by it. */
  readonly registryChanged: (reason: string) => Promise<void>;
  readonly feed: WardFeed;
  readonly alarms: AlarmDesk;
  readonly archive: Archive;
  readonly review: Review;
  readonly health: () => StationHealth;
  readonly metrics: Registry;
  /** One-time links are read by it. */
  readonly tokens: Pick<Tokens, 'verify'>;
  readonly identities: Identities;
  readonly version: string;
  /** The folder of the built wall display; need not exist. */
  readonly webRoot: string;
  /** Takes over a WebSocket that speaks MQTT. */
  readonly mqttOverWebSocket: (socket: WebSocket, request: IncomingMessage) => void;
  readonly mqttMaxPayloadBytes?: number;
};

/** The ids of alarms are the longest. What is longer is refused by the schema, with the field, or not routed at all. */
const MAX_PARAM_LENGTH = 300;

const MAX_BODY_BYTES = 64 * 1_024;

/** How long a request may take to arrive; its answer may take longer. */
const REQUEST_TIMEOUT_MS = 30_000;

/** How long its head may take to arrive, and a connection may take to begin one. */
const HEADERS_TIMEOUT_MS = 10_000;
const HEADERS_CHECK_MS = 2_000;

/**
 * How long a connection may stay without any bytes, such as one of an export that is no longer taken. WebSockets have
 * their own bound.
 */
const IDLE_TIMEOUT_MS = 120_000;

const DEFAULT_MQTT_PAYLOAD_BYTES = 1_048_576;

const createServer = (log: Logger): FastifyInstance =>
  Fastify({
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

const routeDepsOf = (deps: AppDeps): RouteDeps => ({
  ...deps,
  write: createRegistryWriter(deps),
  signIn: createSignIn(deps),
  isSecure: deps.publicUrl?.startsWith('https:') ?? false,
});

/** What needs a signed-in person or program: everything below `/api/v1`. */
const addApi = async (
  app: FastifyInstance,
  { identities, publicUrl }: AppDeps,
  routeDeps: RouteDeps,
  guests: Guests,
  hub: Hub,
): Promise<void> => {
  await app.register(
    async (api) => {
      demandStrictRequests(api);
      applyPermissions(api);
      api.decorateRequest('identity', null);
      api.addHook('onRequest', createGatekeeper({ identities, publicUrl, guests }));
      api.addHook('onRequest', async (_request, reply) => {
        // Patients' data belongs in no cache.
        reply.header('cache-control', 'no-store');
      });
      liveRoute(api, hub);
      for (const addRoutes of RESOURCES) addRoutes(api.withTypeProvider<ZodTypeProvider>(), routeDeps);
    },
    { prefix: '/api/v1' },
  );
};

/** All that the station answers over HTTP and WebSocket, before it listens. */
export const buildApp = async (deps: AppDeps, hub: Hub, requestMetrics: RequestMetrics): Promise<FastifyInstance> => {
  const { log, lobby, maxConnections, metrics, clock } = deps;
  const app = createServer(log);
  const guests = createGuests({ lobby, maxConnections, log, metrics });
  app.server.prependListener('connection', guests.enter);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  answerWithProblems(app);
  measureRequests(app, requestMetrics);
  await app.register(cookie);
  await app.register(helmet, SECURITY_HEADERS);
  await acceptSockets(app, { maxPayloadBytes: deps.mqttMaxPayloadBytes ?? DEFAULT_MQTT_PAYLOAD_BYTES, clock });
  await describeApi(app, deps.version);

  const routeDeps = routeDepsOf(deps);
  await addApi(app, deps, routeDeps, guests, hub);
  signInPage(app.withTypeProvider<ZodTypeProvider>(), routeDeps);
  healthRoutes(app, deps);
  mqttRoute(app, deps.mqttOverWebSocket);
  await serveWall(app, deps.webRoot);
  return app;
};
