import { z } from 'zod';
import { Credentials } from '#contracts/http/devices.ts';
import { Gateway, GatewayChange, NewGateway, PresentGateway, RegisteredGateway } from '#contracts/http/gateways.ts';
import type { GatewayPresence } from '#contracts/ports/gateway-presence.ts';
import { Id } from '#domain/id.ts';
import { hashSecret, newSecret } from '#platform/secrets.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ById, findErrors, readErrors, writeErrors } from '../http/schemas.ts';
import {
  changeGatewaySecret,
  changeUnit,
  createGateway,
  listDevicesUnder,
  listGateways,
  readGateway,
  removeGateway,
} from './queries.ts';

const tags = ['Registry'];

type Deps = Pick<RouteDeps, 'database' | 'write' | 'gateways'>;

const stateOf = ({ isConnected, since }: GatewayPresence): PresentGateway['state'] => {
  if (isConnected) return 'online';
  return since === null ? 'unknown' : 'offline';
};

const present = async (gateway: Gateway, { gateways }: Deps): Promise<PresentGateway> => {
  const presence = await gateways.presenceOf(gateway.id);
  const { since, heardAt: lastHeardAt } = presence;
  return { ...gateway, state: stateOf(presence), since: floor(since), lastHeardAt: floor(lastHeardAt) };
};

const floor = (ms: number | null): number | null => (ms === null ? null : Math.floor(ms));

const listRoute = (app: ApiApp, deps: Deps): void => {
  app.get(
    '/gateways',
    {
      schema: {
        tags,
        summary: 'All gateways, or those of a unit, and the devices that each may publish for',
        querystring: z.object({ unit: Id.optional() }),
        response: { 200: z.array(PresentGateway), ...readErrors },
      },
    },
    async (request) => {
      const gateways = await listGateways(deps.database, request.query);
      return Promise.all(gateways.map((gateway) => present(gateway, deps)));
    },
  );
};

const readRoute = (app: ApiApp, deps: Deps): void => {
  app.get(
    '/gateways/:id',
    {
      schema: { tags, summary: 'One gateway', params: ById, response: { 200: PresentGateway, ...findErrors } },
    },
    async (request) => present(await readGateway(deps.database, request.params.id), deps),
  );
};

const registerRoute = (app: ApiApp, { write }: Deps): void => {
  app.post(
    '/gateways',
    {
      schema: {
        tags,
        summary: 'Register a gateway with its devices; the reply has its secret, once',
        body: NewGateway,
        response: { 201: RegisteredGateway, ...writeErrors },
      },
    },
    async (request, reply) => {
      const { id, devices = [] } = request.body;
      const secret = newSecret();
      const gateway = await write(request, 'gateway:create', async (client) => {
        await createGateway(client, { ...request.body, secretHash: hashSecret(secret) });
        await listDevicesUnder(client, id, devices);
        return { subject: id, detail: request.body, result: await readGateway(client, id) };
      });
      return reply.code(201).send({ gateway, username: id, secret });
    },
  );
};

const changeRoute = (app: ApiApp, { write }: Deps): void => {
  app.patch(
    '/gateways/:id',
    {
      schema: {
        tags,
        summary: 'Change the unit of a gateway, or the list of devices that it may publish for',
        description: 'A device is listed under one gateway at most. It may go on connecting by itself too.',
        params: ById,
        body: GatewayChange,
        response: { 200: Gateway, ...writeErrors },
      },
    },
    (request) => {
      const { id } = request.params;
      const { unit, devices } = request.body;
      return write(request, 'gateway:change', async (client) => {
        await readGateway(client, id);
        if (unit !== undefined) await changeUnit(client, id, unit);
        if (devices !== undefined) await listDevicesUnder(client, id, devices);
        return { subject: id, detail: request.body, result: await readGateway(client, id) };
      });
    },
  );
};

const secretRoute = (app: ApiApp, { write }: Deps): void => {
  app.post(
    '/gateways/:id/secret',
    {
      schema: {
        tags,
        summary: 'Give a gateway a new secret; the old one is void at once',
        params: ById,
        response: { 200: Credentials, ...writeErrors },
      },
    },
    (request) => {
      const { id } = request.params;
      const secret = newSecret();
      return write(request, 'gateway:secret', async (client) => {
        await changeGatewaySecret(client, id, hashSecret(secret));
        return { subject: id, result: { username: id, secret } };
      });
    },
  );
};

const removeRoute = (app: ApiApp, { write }: Deps): void => {
  app.delete(
    '/gateways/:id',
    {
      schema: {
        tags,
        summary: 'Remove a gateway, which is cut off at once; its devices stay',
        params: ById,
        response: { 204: z.undefined().describe('Removed'), ...writeErrors },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await write(request, 'gateway:delete', async (client) => {
        const { devices } = await readGateway(client, id);
        await removeGateway(client, id);
        return { subject: id, detail: { devices }, result: undefined };
      });
      return reply.code(204).send();
    },
  );
};

export const gatewayRoutes = (app: ApiApp, deps: Deps): void => {
  listRoute(app, deps);
  readRoute(app, deps);
  registerRoute(app, deps);
  changeRoute(app, deps);
  secretRoute(app, deps);
  removeRoute(app, deps);
};
