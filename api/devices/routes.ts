import { z } from 'zod';
import {
  Credentials,
  DeviceChange,
  DeviceInterval,
  NewDevice,
  PlacedDevice,
  RegisteredDevice,
} from '#contracts/http/devices.ts';
import { intervalProblems } from '#domain/alarms/settings-problems.ts';
import { Id } from '#domain/id.ts';
import { hashSecret, newSecret } from '#platform/secrets.ts';
import { invalidBecause } from '../http/problems.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ById, findErrors, readErrors, writeErrors } from '../http/schemas.ts';
import { createStay, STAYS } from '../stays/queries.ts';
import {
  changeDevice,
  changeDeviceInterval,
  changeDeviceSecret,
  createDevice,
  listDevices,
  readDevice,
} from './queries.ts';

const tags = ['Registry'];

type Deps = Pick<RouteDeps, 'database' | 'clock' | 'alarms' | 'write'>;

const listRoute = (app: ApiApp, { database }: Deps): void => {
  app.get(
    '/devices',
    {
      schema: {
        tags,
        summary: 'All devices, or those of a unit, and where they are',
        querystring: z.object({ unit: Id.optional() }),
        response: { 200: z.array(PlacedDevice), ...readErrors },
      },
    },
    (request) => listDevices(database, request.query),
  );
};

const readRoute = (app: ApiApp, { database }: Deps): void => {
  app.get(
    '/devices/:id',
    {
      schema: {
        tags,
        summary: 'One device',
        params: ById,
        response: { 200: PlacedDevice, ...findErrors },
      },
    },
    (request) => readDevice(database, request.params.id),
  );
};

const registerRoute = (app: ApiApp, { clock, write }: Deps): void => {
  app.post(
    '/devices',
    {
      schema: {
        tags,
        summary: 'Register a device, at a bed if one is named; the reply has its secret, once',
        body: NewDevice,
        response: { 201: RegisteredDevice, ...writeErrors },
      },
    },
    async (request, reply) => {
      const { id, bed } = request.body;
      const secret = newSecret();
      const device = await write(request, 'device:create', async (client) => {
        await createDevice(client, { ...request.body, secretHash: hashSecret(secret) });
        if (bed !== undefined) {
          const start = new Date(clock.now()).toISOString();
          await createStay(client, STAYS.assignments, { guest: id, bed, start, end: null });
        }
        return { subject: id, detail: request.body, result: await readDevice(client, id) };
      });
      return reply.code(201).send({ device, username: id, secret });
    },
  );
};

const changeRoute = (app: ApiApp, { write }: Deps): void => {
  app.patch(
    '/devices/:id',
    {
      schema: {
        tags,
        summary: 'Change the unit, the role or the model of a device; its bed is changed by assignments',
        params: ById,
        body: DeviceChange,
        response: { 200: PlacedDevice, ...writeErrors },
      },
    },
    (request) => {
      const { id } = request.params;
      return write(request, 'device:change', async (client) => {
        await changeDevice(client, id, request.body);
        return { subject: id, detail: request.body, result: await readDevice(client, id) };
      });
    },
  );
};

const intervalRoute = (app: ApiApp, { alarms, write }: Deps): void => {
  app.put(
    '/devices/:id/interval',
    {
      schema: {
        tags,
        summary: 'Say how far apart the messages of a device are to be expected; null: it sends continuously',
        description:
          'Silence, the age at which values are blanked and how long they stand follow it; above 15 s the bed has spot readings. A device that then sends sooner is expected sooner.',
        params: ById,
        body: DeviceInterval,
        response: { 200: PlacedDevice, ...writeErrors },
      },
    },
    (request) => {
      const { id } = request.params;
      const { intervalMs } = request.body;
      return write(request, 'device:interval', async (client) => {
        await changeDeviceInterval(client, id, intervalMs);
        const device = await readDevice(client, id);
        const config = device.bed === null ? undefined : await alarms.config(device.bed);
        const problems = config ? intervalProblems(config, intervalMs) : [];
        if (problems.length > 0) {
          throw invalidBecause(`this makes no sense with the settings of bed ${device.bed}`, '/intervalMs', problems);
        }
        return { subject: id, detail: request.body, result: device };
      });
    },
  );
};

const secretRoute = (app: ApiApp, { write }: Deps): void => {
  app.post(
    '/devices/:id/secret',
    {
      schema: {
        tags,
        summary: 'Give a device a new secret; the old one is void at once',
        params: ById,
        response: { 200: Credentials, ...writeErrors },
      },
    },
    (request) => {
      const { id } = request.params;
      const secret = newSecret();
      return write(request, 'device:secret', async (client) => {
        await changeDeviceSecret(client, id, hashSecret(secret));
        return { subject: id, result: { username: id, secret } };
      });
    },
  );
};

export const deviceRoutes = (app: ApiApp, deps: Deps): void => {
  listRoute(app, deps);
  readRoute(app, deps);
  registerRoute(app, deps);
  changeRoute(app, deps);
  intervalRoute(app, deps);
  secretRoute(app, deps);
};
