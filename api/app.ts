import type { FastifyInstance } from 'fastify';
import { explainListenError } from '#platform/listen-error.ts';
import { type AppDeps, buildApp } from './build-app.ts';
import { createRequestMetrics } from './http/request-metrics.ts';
import { createHub } from './live/hub.ts';
import { liveLimits } from './live/limits.ts';
import { createLiveMetrics } from './live/metrics.ts';

export type { StationHealth } from './http/health.ts';

export type ApiDeps = AppDeps & {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly live: { readonly tickMs?: number; readonly maxBufferedBytes: number; readonly maxScreensPerName?: number };
};

export type Api = {
  /** Throws a UserError when the port cannot be had. */
  readonly start: () => Promise<{ readonly url: string }>;
  /** Lets screens go with code 1001, and requests under way finish. */
  readonly stop: () => Promise<void>;
};

/** An export that somebody stopped taking must not hold up the station's end. */
const STOP_PATIENCE_MS = 3_000;

export const createApi = (deps: ApiDeps): Api => {
  const { clock, feed, version, live, metrics } = deps;
  const hub = createHub({
    feed,
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
    const cancelPatience = clock.after(STOP_PATIENCE_MS, () => closing.server.closeAllConnections());
    await closing.close().finally(cancelPatience);
  };

  return {
    async start() {
      if (app) return { url };
      app = await buildApp(deps, hub, requestMetrics);
      await hub.start();
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
