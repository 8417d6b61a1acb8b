import { z } from 'zod';
import { Gap } from '#contracts/http/gaps.ts';
import { Rejected } from '#contracts/http/rejected.ts';
import { Id } from '#domain/id.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { Flag, readErrors } from '../http/schemas.ts';
import { listGaps } from './gaps.ts';
import { listRejected } from './rejected.ts';

const limit = z.coerce.number().int().min(1).max(1_000).default(100);

const tags = ['Losses'];

type Deps = Pick<RouteDeps, 'database'>;

const rejectedRoute = (app: ApiApp, { database }: Deps): void => {
  app.get(
    '/rejected',
    {
      schema: {
        tags,
        summary: 'Messages and entries that were refused, the newest first, with the reason',
        querystring: z.object({ device: Id.optional(), limit }),
        response: { 200: z.array(Rejected), ...readErrors },
      },
    },
    (request) => listRejected(database, request.query),
  );
};

const gapsRoute = (app: ApiApp, { database }: Deps): void => {
  app.get(
    '/gaps',
    {
      schema: {
        tags,
        summary: 'Runs of messages that did not arrive, the newest first',
        querystring: z.object({ device: Id.optional(), open: Flag.optional(), limit }),
        response: { 200: z.array(Gap), ...readErrors },
      },
    },
    (request) => listGaps(database, request.query),
  );
};

/** What was refused, and what did not arrive. */
export const lossRoutes = (app: ApiApp, deps: Deps): void => {
  rejectedRoute(app, deps);
  gapsRoute(app, deps);
};
