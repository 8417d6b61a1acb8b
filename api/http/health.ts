import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/**
 * How the station is. `reasons` says what does not work, for people. `unavailable`: no bed or no screen can be served; only
 * then may whoever spreads the load take it out.
 */
export type StationHealth = {
  readonly status: 'ready' | 'degraded' | 'unavailable';
  readonly reasons: readonly string[];
};

/** Routes for machines that watch the station: open to all, and free of patients. */
export const healthRoutes = (
  app: FastifyInstance,
  { health, metrics }: { health: () => StationHealth; metrics: Registry },
): void => {
  app.get('/health/live', async () => ({ status: 'alive' }));

  app.get('/health/ready', async (_request, reply) => {
    const { status, reasons } = health();
    if (status === 'ready') return { status, reasons };
    if (status === 'unavailable') return reply.code(503).send({ status, reasons });
    const working = 'Screens are live from memory, and what is not named here works.';
    return { status, reasons, working };
  });

  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
};
