import type { FastifyInstance } from 'fastify';
import { Histogram, type Registry } from 'prom-client';

export type RequestMetrics = ReturnType<typeof createRequestMetrics>;

export const createRequestMetrics = (registry: Registry) => ({
  duration: new Histogram({
    name: 'wardwatch_http_request_duration_seconds',
    help: 'Time to answer an HTTP request, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  }),
});

export const measureRequests = (app: FastifyInstance, { duration }: RequestMetrics): void => {
  app.addHook('onResponse', async (request, reply) => {
    // The route and not the address, which anybody can make up without end.
    const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode };
    if (!request.ws) duration.observe(labels, reply.elapsedTime / 1_000);
  });
};
