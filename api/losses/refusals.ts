import { z } from 'zod';
import { Refusal } from '#contracts/http/refusals.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ById, readErrors } from '../http/schemas.ts';

const tags = ['Losses'];

type Deps = Pick<RouteDeps, 'refusals'>;

const deviceRoute = (app: ApiApp, { refusals }: Deps): void => {
  app.get(
    '/devices/:id/refusals',
    {
      schema: {
        tags,
        summary: 'What a device was refused over MQTT since the station started, the newest first',
        params: ById,
        response: { 200: z.array(Refusal), ...readErrors },
      },
    },
    async (request) => [...refusals.ofDevice(request.params.id)],
  );
};

const gatewayRoute = (app: ApiApp, { refusals }: Deps): void => {
  app.get(
    '/gateways/:id/refusals',
    {
      schema: {
        tags,
        summary: 'What a gateway was refused over MQTT since the station started, the newest first',
        params: ById,
        response: { 200: z.array(Refusal), ...readErrors },
      },
    },
    async (request) => [...refusals.ofDevice(request.params.id)],
  );
};

const othersRoute = (app: ApiApp, { refusals }: Deps): void => {
  app.get(
    '/refusals',
    {
      schema: {
        tags,
        summary:
          'The same of peers that are no device and no gateway: unknown user names, integrations, and who gave no name',
        response: { 200: z.array(Refusal), ...readErrors },
      },
    },
    async () => [...refusals.ofOthers()],
  );
};

/** Why a device is not let in, or not listened to. From memory: it answers with the database stopped, and begins anew at each start. */
export const refusalRoutes = (app: ApiApp, deps: Deps): void => {
  deviceRoute(app, deps);
  gatewayRoute(app, deps);
  othersRoute(app, deps);
};
